"""When a timer is due: a strict grammar, and arithmetic on the clock that hangs on the wall.

A day is a day of the calendar: what repeats daily at nine stays at nine when summer time begins.
A local time that does not exist becomes the end of the gap; one that exists twice, its first.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import count
from typing import Any

from bpmn.errors import Invalid
from bpmn.feel.values import YearsMonths
from bpmn.wording import Sentence, say

LONGEST = timedelta(days=3653)
SHORTEST_CYCLE = timedelta(minutes=15)
SECOND = timedelta(seconds=1)
LAST_MINUTE = time(23, 59)

_NUMBER = r"(\d{1,9})"
_SPAN = re.compile(
    rf"P(?=\d|T\d)(?:{_NUMBER}Y)?(?:{_NUMBER}M)?(?:{_NUMBER}D)?"
    rf"(?:T(?=\d)(?:{_NUMBER}H)?(?:{_NUMBER}M)?(?:{_NUMBER}(?:\.(\d{{1,6}}))?S)?)?",
    re.ASCII,
)
_WEEKS = re.compile(rf"P{_NUMBER}W", re.ASCII)
_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:Z|[+-]\d\d:\d\d)?", re.ASCII
)


class NotATime(Invalid):
    """Something that should say when is no moment, no duration or no cycle that we accept."""

    def __init__(self, problem: Sentence) -> None:
        super().__init__(problem)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: months and days of the calendar, and exact time on top."""

    months: int = 0
    days: int = 0
    exact: timedelta = timedelta()

    @property
    def shortest(self) -> timedelta:
        """What it lasts at least, whatever the calendar does."""
        return timedelta(days=self.months * 28 + self.days * 23 / 24) + self.exact

    @property
    def longest(self) -> timedelta:
        return timedelta(days=self.months * 31 + self.days * 25 / 24) + self.exact

    def after(self, start: datetime, zone: tzinfo, times: int = 1) -> datetime:
        """Return the moment `times` spans after `start`, in UTC."""
        moment = start.astimezone(UTC)
        if self.months or self.days:
            local = start.astimezone(zone).replace(tzinfo=None)
            shifted = _add_months(local, self.months * times) + timedelta(days=self.days * times)
            moment = on_the_wall(shifted, zone)
        return moment + self.exact * times


@dataclass(frozen=True, slots=True)
class Cycle:
    """A span that repeats: `repeats` times (None: for ever), from `start` or from when it began."""

    span: Span
    repeats: int | None = None
    start: datetime | None = None

    def moment(self, number: int, began: datetime, zone: tzinfo) -> datetime | None:
        """Return when it fires for the `number`-th time, counted from 1; None after the last."""
        if self.repeats is not None and number > self.repeats:
            return None
        if self.start is not None:
            return self.span.after(self.start, zone, number - 1)
        return self.span.after(began, zone, number)

    def next_number(self, last: int, began: datetime, now: datetime, zone: tzinfo) -> int:
        """Return the number of the first firing after `last` that is still to come."""
        endless = Cycle(self.span, None, self.start)
        fired = endless.moment(last, began, zone)
        skipped = 0 if fired is None else (now - fired) // self.span.longest
        for number in count(last + max(1, skipped)):
            moment = endless.moment(number, began, zone)
            if moment is None or moment > now:
                return number
        raise AssertionError


def on_the_wall(local: datetime, zone: tzinfo) -> datetime:
    """Return the instant, in UTC, at which clocks in `zone` show `local`."""
    instant = _in_utc(local.replace(tzinfo=zone, fold=0))
    if instant.astimezone(zone).replace(tzinfo=None) == local:
        return instant
    return _end_of_gap(local.replace(tzinfo=zone, fold=1).astimezone(UTC), instant, zone)


def _in_utc(moment: datetime) -> datetime:
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise NotATime(say("The moment lies outside the calendar.")) from None


def _end_of_gap(before: datetime, after: datetime, zone: tzinfo) -> datetime:
    offset = before.astimezone(zone).utcoffset()
    while after - before > SECOND:
        middle = before + (after - before) / 2
        if middle.astimezone(zone).utcoffset() == offset:
            before = middle
        else:
            after = middle
    return after.replace(microsecond=0)


def _add_months(local: datetime, months: int) -> datetime:
    if not months:
        return local
    years, month = divmod(local.month - 1 + months, 12)
    for day in (local.day, 30, 29, 28):
        try:
            return local.replace(year=local.year + years, month=month + 1, day=day)
        except ValueError:
            continue
    raise NotATime(say("The moment lies outside the calendar."))


def read_span(text: str) -> Span:
    """Read an ISO 8601 duration such as `P14D`, `PT36H`, `P1Y2M` or `P2W`."""
    if weeks := _WEEKS.fullmatch(text):
        return _bounded(Span(days=int(weeks[1]) * 7), text)
    found = _SPAN.fullmatch(text)
    if found is None:
        raise NotATime(
            say("“%(text)s” is no duration; write it like P14D or PT36H.", text=text[:60])
        )
    years, months, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[:6])
    exact = timedelta(
        hours=min(hours, 10**6),
        minutes=min(minutes, 10**8),
        seconds=seconds,
        microseconds=int((found[7] or "").ljust(6, "0")),
    )
    return _bounded(Span(min(years * 12 + months, 10**5), min(days, 10**6), exact), text)


def _bounded(span: Span, text: str) -> Span:
    if span.shortest > LONGEST:
        raise NotATime(say("“%(text)s” is longer than 10 years.", text=text[:60]))
    return span


def read_moment(text: str, zone: tzinfo) -> datetime:
    """Read an ISO 8601 date and time, local when it has no offset; a bare date means midnight."""
    try:
        if _MOMENT.fullmatch(text):
            moment = datetime.fromisoformat(text)
            return moment.astimezone(UTC) if moment.tzinfo else on_the_wall(moment, zone)
        if _DATE.fullmatch(text):
            return on_the_wall(datetime.fromisoformat(text), zone)
    except (ValueError, OverflowError):
        pass
    raise NotATime(
        say("“%(text)s” is no date and time; write it like 2027-01-15T09:00.", text=text[:60])
    )


def read_cycle(text: str, zone: tzinfo) -> Cycle:
    """Read a repeating interval such as `R3/P1D`, `R/P1W` or `R5/2027-01-15T09:00/P1M`."""
    head, *rest = text.split("/")
    if not re.fullmatch(r"R\d{0,5}", head, re.ASCII) or len(rest) not in {1, 2} or head == "R0":
        raise NotATime(say("“%(text)s” is no cycle; write it like R3/P1D.", text=text[:60]))
    span = read_span(rest[-1])
    start = read_moment(rest[0], zone) if len(rest) == 2 else None
    return _slow_enough(Cycle(span, int(head[1:]) if head[1:] else None, start), text)


def _slow_enough(cycle: Cycle, text: str) -> Cycle:
    if cycle.span.shortest < SHORTEST_CYCLE:
        raise NotATime(say("“%(text)s” repeats more often than every 15 minutes.", text=text[:60]))
    return cycle


def check_wait(due: datetime, now: datetime) -> None:
    """Refuse to wait for a moment that nobody will live to see here."""
    if due - now > LONGEST:
        raise NotATime(say("The timer would wait longer than 10 years."))


def span_of(value: Any) -> Span:
    """Take what a formula or a diagram gives for a duration."""
    if isinstance(value, str):
        return read_span(value.strip())
    if isinstance(value, timedelta) and value >= timedelta():
        return _bounded(Span(days=value.days, exact=value - timedelta(days=value.days)), str(value))
    if isinstance(value, YearsMonths) and value.total >= 0:
        return _bounded(Span(months=min(value.total, 10**5)), str(value.total))
    raise NotATime(say("The formula gives no duration of zero or more."))


def moment_of(value: Any, zone: tzinfo, at: time = time()) -> datetime:
    """Take what a formula or a diagram gives for a moment; a bare date means `at` on that day."""
    if isinstance(value, str):
        text = value.strip()
        if not _DATE.fullmatch(text):
            return read_moment(text, zone)
        return on_the_wall(
            datetime.combine(read_moment(text, zone).astimezone(zone).date(), at), zone
        )
    if isinstance(value, datetime):
        return _in_utc(value) if value.tzinfo else on_the_wall(value, zone)
    if isinstance(value, date):
        return on_the_wall(datetime.combine(value, at), zone)
    raise NotATime(say("The formula gives no date and time."))


def cycle_of(value: Any, zone: tzinfo) -> Cycle:
    """Take what a formula or a diagram gives for a cycle; a duration repeats for ever."""
    if isinstance(value, str):
        return read_cycle(value.strip(), zone)
    return _slow_enough(Cycle(span_of(value)), str(value))

"""Adding durations to dates, and what lies between two of them."""

import calendar
from datetime import UTC, date, datetime, time, timedelta

from bpmn.feel.operations.moments import DAY, EPOCH, instant, same_kind_of_zone
from bpmn.feel.values import YearsMonths


def later_date(on: date, length: timedelta) -> date | None:
    """Move a date; hours count only where they reach another day."""
    try:
        return on + timedelta(days=length // DAY)
    except OverflowError:
        return None


def later_datetime(moment: datetime, length: timedelta) -> datetime | None:
    """Move a date and time: whole days keep the time of day, hours are real hours."""
    days = timedelta(days=length // DAY if length >= timedelta() else -(-length // DAY))
    try:
        moved = moment + days
        rest = length - days
        if not rest:
            return moved
        if moved.tzinfo is None:
            return moved + rest
        return (moved.astimezone(UTC) + rest).astimezone(moved.tzinfo)
    except OverflowError:
        return None


def later_time(at: time, length: timedelta) -> time:
    since_midnight = timedelta(
        hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
    moved = EPOCH + (since_midnight + length % DAY) % DAY
    return moved.time().replace(tzinfo=at.tzinfo)


def months_later(on: date, length: YearsMonths) -> date | None:
    """Move a date (or date and time) by months; a day that the month lacks becomes its last."""
    years, month = divmod(on.year * 12 + on.month - 1 + length.total, 12)
    if not 1 <= years <= 9999:
        return None
    last = calendar.monthrange(years, month + 1)[1]
    return on.replace(year=years, month=month + 1, day=min(on.day, last))


def months_between(start: date, end: date) -> YearsMonths:
    """Count the whole months from start to end."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if months > 0 and _rest(end) < _rest(start):
        months -= 1
    elif months < 0 and _rest(end) > _rest(start):
        months += 1
    return YearsMonths(months)


def _rest(on: date) -> tuple[int, time]:
    return on.day, on.time() if isinstance(on, datetime) else time()


def between_datetimes(one: datetime, other: datetime) -> timedelta | None:
    if not same_kind_of_zone(one, other):
        return None
    return instant(one) - instant(other)


def between_times(one: time, other: time) -> timedelta | None:
    if not same_kind_of_zone(one, other):
        return None
    return position(one) - position(other)


def position(at: time) -> timedelta:
    """Place a time of day on one line, so that offsets do not matter."""
    since_midnight = timedelta(
        hours=at.hour, minutes=at.minute, seconds=at.second, microseconds=at.microsecond
    )
    return since_midnight - (at.utcoffset() or timedelta())

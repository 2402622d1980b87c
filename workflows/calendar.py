"""Working days in North Rhine-Westphalia: due dates, reminders, escalations, follow-ups.

The office is open from Monday to Friday but for the public holidays of the Land and its own house
days; school days are those of the office but for the school holidays. The day something comes in
does not count. House days are kept in the database; `follow` tells this process about them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache, partial
from importlib import import_module
from itertools import count, islice
from time import monotonic
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from bpmn.errors import Unavailable
from bpmn.host import BERLIN
from bpmn.wording import say
from engine.database import Base, UuidPk, new_id
from engine.unit_of_work import Transactions, UnitOfWork
from workflows import access
from workflows.access import Action, Actor

ZONE = BERLIN
DAY_ENDS = time(23, 59)
MORNING = time(8, 0)
FRESH = 60.0
"""Seconds for which house days that were read are believed."""
FARTHEST = 1000
"""No date is looked for further away than so many open days."""

_DAY = timedelta(days=1)
_LONGEST_SHIFT = timedelta(days=7)

SCHOOL_HOLIDAYS = (
    (date(2026, 10, 17), date(2026, 10, 31)),
    (date(2026, 12, 23), date(2027, 1, 6)),
    (date(2027, 3, 22), date(2027, 4, 3)),
    (date(2027, 5, 18), date(2027, 5, 18)),
    (date(2027, 7, 19), date(2027, 8, 31)),
    (date(2027, 10, 23), date(2027, 11, 6)),
    (date(2027, 12, 24), date(2028, 1, 8)),
)
SCHOOL_TABLE = (SCHOOL_HOLIDAYS[0][0], SCHOOL_HOLIDAYS[-1][1])
"""First and last day of which the school calendar knows anything."""


class Kind(StrEnum):
    OFFICE = "office"
    SCHOOL = "school"


class HouseDay(Base):
    """A day on which the office is closed of its own accord."""

    __tablename__ = "house_day"

    id: Mapped[UuidPk]
    day: Mapped[date] = mapped_column(unique=True)
    every_year: Mapped[bool]
    """Closed on this day and month of every year."""
    name: Mapped[str]


class BeyondSchoolTable(Unavailable):
    """The school holidays of that time have not been entered yet, and none is guessed."""

    def __init__(self, day: date) -> None:
        super().__init__(
            say(
                "The school holidays around %(day)s are not known yet. Please tell the coordination.",
                day=day.isoformat(),
            )
        )
        self.day = day


@dataclass(frozen=True, slots=True)
class HouseDays:
    """The house days as this process knows them."""

    once: frozenset[date] = frozenset()
    every_year: frozenset[tuple[int, int]] = frozenset()

    def __contains__(self, day: date) -> bool:
        return day in self.once or (day.month, day.day) in self.every_year


@dataclass
class _Known:
    house_days: HouseDays


_known = _Known(HouseDays(every_year=frozenset({(12, 24), (12, 31)})))


def follow(session: Session) -> None:
    """Go by the house days of the database from now on."""
    _go_by(_read(session))


def _read(session: Session) -> HouseDays:
    rows = session.execute(select(HouseDay.day, HouseDay.every_year)).all()
    return HouseDays(
        frozenset(row.day for row in rows if not row.every_year),
        frozenset((row.day.month, row.day.day) for row in rows if row.every_year),
    )


class Keeper:
    """Keeps this process at the house days of the database: another process may enter one."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._read_at = float("-inf")

    def follow(self) -> None:
        """Read the house days, unless that has been done within the last minute."""
        if monotonic() - self._read_at < FRESH:
            return
        with self._transactions.reading() as session:
            follow(session)
        self._read_at = monotonic()


def begin(uow: UnitOfWork) -> None:
    """Enter the house days of a new installation: Christmas Eve and New Year's Eve."""
    for day, name in ((date(2026, 12, 24), "Heiligabend"), (date(2026, 12, 31), "Silvester")):
        uow.session.add(HouseDay(id=new_id(), day=day, every_year=True, name=name))


def add_house_day(
    uow: UnitOfWork, actor: Actor, day: date, name: str, *, every_year: bool = False
) -> UUID:
    access.require(actor, Action.EDIT_CALENDAR)
    row = HouseDay(id=new_id(), day=day, every_year=every_year, name=name)
    uow.session.add(row)
    _follow_after(uow)
    return row.id


def remove_house_day(uow: UnitOfWork, actor: Actor, house_day_id: UUID) -> None:
    access.require(actor, Action.EDIT_CALENDAR)
    row = uow.session.get(HouseDay, house_day_id)
    if row is None:
        raise access.NoSuchThing
    uow.session.delete(row)
    _follow_after(uow)


def _follow_after(uow: UnitOfWork) -> None:
    """Go by the changed house days here at once, and elsewhere within a minute."""
    uow.session.flush()
    changed = _read(uow.session)
    uow.after_commit(partial(_go_by, changed))


def _go_by(house_days: HouseDays) -> None:
    _known.house_days = house_days


def is_open(day: date, kind: Kind | str = Kind.OFFICE) -> bool:
    """Whether people work (or pupils learn) on this day."""
    if day.weekday() >= 5 or day in _public_holidays(day.year) or day in _known.house_days:
        return False
    return kind == Kind.OFFICE or not _is_school_holiday(day)


def add_working_days(start: date | datetime, days: int, kind: Kind | str = Kind.OFFICE) -> date:
    """Find the n-th open day after the start, which does not count itself (before it: negative).

    Zero days: the start if open, else the next open day.
    """
    first = _local_day(start)
    if days == 0:
        return next(_open_days(first - _DAY, _DAY, kind))
    step = _DAY if days > 0 else -_DAY
    return next(islice(_open_days(first, step, kind), min(abs(days), FARTHEST) - 1, None))


def next_due(start: date | datetime, days: int, kind: Kind | str = Kind.OFFICE) -> datetime:
    """23:59 in Berlin of the n-th open day after the start."""
    return datetime.combine(add_working_days(start, days, kind), DAY_ENDS, ZONE)


def reminders(
    due: datetime, since: datetime, kind: Kind | str = Kind.OFFICE
) -> tuple[datetime, ...]:
    """08:00 on the last open day before the due date, and on that day itself.

    What is past by `since`, when the deadline is set, is left out; so is a day that is not open.
    """
    day = _local_day(due)
    days = (add_working_days(day, -1, kind), day)
    instants = [_morning(each) for each in days if is_open(each, kind)]
    return tuple(instant for instant in instants if since < instant < due)


def escalation_at(due: datetime, kind: Kind | str = Kind.OFFICE) -> datetime:
    """08:00 on the next open day after the due date."""
    return _morning(add_working_days(due, 1, kind))


def follow_up_date(
    start: date | datetime,
    *,
    days: int = 0,
    months: int = 0,
    kind: Kind | str = Kind.OFFICE,
) -> date:
    """Find the open day on which to ask again.

    It is the wanted day or the next open one; when that lies more than seven days later, the last
    open day before the wanted one.
    """
    wanted = _add_months(_local_day(start), months) + timedelta(days=days)
    later = add_working_days(wanted, 0, kind)
    return add_working_days(wanted, -1, kind) if later - wanted > _LONGEST_SHIFT else later


def school_table_ends_soon(today: date, within: timedelta = timedelta(days=120)) -> date | None:
    """Tell the last known day of the school calendar once it is near: somebody must go on."""
    return SCHOOL_TABLE[1] if today + within > SCHOOL_TABLE[1] else None


def _open_days(start: date, step: timedelta, kind: Kind | str) -> Iterator[date]:
    return (day for day in (start + step * each for each in count(1)) if is_open(day, kind))


def _morning(day: date) -> datetime:
    return datetime.combine(day, MORNING, ZONE)


def _local_day(instant: date | datetime) -> date:
    return instant.astimezone(ZONE).date() if isinstance(instant, datetime) else instant


def _add_months(day: date, months: int) -> date:
    """Land on the same day of the later month, or on its last one when it is shorter."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    next_first = date((month + 1) // 12, (month + 1) % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), next_first - _DAY)


def _is_school_holiday(day: date) -> bool:
    if not SCHOOL_TABLE[0] <= day <= SCHOOL_TABLE[1]:
        raise BeyondSchoolTable(day)
    return _within(day, SCHOOL_HOLIDAYS)


def _within(day: date, spans: Iterable[tuple[date, date]]) -> bool:
    return any(first <= day <= last for first, last in spans)


@lru_cache(maxsize=100)
def _public_holidays(year: int) -> frozenset[date]:
    # The library brings the calendars of all religions: read when the first date is asked for.
    holidays = import_module("holidays")
    return frozenset(holidays.country_holidays("DE", subdiv="NW", years=year, language="de"))

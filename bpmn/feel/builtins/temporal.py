"""Functions on dates, times and durations."""

from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.operations import moments, passing
from bpmn.feel.operations.computing import whole
from bpmn.feel.values import YearsMonths

LIBRARY = Library()
DAY_NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTH_NAMES = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@LIBRARY.function("date", "from: text")
def date_from_text(_run: Run, text: str) -> date | None:
    return moments.read_date(text)


@LIBRARY.function("date", "from: datetime")
def date_from_datetime(_run: Run, moment: datetime) -> date:
    return moment.date()


@LIBRARY.function("date", "from: date")
def date_from_date(_run: Run, on: date) -> date:
    return on


@LIBRARY.function("date", "year: number, month: number, day: number")
def date_from_parts(_run: Run, year: Decimal, month: Decimal, day: Decimal) -> date | None:
    return moments.make_date(whole(year), whole(month), whole(day))


@LIBRARY.function("time", "from: text")
def time_from_text(_run: Run, text: str) -> time | None:
    return moments.read_time(text)


@LIBRARY.function("time", "from: datetime")
def time_from_datetime(_run: Run, moment: datetime) -> time:
    return moment.timetz()


@LIBRARY.function("time", "from: time")
def time_from_time(_run: Run, at: time) -> time:
    return at


@LIBRARY.function("time", "from: date")
def time_from_date(_run: Run, _on: date) -> time | None:
    return moments.read_time("00:00:00Z")


@LIBRARY.function("time", "hour: number, minute: number, second: number, offset: any?")
def time_from_parts(
    _run: Run, hour: Decimal, minute: Decimal, second: Decimal, offset: Any = None
) -> time | None:
    if offset is not None and not isinstance(offset, timedelta):
        return None
    if not 0 <= second < 60:
        return None
    full, fraction = divmod(second, 1)
    try:
        zone = None if offset is None else timezone(offset)
        return time(whole(hour), whole(minute), int(full), int(fraction * 1_000_000), tzinfo=zone)
    except (ValueError, OverflowError):
        return None


@LIBRARY.function("date and time", "from: text")
def datetime_from_text(run: Run, text: str) -> datetime | None:
    return moments.read_datetime(text, run.clock.zone)


@LIBRARY.function("date and time", "from: datetime")
def datetime_from_datetime(_run: Run, moment: datetime) -> datetime:
    return moment


@LIBRARY.function("date and time", "from: date")
def datetime_from_date(run: Run, on: date) -> datetime:
    return moments.combine(on, time(), run.clock.zone)


@LIBRARY.function("date and time", "date: date, time: time")
def datetime_from_both(run: Run, on: date, at: time) -> datetime:
    return moments.combine(on, at, run.clock.zone)


@LIBRARY.function("date and time", "date: datetime, time: time")
def datetime_with_time(run: Run, moment: datetime, at: time) -> datetime:
    return moments.combine(moment.date(), at, run.clock.zone)


@LIBRARY.function("duration", "from: text")
def duration(_run: Run, text: str) -> timedelta | YearsMonths | None:
    return moments.read_duration(text)


@LIBRARY.function("duration", "from: duration")
def same_duration(_run: Run, length: Any) -> Any:
    return length


@LIBRARY.function("years and months duration", "from: date, to: date")
@LIBRARY.function("years and months duration", "from: datetime, to: datetime")
@LIBRARY.function("years and months duration", "from: date, to: datetime")
@LIBRARY.function("years and months duration", "from: datetime, to: date")
def months_between(_run: Run, start: date, end: date) -> YearsMonths:
    return passing.months_between(start, end)


@LIBRARY.function("now", "")
def now(run: Run) -> datetime:
    return run.clock.now().astimezone(run.clock.zone)


@LIBRARY.function("today", "")
def today(run: Run) -> date:
    return now(run).date()


@LIBRARY.function("day of year", "date: date")
@LIBRARY.function("day of year", "date: datetime")
def day_of_year(_run: Run, on: date) -> Decimal:
    return Decimal(on.timetuple().tm_yday)


@LIBRARY.function("day of week", "date: date")
@LIBRARY.function("day of week", "date: datetime")
def day_of_week(_run: Run, on: date) -> str:
    return DAY_NAMES[on.weekday()]


@LIBRARY.function("month of year", "date: date")
@LIBRARY.function("month of year", "date: datetime")
def month_of_year(_run: Run, on: date) -> str:
    return MONTH_NAMES[on.month - 1]


@LIBRARY.function("week of year", "date: date")
@LIBRARY.function("week of year", "date: datetime")
def week_of_year(_run: Run, on: date) -> Decimal:
    return Decimal(on.isocalendar().week)

"""What stands behind a dot: entries of contexts, parts of dates, durations and ranges."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.feel.operations.moments import parts_of_duration
from bpmn.feel.values import Range, YearsMonths


def member_of(value: Any, member: str) -> Any:
    """Return an entry or a part of a value; null if it has none of that name."""
    if type(value) is dict:
        return value.get(member)
    part = PARTS.get(type(value), {}).get(member)
    return None if part is None else part(value)


def _offset(moment: datetime | time) -> timedelta | None:
    return moment.utcoffset()


def _zone(moment: datetime | time) -> str | None:
    return moment.tzinfo.key if isinstance(moment.tzinfo, ZoneInfo) else None


Parts = Mapping[str, Callable[[Any], Any]]

DATE: Parts = {
    "year": lambda on: Decimal(on.year),
    "month": lambda on: Decimal(on.month),
    "day": lambda on: Decimal(on.day),
    "weekday": lambda on: Decimal(on.isoweekday()),
}
TIME: Parts = {
    "hour": lambda at: Decimal(at.hour),
    "minute": lambda at: Decimal(at.minute),
    "second": lambda at: Decimal(at.second),
    "time offset": _offset,
    "timezone": _zone,
}
DAYS: Parts = {
    key: lambda length, key=key: parts_of_duration(length)[key]  # type: ignore[misc]
    for key in ("days", "hours", "minutes", "seconds")
}
MONTHS: Parts = {
    "years": lambda length: Decimal(length.years),
    "months": lambda length: Decimal(length.months),
}
RANGE: Parts = {
    "start": lambda bounds: bounds.low,
    "end": lambda bounds: bounds.high,
    "start included": lambda bounds: bounds.low_included,
    "end included": lambda bounds: bounds.high_included,
}
PARTS: Mapping[type, Parts] = {
    date: DATE,
    datetime: {**DATE, **TIME},
    time: TIME,
    timedelta: DAYS,
    YearsMonths: MONTHS,
    Range: RANGE,
}

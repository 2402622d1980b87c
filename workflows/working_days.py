"""The working-day calendar as functions of the diagrams' expressions.

They answer null to what they cannot use, and to dates of which the school calendar knows nothing.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel.values import YearsMonths
from bpmn.host import HostFunction
from workflows import calendar
from workflows.calendar import BeyondSchoolTable, Kind


def functions() -> dict[str, HostFunction]:
    """Name every function, as expressions call it."""
    return {
        name: HostFunction(name, parameters, _or_null(call), {"calendar": frozenset(Kind)})
        for name, parameters, call in (
            ("next due", ("start", "days", "calendar"), _next_due),
            ("add working days", ("start", "days", "calendar"), _add_working_days),
            ("follow up date", ("start", "duration", "calendar"), _follow_up_date),
            ("is working day", ("date", "calendar"), _is_working_day),
        )
    }


def _next_due(start: Any, days: Any, kind: Any) -> datetime:
    return calendar.next_due(_day(start), _whole(days), Kind(kind))


def _add_working_days(start: Any, days: Any, kind: Any) -> date:
    return calendar.add_working_days(_day(start), _whole(days), Kind(kind))


def _follow_up_date(start: Any, duration: Any, kind: Any) -> date:
    if isinstance(duration, YearsMonths):
        return calendar.follow_up_date(_day(start), months=duration.total, kind=Kind(kind))
    if isinstance(duration, timedelta):
        return calendar.follow_up_date(_day(start), days=duration.days, kind=Kind(kind))
    raise TypeError(duration)


def _is_working_day(day: Any, kind: Any) -> bool:
    return calendar.is_open(_local(_day(day)), Kind(kind))


def _or_null(call: Callable[..., Any]) -> Callable[..., Any]:
    def answer(*arguments: Any) -> Any:
        try:
            return call(*arguments)
        except (TypeError, ValueError, OverflowError, BeyondSchoolTable):
            return None

    return answer


def _day(start: Any) -> date | datetime:
    """Pass on a date or an aware instant."""
    if not isinstance(start, date) or (isinstance(start, datetime) and start.tzinfo is None):
        raise TypeError(start)
    return start


def _local(day: date | datetime) -> date:
    return day.astimezone(calendar.ZONE).date() if isinstance(day, datetime) else day


def _whole(days: Any) -> int:
    if not isinstance(days, Decimal) or days != int(days) or abs(days) > calendar.FARTHEST:
        raise TypeError(days)
    return int(days)

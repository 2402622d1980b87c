"""The only place that asks the time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class _Shift:
    """How far a demo or test installation has moved its clock."""

    offset: timedelta = timedelta()


_shift = _Shift()


def now() -> datetime:
    """Tell the present instant of this installation, aware and in UTC."""
    return datetime.now(UTC) + _shift.offset


def offset() -> timedelta:
    return _shift.offset


def follow(shift: timedelta) -> None:
    """Go by this offset from now on; `engine.installation` reads it from the database."""
    _shift.offset = shift

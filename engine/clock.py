"""The only place that asks the time."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


@dataclass
class _Shift:
    offset: timedelta = timedelta()
    """How far a demo or test installation has moved its clock."""
    error: timedelta = timedelta()
    """How far this machine is ahead of the clock that the whole installation goes by."""


_shift = _Shift()


def now() -> datetime:
    """Tell the present instant of this installation, aware and in UTC."""
    return real() + _shift.offset


def real() -> datetime:
    """Tell the present instant, whatever the installation has moved its clock to."""
    return of_the_machine() - _shift.error


def of_the_machine() -> datetime:
    """Tell what this machine's clock shows, right or wrong."""
    return datetime.now(UTC)


def on_the_machine(instant: datetime) -> datetime:
    """Tell what this machine's clock shows at an instant of the installation."""
    return instant - _shift.offset + _shift.error


def offset() -> timedelta:
    return _shift.offset


def follow(shift: timedelta) -> None:
    """Go by this offset from now on; `engine.installation` reads it from the database."""
    _shift.offset = shift


def correct(error: timedelta) -> None:
    """Know from now on how far this machine is ahead; `engine.server_time` measures it."""
    _shift.error = error

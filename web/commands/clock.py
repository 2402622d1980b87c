"""Move the clock of a demo or test installation."""

import math
import re
from datetime import datetime, timedelta

import click

from bpmn.errors import Conflict, Invalid
from bpmn.host import BERLIN
from bpmn.wording import say
from engine import clock, installation
from web.commands.installation import on_installation
from web.commands.output import echo
from workflows import calendar
from workflows.application import Application

MOST_YEARS = 50
"""Beyond, dates that are counted from there would leave the calendar."""

_STEP = re.compile(
    r"(?P<count>\d{1,5})\s*(?P<unit>arbeitstage?|working days?|tage?|days?|stunden?|hours?|"
    r"minuten?|minutes?|wochen?|weeks?)",
    re.IGNORECASE,
)
_SPANS = {
    "m": lambda count: timedelta(minutes=count),
    "h": lambda count: timedelta(hours=count),
    "s": lambda count: timedelta(hours=count),
    "t": lambda count: timedelta(days=count),
    "d": lambda count: timedelta(days=count),
}


class ClockFixed(Conflict):
    def __init__(self) -> None:
        super().__init__(say("Only a demo installation has a clock that moves (HANDSCHLAG_DEMO)."))


class NoSuchTime(Invalid):
    def __init__(self, text: str) -> None:
        super().__init__(
            say(
                "“%(text)s” is no time. Write 2027-05-04T15:30, or 2 Arbeitstage, 3 days, 4 hours.",
                text=text,
            )
        )


class TimeTooFar(Invalid):
    def __init__(self) -> None:
        super().__init__(
            say("The clock moves at most %(years)s years from the present.", years=MOST_YEARS)
        )


@click.group("clock")
def moved() -> None:
    """Show or move the clock of a demo installation."""


@moved.command()
@on_installation
def show(found: Application) -> None:
    """Show what time it is there."""
    _follow(found)
    _tell()


@moved.command("set")
@click.argument("instant")
@on_installation
def put(found: Application, instant: str) -> None:
    """Put the clock to INSTANT, such as 2027-05-04T15:30 (Berlin)."""
    try:
        wanted = datetime.fromisoformat(instant)
    except ValueError as error:
        raise NoSuchTime(instant) from error
    _move(found, wanted if wanted.tzinfo else wanted.replace(tzinfo=BERLIN))


@moved.command()
@click.argument("span")
@on_installation
def advance(found: Application, span: str) -> None:
    """Put the clock ahead by SPAN, such as "2 Arbeitstage", "3 days", "4 hours"."""
    _follow(found)
    _move(found, _later(clock.now(), span))


@moved.command()
@on_installation
def reset(found: Application) -> None:
    """Go by the real time again."""
    _require_demo(found)
    with found.transactions.begin() as uow:
        installation.move_clock(uow, timedelta())
    _tell()


def _later(start: datetime, span: str) -> datetime:
    step = _STEP.fullmatch(span.strip())
    if step is None:
        raise NoSuchTime(span)
    count, unit = int(step["count"]), step["unit"].lower()
    local = start.astimezone(BERLIN)
    if unit.startswith(("arbeit", "working")):
        return datetime.combine(calendar.add_working_days(local, count), local.timetz())
    if unit.startswith("w"):
        return local + timedelta(weeks=count)
    return local + _SPANS[unit[0]](count)


def _move(found: Application, wanted: datetime) -> None:
    _require_demo(found)
    shift = wanted - clock.real()
    if abs(shift) > timedelta(days=366 * MOST_YEARS):
        raise TimeTooFar
    seconds = math.ceil(shift.total_seconds())  # never before the instant asked for
    with found.transactions.begin() as uow:
        installation.move_clock(uow, timedelta(seconds=seconds))
    _tell()


def _follow(found: Application) -> None:
    _require_demo(found)
    installation.MovedClock(found.transactions).follow()


def _require_demo(found: Application) -> None:
    settings = found.settings
    if not (settings.demo or settings.demo_logins_path.is_file()):
        raise ClockFixed


def _tell() -> None:
    echo(clock.now().astimezone(BERLIN).isoformat(timespec="seconds"))


COMMANDS = (moved,)

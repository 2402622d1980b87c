"""Work without pages: timers, service tasks, mails."""

import signal
import sys
from types import FrameType

import click

from bpmn.errors import Conflict, Unavailable
from bpmn.wording import say
from engine.queries import clock_offset_seconds
from engine.sole_server import alone
from web.commands.installation import on_installation
from web.commands.output import echo
from workflows.application import Application


class ClockMoved(Conflict):
    def __init__(self) -> None:
        super().__init__(
            say("The clock of this installation is moved. Run: handschlag clock reset")
        )


class WorkerEnded(Unavailable):
    def __init__(self) -> None:
        super().__init__(say("The worker has ended by an accident. Please start it again."))


@click.command()
@on_installation
def worker(found: Application) -> None:
    """Do what is due: timers, service tasks, mails."""
    with alone(found.engine):
        require_real_time(found)
        found.keep_time()
        stop_on_signals(found)
        echo("The worker is on duty.")
        found.work()
        if not found.stopping.is_set():
            raise WorkerEnded


def require_real_time(found: Application) -> None:
    """Refuse to do real work by a clock that somebody has moved."""
    if found.settings.demo:
        return
    with found.transactions.reading() as reading:
        if clock_offset_seconds(reading):
            raise ClockMoved


def stop_on_signals(found: Application) -> None:
    """Stop in good order at the first signal, at once at the second."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if found.stopping.is_set():
            sys.exit(1)
        found.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


COMMANDS = (worker,)

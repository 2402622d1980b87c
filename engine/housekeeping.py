"""What the engine clears away by itself, once a day."""

from datetime import timedelta

from sqlalchemy import delete

from engine import clock, jobs, messages
from engine.commands import Command
from engine.records import JobRecord
from engine.unit_of_work import UnitOfWork

SWEEP = "engine.sweep"
COMMANDS_KEPT = timedelta(days=30)
"""How long the repetition of a command is recognised."""


def begin(uow: UnitOfWork) -> None:
    """Owe the next sweep, unless it is owed already."""
    jobs.recur(uow, SWEEP, timedelta(days=1))


def sweep(uow: UnitOfWork, _job: JobRecord) -> None:
    messages.forget_expired(uow)
    uow.connection.execute(delete(Command).where(Command.at < clock.now() - COMMANDS_KEPT))
    begin(uow)

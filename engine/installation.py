"""The one row about this installation, and the clock that a demo moves through it."""

import time
from datetime import timedelta

from sqlalchemy import update

from engine import clock, queries
from engine.commands import insert_or_ignore
from engine.database import table_of
from engine.models import Installation
from engine.unit_of_work import Transactions, UnitOfWork

FRESH = 0.5
"""Seconds for which a clock offset that was read is believed."""


def ensure(uow: UnitOfWork) -> None:
    """See to it that the row is there."""
    uow.connection.execute(
        insert_or_ignore(uow.connection, table_of(Installation)),
        {"id": 1, "deployment_id": None, "clock_offset_seconds": 0},
    )


def move_clock(uow: UnitOfWork, offset: timedelta) -> None:
    """Put the clock this far ahead (or back) of real time, in every process of the installation."""
    ensure(uow)
    seconds = round(offset.total_seconds())
    uow.connection.execute(update(Installation).values(clock_offset_seconds=seconds))
    uow.work_due(clock.now())
    uow.after_commit(lambda: clock.follow(timedelta(seconds=seconds)))


class MovedClock:
    """Keeps this process at the clock that the database shows. Only demo installations have one."""

    def __init__(self, transactions: Transactions) -> None:
        self._transactions = transactions
        self._read_at = float("-inf")

    def follow(self) -> None:
        """Read the offset, unless that has just been done."""
        if time.monotonic() - self._read_at < FRESH:
            return
        with self._transactions.reading() as session:
            clock.follow(timedelta(seconds=queries.clock_offset_seconds(session)))
        self._read_at = time.monotonic()

"""One clock for all machines: the database server's."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import text

from engine import clock
from engine.unit_of_work import Transactions

log = structlog.get_logger()

FRESH = 60.0
"""Seconds for which an error that was measured is believed, unless the clock has been set since."""
NOTABLE = timedelta(seconds=1)
"""Smaller errors are left alone; a measurement that takes longer says nothing."""

_ASK = text("SELECT clock_timestamp()")


class ServerTime:
    """Keeps this process by the clock of the database server, whatever its own machine shows.

    Leases and due dates are compared between processes: a machine that goes wrong would hold what
    it has left, take what others are at, and owe work for an hour that nobody else has reached.
    """

    def __init__(
        self,
        transactions: Transactions,
        wall: Callable[[], datetime] = clock.of_the_machine,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transactions = transactions
        self._wall, self._steady = wall, steady
        self._measured: tuple[datetime, float] | None = None
        self._error = timedelta()

    def follow(self) -> None:
        """Measure how wrong this machine is, unless that is known, and go by the server."""
        if not self._is_known():
            self._measure()

    def _is_known(self) -> bool:
        if self._measured is None:
            return False
        wall, steady = self._measured
        passed = self._steady() - steady
        was_set = abs(self._wall() - wall - timedelta(seconds=passed)) >= NOTABLE
        return passed < FRESH and not was_set

    def _measure(self) -> None:
        with self._transactions.reading() as session:
            asked = self._wall()
            there: datetime = session.execute(_ASK).scalar_one()
            answered = self._wall()
        if abs(answered - asked) >= NOTABLE:
            return
        self._measured = answered, self._steady()
        error = asked + (answered - asked) / 2 - there
        if abs(error - self._error) >= NOTABLE:
            log.warning("clock differs from the database", seconds=error.total_seconds())
        self._error = error if abs(error) >= NOTABLE else timedelta()
        clock.correct(self._error)

"""A worker on duty: it sleeps until something is due, and nobody has to call it."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

import structlog

from engine import clock, listening, work_queries
from engine.clock_watch import ClockWatch
from engine.installation import MovedClock
from engine.models import Lane
from engine.scheduler import Alarms, Bell
from engine.worker import Worker

log = structlog.get_logger()

LONGEST_SLEEP = timedelta(seconds=15)
"""What another process owes is seen after this time even if nobody rang."""
DEMO_SLEEP = timedelta(seconds=1)
"""The same for a clock that may be moved."""
STOP_WITHIN = 20.0
"""Seconds that the job in hand has when the worker is told to stop."""
OTHERS_AT_IT = timedelta(seconds=0.1)
"""Pause when all that is due waits for what other workers are doing."""
OUTAGE_PAUSE = 2.0
"""Seconds to wait when the database cannot be reached."""
LOOK = 1.0
"""Seconds between two looks whether the lanes still live; they ask the database nothing."""


class Shift:
    """Runs a worker until it is told to stop: one thread a lane, one that listens.

    `follow` is called before each look at the work: to keep up with other processes.
    """

    def __init__(
        self,
        worker: Worker,
        moved_clock: MovedClock | None = None,
        follow: Callable[[], None] | None = None,
    ) -> None:
        self._worker, self._watch = worker, ClockWatch()
        worker.believed = self._watch.believed
        self._transactions = worker.transactions
        self._follow = follow or (moved_clock.follow if moved_clock else _nothing)
        self._longest = DEMO_SLEEP if moved_clock else LONGEST_SLEEP

    def run_forever(self, stop: threading.Event) -> None:
        """Work until told to stop; then finish the job in hand and give the others back.

        An errand that hangs is left behind after 20 seconds: its lease lapses. When a lane has
        died, the others stop as well: half a worker would pass for a whole one.
        """
        self._open(stop)
        alarms = Alarms()
        self._transactions.on_work_due(lambda _due: alarms.ring())
        lanes = [self._lane(lane, alarms.bell(lane)) for lane in Lane]
        threads = [*lanes, *self._listeners(alarms)]
        alarms.start()
        for thread in threads:
            thread.start()
        while not stop.wait(LOOK) and all(lane.is_alive() for lane in lanes):
            pass
        self._worker.stopping.set()
        alarms.stop()
        until = time.monotonic() + STOP_WITHIN
        for thread in threads:
            thread.join(max(until - time.monotonic(), 0))

    def _open(self, stop: threading.Event) -> None:
        """Begin, as soon as the database lets it. An outage is waited out: this is the boundary."""
        while not stop.is_set():
            try:
                self._worker.open()
            except Exception as error:  # noqa: BLE001 - a worker outlives everything
                log.warning("worker cannot begin", error=type(error).__name__)
                stop.wait(OUTAGE_PAUSE)
            else:
                return

    def _lane(self, lane: Lane, bell: Bell) -> threading.Thread:
        work = partial(self._run_lane, lane, bell)
        return threading.Thread(name=lane, target=work, daemon=True)

    def _listeners(self, alarms: Alarms) -> list[threading.Thread]:
        if self._transactions.engine.dialect.name != "postgresql":
            return []
        stop = self._worker.stopping
        hear = partial(listening.listen, self._transactions.engine, alarms.ring, stop)
        return [threading.Thread(name="listener", target=hear, daemon=True)]

    def _run_lane(self, lane: Lane, bell: Bell) -> None:
        """Do the work of one lane for ever. An outage is waited out: this is the boundary."""
        while not self._worker.stopping.is_set():
            try:
                until = self._work(lane)
                if until is None or until > clock.now():
                    bell.sleep(until, self._longest)
            except Exception as error:  # noqa: BLE001 - a worker outlives everything
                log.warning("worker cannot work", lane=lane, error=type(error).__name__)
                self._worker.stopping.wait(OUTAGE_PAUSE)

    def _work(self, lane: Lane) -> datetime | None:
        """Do a batch if something is due; tell when to look again, None when nobody knows."""
        self._follow()
        with self._transactions.reading() as session:
            until = work_queries.next_due(session, lane)
        if until is None or until > clock.now() or self._worker.run_batch(lane):
            return until
        if self._watch.jump is not None:  # what is due is held back until the clock is believed
            return None
        return clock.now() + OTHERS_AT_IT


def _nothing() -> None:
    """Nobody else changes anything."""

"""Notices when the machine's clock jumps: a wrong clock must not fire what is not due."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from engine import clock

log = structlog.get_logger()

FORWARD = timedelta(hours=1)
BACKWARD = timedelta(seconds=5)
"""Jumps that are told; smaller ones are the corrections every clock gets."""
HOLD = timedelta(minutes=10)
"""How long a clock that jumped forward has to stand by it before it is believed."""


def _running() -> float:
    """Seconds that no setting of the clock changes and that a sleeping machine counts too."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class _Doubt:
    jump: timedelta
    ends: float
    """Reading of the steady clock after which the new time is believed."""


class ClockWatch:
    """Holds the time of day against a steady clock. For any number of threads.

    Every process watches for itself; what changed while it did not run it cannot see.
    """

    def __init__(
        self,
        wall: Callable[[], datetime] = clock.real,
        steady: Callable[[], float] = _running,
    ) -> None:
        self._wall, self._steady = wall, steady
        self._lock = threading.Lock()
        self._seen = wall(), steady()
        self._doubt: _Doubt | None = None

    @property
    def jump(self) -> timedelta | None:
        """How far the clock has jumped within the last ten minutes, if it has."""
        with self._lock:
            self._look()
            return self._doubt.jump if self._doubt else None

    def believed(self) -> datetime:
        """Tell the installation's time, without a forward jump that is still in doubt."""
        jump = self.jump or timedelta()
        return clock.now() - max(jump, timedelta())

    def _look(self) -> None:
        wall, steady = self._wall(), self._steady()
        jump = (wall - self._seen[0]) - timedelta(seconds=steady - self._seen[1])
        self._seen = wall, steady
        if self._doubt and steady >= self._doubt.ends:
            self._doubt = None
        if -BACKWARD <= jump <= FORWARD:
            return
        log.warning("clock jumped", seconds=jump.total_seconds())
        total = jump + (self._doubt.jump if self._doubt else timedelta())
        corrected = -BACKWARD <= total <= BACKWARD
        self._doubt = None if corrected else _Doubt(total, steady + HOLD.total_seconds())

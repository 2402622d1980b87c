"""A process that goes on and on by itself is stopped: no rule foresees every loop.

Timers, jobs, messages and signals count as long as less than a minute lies between them; a person
who does a task, or a minute of rest, begins the count anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bpmn.spiff.errors import BudgetExceeded
from bpmn.spiff.moments import moment, stamp
from bpmn.wording import say

MOST_MOVES = 3_000
REST = timedelta(minutes=1)


@dataclass(slots=True)
class Haste:
    moves: int = 0
    last: int = 0
    """When the last of them was (`moments.stamp`)."""

    def hurry(self, now: datetime) -> None:
        """Count a move that nobody made. Raises `BudgetExceeded`."""
        if self.moves and now - moment(self.last) >= REST:
            self.calm()
        self.moves += 1
        self.last = stamp(now)
        if self.moves > MOST_MOVES:
            raise BudgetExceeded(
                say(
                    "The process has gone on by itself %(limit)s times without a minute of rest. "
                    "Look for a loop that hardly waits.",
                    limit=MOST_MOVES,
                )
            )

    def calm(self) -> None:
        self.moves = 0

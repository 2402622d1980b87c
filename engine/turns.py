"""One writer at a time, first come first served."""

import threading
from collections import deque

from engine.errors import DatabaseBusy


class Turns:
    """A queue of threads: SQLite has room for one writer, and its own waiting is not fair."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self._guard = threading.Lock()
        self._queue: deque[threading.Event] = deque()
        self._owner: int | None = None

    def take(self) -> None:
        """Wait for this thread's turn; refuse after the patience, and a second turn at once."""
        if self._owner == threading.get_ident():
            raise RuntimeError("This thread already writes: pass its unit of work on.")
        turn = threading.Event()
        with self._guard:
            self._queue.append(turn)
            if len(self._queue) == 1:
                turn.set()
        try:
            came = turn.wait(self._patience)
        except BaseException:
            if not self._abandon(turn):
                self.give_up()
            raise
        if not came and self._abandon(turn):
            raise DatabaseBusy
        self._owner = threading.get_ident()

    def give_up(self) -> None:
        with self._guard:
            self._owner = None
            self._queue.popleft()
            if self._queue:
                self._queue[0].set()

    def _abandon(self, turn: threading.Event) -> bool:
        """Leave the queue, unless the turn came in this very moment."""
        with self._guard:
            if turn.is_set():
                return False
            self._queue.remove(turn)
            return True

"""What an operation asks of the database, counted: figures without noise."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from psycopg import Connection
from psycopg._connection_base import BaseConnection
from psycopg._pipeline_base import BasePipeline
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

ANSWERED = ("_sync_gen", "_exit_gen")
"""What a pipeline waits in."""

UNCOUNTED = ("BEGIN", "COMMIT", "PRAGMA")
OF_PIPELINES = ("_enter_gen", "_exit_gen")
ENDINGS = ("_commit_gen", "_rollback_gen")
NOTHING_TO_END = {"_commit_gen", "_rollback_gen"}


@dataclass
class Counts:
    """`round_trips` counts waits for PostgreSQL's answer, to BEGIN, COMMIT and NOTIFY too."""

    statements: list[str] = field(default_factory=list)
    round_trips: int = 0
    commits: int = 0

    @property
    def figures(self) -> dict[str, float]:
        return {
            "statements": len(self.statements),
            "round_trips": self.round_trips,
            "commits": self.commits,
        }


@contextmanager
def counting(database: Engine) -> Iterator[Counts]:
    """Count what the block sends to this database."""
    counts = Counts()

    def statement(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        if not sql.startswith(UNCOUNTED):
            counts.statements.append(" ".join(sql.split()))

    def commit(_connection: Any) -> None:
        counts.commits += 1

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": statement,
        "commit": commit,
    }
    for name, listener in listeners.items():
        event.listen(database, name, listener)
    try:
        with _watching_waits(counts):
            yield counts
    finally:
        for name, listener in listeners.items():
            event.remove(database, name, listener)


@contextmanager
def _watching_waits(counts: Counts) -> Iterator[None]:
    wait = psycopg.Connection.wait

    def watched_wait(self: Any, work: Any, *given: Any) -> Any:
        idle = self.info.transaction_status == TransactionStatus.IDLE
        asks = not (idle and work.__name__ in NOTHING_TO_END)
        counts.round_trips += asks and self._pipeline is None
        return wait(self, work, *given)

    def watched(waits: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def counted(self: Any) -> Any:
            counts.round_trips += 1
            return waits(self)

        return counted

    with ExitStack() as stack:
        stack.enter_context(patch.object(psycopg.Connection, "wait", watched_wait))
        for name in ANSWERED:
            waits = watched(getattr(psycopg.Pipeline, name))
            stack.enter_context(patch.object(psycopg.Pipeline, name, waits))
        yield

"""What an operation asks of the database, counted: figures without noise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

UNCOUNTED = ("BEGIN", "PRAGMA")


@dataclass
class Counts:
    """`round_trips` counts waits for PostgreSQL's answer: BEGIN, COMMIT and NOTIFY included.

    What is sent together in one pipeline is waited for once.
    """

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

    def begin(_connection: Any) -> None:
        counts.round_trips += database.dialect.name == "postgresql"

    def commit(_connection: Any) -> None:
        counts.commits += 1

    listeners: dict[str, Callable[..., None]] = {
        "before_cursor_execute": statement,
        "begin": begin,
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
    wait, pipeline = psycopg.Connection.wait, psycopg.Connection.pipeline

    def watched_wait(self: Any, work: Any, *given: Any) -> Any:
        idle = self.info.transaction_status == TransactionStatus.IDLE
        asks = not (idle and work.__name__ == "_rollback_gen")
        counts.round_trips += asks and self._pipeline is None
        return wait(self, work, *given)

    @contextmanager
    def watched_pipeline(self: Any) -> Iterator[Any]:
        counts.round_trips += self._pipeline is None
        with pipeline(self) as opened:
            yield opened

    with (
        patch.object(psycopg.Connection, "wait", watched_wait),
        patch.object(psycopg.Connection, "pipeline", watched_pipeline),
    ):
        yield

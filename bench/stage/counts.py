"""What an operation asks of the database, counted: figures without noise."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest.mock import patch

from psycopg import Connection
from psycopg._connection_base import BaseConnection
from psycopg._pipeline_base import BasePipeline
from psycopg.pq import TransactionStatus
from sqlalchemy import Engine, event

UNCOUNTED = ("BEGIN", "COMMIT", "PRAGMA")
OF_PIPELINES = ("_enter_gen", "_exit_gen")
ENDINGS = ("_commit_gen", "_rollback_gen")


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
    """Watch the driver where it stops for an answer, however the statements get there."""
    wait, sync = Connection.wait, BasePipeline._enqueue_sync  # noqa: SLF001 - nothing else tells
    send = BaseConnection._exec_command  # noqa: SLF001 - as above

    def alone(self: Any, work: Any, *given: Any) -> Any:
        idle = self.info.transaction_status == TransactionStatus.IDLE
        ends_nothing = idle and work.__name__ in ENDINGS
        if self._pipeline is None and work.__name__ not in OF_PIPELINES and not ends_nothing:
            counts.round_trips += 1
        return wait(self, work, *given)

    def together(self: Any) -> None:
        counts.round_trips += 1
        sync(self)

    def begin(self: Any, command: Any, *given: Any, **more: Any) -> Any:
        said = command if isinstance(command, bytes) else b""
        counts.round_trips += self._pipeline is None and said.startswith(b"BEGIN")
        return send(self, command, *given, **more)

    with (
        patch.object(Connection, "wait", alone),
        patch.object(BasePipeline, "_enqueue_sync", together),
        patch.object(BaseConnection, "_exec_command", begin),
    ):
        yield

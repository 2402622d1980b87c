"""PostgreSQL as the scaled database: nothing waits for ever, dead peers are noticed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any, Self

import orjson
import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, DisconnectionError, IntegrityError, OperationalError

from bpmn.errors import Unavailable
from engine.errors import ChangesCollided, DatabaseBusy, DatabaseGone, TransactionLost

OPTIONS = {
    "statement_timeout": "13s",
    "lock_timeout": "12s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    "default_transaction_isolation": r"read\ committed",
}

ANSWERS_WITHIN = 14.0
"""Seconds after which a server that says nothing counts as gone; its own limits end earlier."""
LIVELY = 1.0
"""Seconds after its last use for which a connection is believed to be alive."""
RESTING = "resting since"


def connect(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=16,
        max_overflow=16,
        pool_timeout=15,
        connect_args={
            "application_name": "handschlag",
            "connect_timeout": 5,
            "keepalives": 1,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "options": " ".join(f"-c {name}={value}" for name, value in OPTIONS.items()),
        },
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "do_connect", _open)
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", partial(_ping_after_rest, engine))
    return engine


def _note_rest(_connection: Any, record: Any) -> None:
    record.info[RESTING] = time.monotonic()


def _ping_after_rest(engine: Engine, connection: Any, record: Any, _proxy: Any) -> None:
    """Ask whether the server is still there, unless it has answered just now."""
    if time.monotonic() - record.info.get(RESTING, time.monotonic()) < LIVELY:
        return
    try:
        alive = engine.dialect.do_ping(connection)
    except psycopg.Error as error:
        raise DisconnectionError from error
    if not alive:
        raise DisconnectionError


CHANNEL = "handschlag_work"

_COLLIDED = ("40001", "40P01")
"""Serialisation failure, deadlock."""

_BUSY = ("40", "55P03", "57014")
"""Other rollbacks, lock timeout, statement timeout."""

_GONE = ("08", "53", "57P", "58")
"""Connection, resources, shutdown, disk."""

CONVERSING = "conversing"
"""Execution option of a connection on which a conversation begins the transactions."""

_NOTIFY = text(f"NOTIFY {CHANNEL}")


def notify(connection: Connection) -> None:
    """Wake the workers of other processes when this transaction commits."""
    connection.execute(_NOTIFY)


class Line(psycopg.Connection[Any]):
    """A connection that may hold a conversation: then several statements travel as one."""

    pipeline_open: psycopg.Pipeline | None = None
    is_quiet = False
    """Nobody waits for what the statements sent now will answer."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for the server, but not for ever: a line may be dead without a word."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        begun = time.monotonic()
        try:
            return super().wait(gen, interval, ANSWERS_WITHIN)
        except psycopg.OperationalError:
            if time.monotonic() - begun >= ANSWERS_WITHIN:
                self.pgconn.finish()
            raise

    def hear(self) -> None:
        """Wait for the answers to everything sent so far, unless nobody asked for them."""
        if self.pipeline_open is not None and not self.is_quiet:
            self.pipeline_open.sync()


class Voice(psycopg.Cursor[Any]):
    """Sends statements and waits for their answers as its line demands."""

    def execute(self, *given: Any, **options: Any) -> Self:
        super().execute(*given, **options)
        _line(self.connection).hear()
        return self

    def executemany(self, *given: Any, **options: Any) -> None:
        super().executemany(*given, **options)
        _line(self.connection).hear()


def _open(_dialect: Any, _record: Any, given: list[Any], options: dict[str, Any]) -> Line:
    return Line.connect(*given, **options, autocommit=True, cursor_factory=Voice)


def _line(connection: Any) -> Line:
    assert isinstance(connection, Line)
    return connection


def _begin(connection: Connection) -> None:
    """Begin here, not in the driver: a conversation lets BEGIN travel with what follows it."""
    if not connection.get_execution_options().get(CONVERSING):
        _line(connection.connection.driver_connection).execute("BEGIN", prepare=False)


@contextmanager
def conversation(connection: Connection, *, reads_only: bool = False) -> Iterator[None]:
    """Hold a transaction with as few waits as its questions need; the end of the block commits.

    The connection has the option `CONVERSING`. BEGIN travels with the first statement, COMMIT
    with the last. What is sent in a `quiet` block goes with whatever comes next, and so does its
    error: at the latest the end of the block raises it, and then nothing is stored.
    """
    line = _line(connection.connection.driver_connection)
    try:
        with line.pipeline() as line.pipeline_open:
            with _quietly(line):
                line.execute("BEGIN READ ONLY" if reads_only else "BEGIN", prepare=False)
            yield
            with _quietly(line):
                ended = line.execute("COMMIT", prepare=False)
    except psycopg.Error as error:
        raise _wrapped(error) from error
    finally:
        line.pipeline_open = None
    if ended.statusmessage != "COMMIT":
        raise TransactionLost


@contextmanager
def quiet(connection: Connection) -> Iterator[None]:
    """Send the statements of this block without waiting for their answers."""
    with _quietly(_line(connection.connection.driver_connection)):
        yield


@contextmanager
def _quietly(line: Line) -> Iterator[None]:
    before, line.is_quiet = line.is_quiet, True
    try:
        yield
    finally:
        line.is_quiet = before


def _wrapped(error: psycopg.Error) -> BaseException:
    return DBAPIError.instance(None, None, error, psycopg.Error)


def refers_to_nothing(error: IntegrityError) -> bool:
    """Tell whether a row refers to one that somebody has deleted since it was read."""
    return isinstance(error.orig, psycopg.errors.ForeignKeyViolation)


def refusal(error: OperationalError) -> Unavailable | None:
    """Say what a person is told about this error, if it will pass."""
    if not isinstance(error.orig, psycopg.Error):
        return None
    state = error.orig.sqlstate
    if state is None or state.startswith(_GONE):
        return DatabaseGone()
    if state in _COLLIDED:
        return ChangesCollided()
    return DatabaseBusy() if state.startswith(_BUSY) else None

"""PostgreSQL as the scaled database: nothing waits for ever, dead peers are noticed."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import orjson
import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DisconnectionError, OperationalError

from bpmn.errors import Unavailable
from engine.errors import DatabaseBusy, DatabaseGone

OPTIONS = {
    "statement_timeout": "15s",
    "lock_timeout": "12s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}

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

_BUSY = ("40", "55P03", "57014")
"""Deadlock and serialisation, lock timeout, statement timeout."""

_GONE = ("08", "53", "57P", "58")
"""Connection, resources, shutdown, disk."""

_NOTIFY = text(f"NOTIFY {CHANNEL}")


def notify(connection: Connection) -> None:
    """Wake the workers of other processes when this transaction commits."""
    connection.execute(_NOTIFY)


@contextmanager
def pipeline(connection: Connection) -> Iterator[None]:
    """Send statements without waiting for each answer; an error shows at the end of the block."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    try:
        with driver.pipeline():
            yield
    except psycopg.OperationalError as error:
        raise OperationalError("pipeline", {}, error) from error


def refusal(error: OperationalError) -> Unavailable | None:
    """Say what a person is told about this error, if it will pass."""
    if not isinstance(error.orig, psycopg.Error):
        return None
    state = error.orig.sqlstate
    if state is None or state.startswith(_GONE):
        return DatabaseGone()
    return DatabaseBusy() if state.startswith(_BUSY) else None

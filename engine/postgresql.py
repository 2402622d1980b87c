"""PostgreSQL as the scaled database: nothing waits for ever, dead peers are noticed."""

import orjson
import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from bpmn.errors import Unavailable
from engine.errors import DatabaseBusy, DatabaseGone

OPTIONS = {
    "statement_timeout": "15s",
    "lock_timeout": "12s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
}


def connect(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=16,
        max_overflow=16,
        pool_timeout=15,
        pool_pre_ping=True,
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


CHANNEL = "handschlag_work"

_BUSY = ("40", "55P03", "57014")
"""Deadlock and serialisation, lock timeout, statement timeout."""

_GONE = ("08", "53", "57P", "58")
"""Connection, resources, shutdown, disk."""

_NOTIFY = text(f"NOTIFY {CHANNEL}")


def notify(connection: Connection) -> None:
    """Wake the workers of other processes when this transaction commits."""
    connection.execute(_NOTIFY)


def refusal(error: OperationalError) -> Unavailable | None:
    """Say what a person is told about this error, if it will pass."""
    if not isinstance(error.orig, psycopg.Error):
        return None
    state = error.orig.sqlstate
    if state is None or state.startswith(_GONE):
        return DatabaseGone()
    return DatabaseBusy() if state.startswith(_BUSY) else None

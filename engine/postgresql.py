"""PostgreSQL as the scaled database: nothing waits for ever, dead peers are noticed."""

import time
from typing import Any

import orjson
import psycopg
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DisconnectionError, IntegrityError, OperationalError

from bpmn.errors import Unavailable
from engine.conversation import Line, begin, open_line, send
from engine.errors import ChangesCollided, DatabaseBusy, DatabaseGone

OPTIONS = {
    "statement_timeout": "13s",
    "lock_timeout": "12s",
    "idle_in_transaction_session_timeout": "30s",
    "timezone": "UTC",
    "default_transaction_isolation": r"read\ committed",
}

LIVELY = 1.0
"""Seconds after its last use for which a connection is believed to be alive."""
RESTING = "resting since"
PONGS_WITHIN = 2.0
"""Seconds in which one that has rested answers, or counts as dead: a sound server needs none."""
CONNECTS_WITHIN = 5
"""Seconds for another in its place; whoever asked has waited for both."""


def connect(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=16,
        max_overflow=16,
        pool_timeout=15,
        connect_args={
            "application_name": "handschlag",
            "client_encoding": "utf8",  # what is sent past the library is spelled in it
            "connect_timeout": CONNECTS_WITHIN,
            "keepalives": 1,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "options": " ".join(f"-c {name}={value}" for name, value in OPTIONS.items()),
        },
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "do_connect", open_line)
    event.listen(engine, "begin", begin)
    event.listen(engine, "checkin", _note_rest)
    event.listen(engine, "checkout", _ping_after_rest)
    return engine


def _note_rest(_connection: Any, record: Any) -> None:
    record.info[RESTING] = time.monotonic()


def _ping_after_rest(line: Line, record: Any, _proxy: Any) -> None:
    """Ask whether the server is still there, unless it has answered just now."""
    if time.monotonic() - record.info.get(RESTING, time.monotonic()) < LIVELY:
        return
    line.patience = PONGS_WITHIN
    try:
        line.execute("")
    except psycopg.Error as error:
        raise DisconnectionError from error
    finally:
        line.patience = None


CHANNEL = "handschlag_work"

_COLLIDED = ("40001", "40P01")
"""Serialisation failure, deadlock."""

_BUSY = ("40", "55P03", "57014")
"""Other rollbacks, lock timeout, statement timeout."""

_GONE = ("08", "53", "57P", "58")
"""Connection, resources, shutdown, disk."""

_NOTIFY = f"NOTIFY {CHANNEL}"


def notify(connection: Connection) -> None:
    """Wake the workers of other processes when this transaction commits."""
    send(connection, _NOTIFY)


def collision(error: IntegrityError) -> ChangesCollided | None:
    """Take a row that refers to nothing for one whose other was deleted since it was read."""
    if not isinstance(error.orig, psycopg.errors.ForeignKeyViolation):
        return None
    return ChangesCollided(error.orig.diag.constraint_name)


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

"""SQLite as the embedded database: durable, one writer, and waiting instead of failing."""

import random
import sqlite3
import time
from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import URL, Connection, Engine, QueuePool, create_engine, event
from sqlalchemy.exc import DBAPIError, OperationalError

from bpmn.errors import Unavailable
from engine.errors import DatabaseBusy, DatabaseGone
from engine.overhearing import tell

PATIENCE = 15.0
"""Seconds that a transaction waits for its turn."""

FIRST_SAFE_WAL = (3, 51, 3)
"""Earlier libraries can damage a database in WAL mode when two processes write."""

READING = "reads_only"
"""Execution option of a connection that promises not to write."""


def connect(url: URL) -> Engine:
    if url.database in (None, "", ":memory:"):
        raise ValueError("A SQLite database needs a file: threads share it.")
    engine = create_engine(
        url,
        poolclass=QueuePool,
        pool_size=16,
        max_overflow=16,
        pool_timeout=PATIENCE,
        connect_args={"timeout": PATIENCE, "check_same_thread": False},
        json_serializer=lambda value: orjson.dumps(value).decode(),
        json_deserializer=orjson.loads,
    )
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def journal_mode() -> str:
    return "WAL" if sqlite3.sqlite_version_info >= FIRST_SAFE_WAL else "TRUNCATE"


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    connection.execute(f"PRAGMA journal_mode = {journal_mode()}")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")


def _begin(connection: Connection) -> None:
    """Begin past the library's statement machinery: this precedes every transaction."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    if connection.get_execution_options().get(READING):
        driver.execute("PRAGMA query_only = ON")
        driver.execute("BEGIN")
        return
    driver.execute("PRAGMA query_only = OFF")
    try:
        _begin_writing(driver)
    except sqlite3.OperationalError as error:
        raise OperationalError("BEGIN IMMEDIATE", {}, error) from error


def _begin_writing(driver: sqlite3.Connection) -> None:
    """Take the write lock, asking often: SQLite's own pauses grow and starve the patient."""
    deadline = time.monotonic() + PATIENCE
    driver.execute("PRAGMA busy_timeout = 0")
    try:
        while not _try_begin(driver, deadline):
            time.sleep(random.uniform(0.001, 0.004))  # noqa: S311 - spreads the askers
    finally:
        driver.execute(f"PRAGMA busy_timeout = {int(PATIENCE * 1000)}")


def _try_begin(driver: sqlite3.Connection, deadline: float) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
            raise
        return False
    return True


def send(connection: Connection, text: str, values: Sequence[Sequence[Any]]) -> None:
    """Run a statement once for each list of values, past the library's statement machinery."""
    driver = connection.connection.driver_connection
    assert isinstance(driver, sqlite3.Connection)
    tell(connection, text, values)
    try:
        driver.executemany(text, values)
    except sqlite3.Error as error:
        raise DBAPIError.instance(text, None, error, sqlite3.Error) from error


def is_busy(error: OperationalError) -> bool:
    code = getattr(error.orig, "sqlite_errorcode", 0)
    return code & 0xFF in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)


_DAMAGED = {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT}


def is_damaged(error: DBAPIError) -> bool:
    return getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _DAMAGED


_GONE = {sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN}


def refusal(error: OperationalError) -> Unavailable | None:
    """Say what a person is told about this error, if it will pass."""
    if is_busy(error):
        return DatabaseBusy()
    if getattr(error.orig, "sqlite_errorcode", 0) & 0xFF in _GONE:
        return DatabaseGone()
    return None

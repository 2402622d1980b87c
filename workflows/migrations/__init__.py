"""The schema of an installation and how it moves from version to version; it sees every table."""

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text
from sqlalchemy.exc import OperationalError

import engine.commands
import engine.fault_table
import engine.migration_table
import engine.models
import engine.retention_table
import engine.statistic_table
import engine.stay_table
import notifications.models
import workflows.audit
import workflows.calendar
import workflows.cases.models
import workflows.cases.records
import workflows.inbox.models
import workflows.people.models
import workflows.sealing
import workflows.studio.models
import workflows.tending.models
from engine import postgresql
from engine.database import Base
from engine.errors import DatabaseBusy

HERE = Path(__file__).parent
ONE_AT_A_TIME = 0x48616E64
"""Key of the PostgreSQL lock that keeps two processes from migrating at once."""

PAUSES = [0.5 * 2**number for number in range(6)]
"""Seconds between attempts to get hold of the tables."""

ROOMS = (
    engine.commands,
    engine.fault_table,
    engine.migration_table,
    engine.models,
    engine.retention_table,
    engine.statistic_table,
    engine.stay_table,
    notifications.models,
    workflows.audit,
    workflows.calendar,
    workflows.cases.models,
    workflows.cases.records,
    workflows.inbox.models,
    workflows.people.models,
    workflows.sealing,
    workflows.studio.models,
    workflows.tending.models,
)
"""Every module that declares tables."""


def metadata() -> MetaData:
    """Give the schema that the code expects."""
    assert all(ROOMS)
    return Base.metadata


def upgrade(database: Engine, revision: str = "head") -> None:
    """Bring the tables up to date, whole or not at all; several processes may call it at once.

    Who is at work meanwhile waits for seconds at most: a revision that does not get hold of a
    table soon lets everybody pass and tries again.
    """
    for pause in PAUSES:
        try:
            return _upgrade(database, revision)
        except OperationalError as error:
            if not isinstance(postgresql.refusal(error), DatabaseBusy):
                raise
        time.sleep(pause)
    return _upgrade(database, revision)


def _upgrade(database: Engine, revision: str) -> None:
    with _alone(database) as connection:
        command.upgrade(_config(connection), revision)
        _check_references(connection)


def current(connection: Connection) -> str | None:
    """Name the version that the tables have."""
    return MigrationContext.configure(connection).get_current_revision()


def is_current(connection: Connection) -> bool:
    """Tell whether code and tables fit."""
    newest = ScriptDirectory.from_config(_config(connection)).get_current_head()
    return current(connection) == newest


def write(database: Engine, number: str, what: str) -> None:
    """Write the next migration from what the models say and this database lacks."""
    with database.begin() as connection:
        config = _config(connection)
        command.revision(config, message=what, autogenerate=True, rev_id=number)


@contextmanager
def _alone(database: Engine) -> Iterator[Connection]:
    """Hold the schema; SQLite's write lock does by itself what PostgreSQL is asked for."""
    with database.connect() as connection, _unguarded(connection), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL lock_timeout = '3s'"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ONE_AT_A_TIME})
        yield connection


def _check_references(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        assert not lost, f"rows without what they refer to: {lost[:5]}"


@contextmanager
def _unguarded(connection: Connection) -> Iterator[None]:
    """Let SQLite replace a table without emptying those that refer to it.

    It changes most columns by copying the table and dropping the old one, which would delete
    what cascades. The switch works outside of transactions alone; the check does at their end.
    """
    driver = connection.connection.driver_connection
    if not isinstance(driver, sqlite3.Connection):
        yield
        return
    driver.execute("PRAGMA foreign_keys = OFF")
    try:
        yield
    finally:
        driver.execute("PRAGMA foreign_keys = ON")


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config

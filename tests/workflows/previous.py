"""The code before a revision, at work on its tables: it knows their columns and no others."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import pairwise
from uuid import uuid4

from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import (
    JSON,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    Uuid,
    delete,
    insert,
    select,
    update,
)

from workflows import migrations

ORDER = ("instance", "user_task", "job", "subscription", "fault")
"""The order in which a step takes its locks."""
PAUSE = 0.002
FITTING = {"fault": {"state": "open", "closed_at": None}}
"""Values that the checks of a table ask for."""


def revisions():
    """List each revision with the one that follows it, oldest first."""
    config = Config()
    config.set_main_option("script_location", str(migrations.HERE))
    found = ScriptDirectory.from_config(config).walk_revisions()
    return list(pairwise(reversed([one.revision for one in found])))


def tables_of(database):
    metadata = MetaData()
    metadata.reflect(database)
    return {
        table.name: table for table in metadata.sorted_tables if table.name != "alembic_version"
    }


def rows_of(database, tables):
    """Read everything that is stored in the columns of these tables."""
    with database.connect() as connection:
        return {
            name: sorted(map(repr, connection.execute(select(table))))
            for name, table in tables.items()
        }


def clear(database):
    """Leave no table."""
    metadata = MetaData()
    metadata.reflect(database)
    metadata.drop_all(database)


class Previous:
    """Reads, changes, removes and writes rows as they were known before; keeps what went wrong."""

    def __init__(self, database, tables):
        self.errors, self.longest, self.rounds = [], 0.0, 0
        self._database, self._tables = database, tables
        self._stop = threading.Event()
        referred = {
            key.column.table.name for table in tables.values() for key in table.foreign_keys
        }
        self._leaves = set(tables) - referred
        rest = [name for name in tables if name not in ORDER]
        self._groups = [ORDER, *[[name] for name in rest]]

    @contextmanager
    def at_work(self):
        threads = [
            threading.Thread(target=self._work, args=(self._groups[one::3],)) for one in range(3)
        ]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()

    def wait_for_rounds(self, count):
        until = self.rounds + count
        while self.rounds < until and not self.errors:
            time.sleep(0.01)

    def _work(self, groups):
        while not self._stop.is_set():
            for group in groups:
                begun = time.monotonic()
                try:
                    with self._database.begin() as connection:
                        for name in group:
                            self._visit(connection, self._tables[name])
                except Exception as error:  # noqa: BLE001 - every kind is told
                    self.errors.append(error)
                    return
                self.longest = max(self.longest, time.monotonic() - begun)
                time.sleep(PAUSE)
            self.rounds += 1

    def _visit(self, connection, table):
        found = connection.execute(select(table).limit(5)).mappings().all()
        for row in found:
            this = [column == row[column.name] for column in table.primary_key]
            connection.execute(update(table).where(*this).values(**row))
            if table.name in self._leaves:
                connection.execute(delete(table).where(*this))
                connection.execute(insert(table), dict(row))
        if not found and table.name in FITTING:
            connection.execute(insert(table), made_up(table))
            connection.execute(delete(table))


def made_up(table):
    """Make a row of nothing in particular."""
    kinds = {
        Uuid: uuid4,
        DateTime: lambda: datetime.now(UTC),
        JSON: dict,
        Integer: lambda: 1,
        LargeBinary: lambda: b"",
    }
    row = {
        column.name: next(
            (make() for kind, make in kinds.items() if isinstance(column.type, kind)), "x"
        )
        for column in table.columns
        if not column.nullable
    }
    return row | FITTING[table.name]

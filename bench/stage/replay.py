"""The bare way: what an operation wrote, written again by the driver alone, with ids of its own.

What the rows are is not said here but learned: the tables are compared before and after the
operation was done once. One read, then every write and the commit in one go.
"""

import itertools
import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import psycopg
from sqlalchemy import String, Table, UniqueConstraint

from bench.stage.databases import SQLITE, native
from engine.database import Base

Row = dict[str, Any]
Image = dict[str, dict[tuple[Any, ...], Row]]
Value = Callable[[int], Any]
GROWING = frozenset({"last", "position", "step", "token", "version"})
CASCADES = frozenset({"task_candidate"})
"""Tables whose rows follow others by a foreign key, without a statement."""
_READ_TASK = (
    "SELECT * FROM user_task JOIN instance ON instance.id = user_task.instance_id"
    " WHERE user_task.id = ?"
)
_READ_DEPLOYMENT = (
    "SELECT * FROM installation JOIN deployment ON deployment.id = installation.deployment_id"
)


class Driver:
    """A connection without anything above it; statements are spelled with question marks."""

    def __init__(self, kind: str, url: str) -> None:
        self.is_sqlite = kind == SQLITE
        self._sqlite = self._postgresql = None
        if self.is_sqlite:
            self._sqlite = sqlite3.connect(
                native(url), isolation_level=None, check_same_thread=False
            )
            self._sqlite.row_factory = sqlite3.Row
            self._sqlite.execute("PRAGMA synchronous = FULL")
            self._sqlite.execute("PRAGMA foreign_keys = ON")
        else:
            self._postgresql = psycopg.connect(native(url), autocommit=True)

    def spell(self, sql: str) -> str:
        return sql if self.is_sqlite else sql.replace("?", "%s")

    def rows(self, table: Table) -> list[Row]:
        select = f'SELECT * FROM "{table.name}"'
        if self._sqlite is not None:
            return [dict(row) for row in self._sqlite.execute(select)]
        assert self._postgresql is not None
        cursor = self._postgresql.execute(select)
        names = [column.name for column in cursor.description or ()]
        return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor]

    def transact(self, read: tuple[str, list[Any]], writes: list[tuple[str, list[Any]]]) -> None:
        """Read, write everything, commit: on PostgreSQL two round trips."""
        if self._sqlite is not None:
            self._sqlite.execute("BEGIN IMMEDIATE")
            self._sqlite.execute(*read).fetchall()
            for sql, values in writes:
                self._sqlite.execute(sql, values)
            self._sqlite.execute("COMMIT")
            return
        assert self._postgresql is not None
        with self._postgresql.pipeline():
            self._postgresql.execute("BEGIN")
            self._postgresql.execute(*read).fetchall()
            for sql, values in writes:
                self._postgresql.execute(sql, values)
            self._postgresql.execute("COMMIT")

    def close(self) -> None:
        for connection in (self._sqlite, self._postgresql):
            if connection is not None:
                connection.close()


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, dict | list) else value


def picture(driver: Driver) -> Image:
    """Read every row of every table."""
    return {
        table.name: {_key(table, row): row for row in driver.rows(table)}
        for table in Base.metadata.sorted_tables
    }


def _key(table: Table, row: Row) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


@dataclass
class Ids:
    """Which rows of the operation stand for which rows now."""

    fresh: list[Any]
    """Ids of rows that it made."""
    follows: dict[Any, Any]
    """The id of a row that it ended -> the id of the row it made in its place."""

    def __post_init__(self) -> None:
        self.now: dict[Any, Any] = {old: old for old in self.follows}

    def next(self) -> None:
        """Take the rows of the last round for those that it ends, and new ids for the others."""
        for old, new in self.follows.items():
            self.now[old] = self.now.get(new, new)
        for one in self.fresh:
            self.now[one] = uuid4() if isinstance(one, UUID) else uuid4().hex

    def known(self) -> list[Any]:
        return [*self.fresh, *self.follows]


class Replay:
    """Do again, bare, what was done between two pictures."""

    def __init__(self, driver: Driver, before: Image, after: Image) -> None:
        self._driver = driver
        self._rounds = itertools.count(1)
        made, ended = dict(_made(before, after)), dict(_ended(before, after))
        self._ids = Ids(*_identities(made, ended))
        self._writes = [
            *self._updates(before, after),
            *self._deletes(before, after),
            *(self._insert(table, rows) for table, rows in made.items() if rows),
        ]
        tasks = [key for key in self._ids.follows if (key,) in before["user_task"]]
        locked = "" if driver.is_sqlite else " FOR UPDATE OF user_task, instance"
        self._read = (_READ_TASK + locked, tasks) if tasks else (_READ_DEPLOYMENT, [])
        self.rows = {table: len(rows) for table, rows in made.items() if rows}

    def run(self) -> None:
        number = next(self._rounds)
        self._ids.next()
        sql, tasks = self._read
        writes = [(sql, [value(number) for value in values]) for sql, values in self._writes]
        read = (self._driver.spell(sql), [self._ids.now[task] for task in tasks])
        self._driver.transact(read, writes)

    def _insert(self, table: str, rows: list[Row]) -> tuple[str, list[Value]]:
        names = list(rows[0])
        marks = ", ".join(f"({', '.join('?' * len(names))})" for _ in rows)
        columns = ", ".join(f'"{name}"' for name in names)
        values = [self._value(table, name, row[name]) for row in rows for name in names]
        return self._driver.spell(f'INSERT INTO "{table}" ({columns}) VALUES {marks}'), values

    def _updates(self, before: Image, after: Image) -> Iterator[tuple[str, list[Value]]]:
        for table, key, old, new in _changed(before, after):
            changed = {name: new[name] for name in new if new[name] != old[name]}
            sets = ", ".join(f'"{name}" = ?' for name in changed)
            values = [self._value(table, name, value) for name, value in changed.items()]
            yield self._where(f'UPDATE "{table}" SET {sets}', table, key, values)

    def _deletes(self, before: Image, after: Image) -> Iterator[tuple[str, list[Value]]]:
        for table, rows in before.items():
            for key in rows.keys() - after[table].keys():
                yield self._where(f'DELETE FROM "{table}"', table, key, [])

    def _where(
        self, sql: str, table: str, key: tuple[Any, ...], values: list[Value]
    ) -> tuple[str, list[Value]]:
        columns = [column.name for column in Base.metadata.tables[table].primary_key]
        matches = " AND ".join(f'"{name}" = ?' for name in columns)
        known = [self._id_or_same(value) for value in key]
        return self._driver.spell(f"{sql} WHERE {matches}"), [*values, *known]

    def _id_or_same(self, value: Any) -> Value:
        if value in self._ids.known():
            return lambda _number: self._ids.now[value]
        return lambda _number: value

    def _value(self, table: str, name: str, value: Any) -> Value:
        if value in self._ids.known():
            return lambda _number: self._ids.now[value]
        if name in GROWING and isinstance(value, int):
            return lambda number: value + 10_000 * number
        if isinstance(value, str):
            return self._text(value, unique=_is_unique(Base.metadata.tables[table], name))
        return lambda _number: value

    def _text(self, text: str, *, unique: bool) -> Value:
        inside = {str(UUID(str(one))): one for one in self._ids.known() if _is_id(one)}
        inside = {spelled: one for spelled, one in inside.items() if spelled in text}

        def written(number: int) -> str:
            said = text
            for spelled, one in inside.items():
                said = said.replace(spelled, str(UUID(str(self._ids.now[one]))))
            return f"{said}-{number}" if unique else said

        return written


def _is_id(value: Any) -> bool:
    return isinstance(value, UUID) or (isinstance(value, str) and len(value) == 32)


def _is_unique(table: Table, name: str) -> bool:
    column = table.columns[name]
    if not isinstance(column.type, String):
        return False
    alone = [list(table.primary_key)] + [
        list(one.columns) for one in table.constraints if isinstance(one, UniqueConstraint)
    ]
    return [column] in alone


def _made(before: Image, after: Image) -> Iterator[tuple[str, list[Row]]]:
    for table, rows in after.items():
        yield table, [row for key, row in rows.items() if key not in before[table]]


def _ended(before: Image, after: Image) -> Iterator[tuple[str, list[Row]]]:
    """List rows that were deleted, and tasks that were closed."""
    for table, rows in before.items():
        gone = [row for key, row in rows.items() if key not in after[table]]
        closed = [
            old for name, _, old, _ in _changed(before, after) if name == table == "user_task"
        ]
        yield table, gone + closed


def _changed(before: Image, after: Image) -> Iterator[tuple[str, tuple[Any, ...], Row, Row]]:
    for table, rows in before.items():
        if table in CASCADES:
            continue
        for key, old in rows.items():
            new = after[table].get(key)
            if new is not None and new != old:
                yield table, key, old, new


def _identities(
    made: Mapping[str, list[Row]], ended: Mapping[str, list[Row]]
) -> tuple[list[Any], dict[Any, Any]]:
    keys = {
        table: [key for row in rows for key in _key(Base.metadata.tables[table], row)[:1]]
        for table, rows in made.items()
    }
    fresh = {key: None for found in keys.values() for key in found if _is_id(key)}
    follows = {}
    for table, rows in ended.items():
        for row in rows:
            same = [new for new in made[table] if new.get("kind") == row.get("kind")]
            if same:
                follows[row["id"]] = same[0]["id"]
    known = {one for old in ended.values() for row in old for one in (row.get("id"),)}
    return [one for one in fresh if one not in known and _belongs(one, made)], follows


def _belongs(one: Any, made: Mapping[str, list[Row]]) -> bool:
    """Whether a row is named by this id; others, such as candidates, only point to one."""
    return any(one in (row.get("id"), row.get("case_id")) for rows in made.values() for row in rows)

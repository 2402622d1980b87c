"""Statements that only write: made ready once, then sent past everything that makes statements.

Nobody asks for their outcome. On PostgreSQL they wait in the line and travel with whatever comes
next; an error shows then, at the latest at the commit, and nothing is stored.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import Connection, Delete, Dialect, Insert, Table, Update, insert
from sqlalchemy.dialects import sqlite as sqlite_dialects
from sqlalchemy.dialects.postgresql.base import PGDialect

from engine import postgresql, sqlite

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Ready:
    """A text for one database, and where the values in it come from."""

    text: str
    names: Sequence[str]
    constants: Row
    spelling: Mapping[str, Callable[[Any], Any] | None]
    """How the library has the database's driver told a value, if not as it is."""

    @classmethod
    def of(cls, statement: Insert | Update | Delete, dialect: Dialect) -> "Ready":
        compiled = statement.compile(dialect=dialect)
        names: Sequence[str] = compiled.positiontup or ()
        constants = {name: compiled.params[name] for name in names}
        types = {name: compiled.binds[name].type.dialect_impl(dialect) for name in names}
        spelling = {name: types[name].bind_processor(dialect) for name in names}
        return cls(str(compiled), names, constants, spelling)

    def values(self, row: Row) -> list[Any]:
        return [row[name] if name in row else self.constants[name] for name in self.names]

    def spelled(self, row: Row) -> list[Any]:
        spellings = (self.spelling[name] for name in self.names)
        pairs = zip(spellings, self.values(row), strict=True)
        return [spell(value) if spell else value for spell, value in pairs]


class Change:
    """An UPDATE or DELETE; for each row of values it is sent once."""

    def __init__(self, statement: Update | Delete) -> None:
        self._statement = statement

    @cached_property
    def sqlite(self) -> Ready:
        return Ready.of(self._statement, _SQLITE)

    @cached_property
    def _postgresql(self) -> Ready:
        return Ready.of(self._statement, _POSTGRESQL)

    def spoken(self, rows: Sequence[Row]) -> tuple[str, list[list[bytes | None]]]:
        """Give the text for PostgreSQL, and the values of each time that it is sent."""
        ready = self._postgresql
        return ready.text, [[_spoken(value) for value in ready.values(row)] for row in rows]


class Rows:
    """An INSERT of whole rows, however many in one statement: they travel as one JSON text."""

    def __init__(self, table: Table, unless_present: str | None = None) -> None:
        """Skip rows whose value in the column `unless_present` is already there."""
        self._table = table
        self._renamed = {
            str(one.key): str(one.name) for one in table.columns if one.key != one.name
        }
        """Columns that the database knows by other names than the rows."""
        self._keys = {str(one.key) for one in table.columns}
        self._ending = f" ON CONFLICT ({unless_present}) DO NOTHING" if unless_present else ""

    @cached_property
    def sqlite(self) -> Ready:
        ready = Ready.of(insert(self._table), _SQLITE)
        return replace(ready, text=ready.text + self._ending, constants={})

    @cached_property
    def _postgresql(self) -> str:
        name = self._table.name
        columns = ", ".join(f'"{column.name}"' for column in self._table.columns)
        return (
            f'INSERT INTO "{name}" ({columns}) SELECT {columns}'  # noqa: S608 - names of our own
            f' FROM json_populate_recordset(NULL::"{name}", $1){self._ending}'
        )

    def spoken(self, rows: Sequence[Row]) -> tuple[str, list[list[bytes | None]]]:
        """Give the text for PostgreSQL, and the one value with which it is sent."""
        if any(row.keys() != self._keys for row in rows):
            raise ValueError("A row needs a value for every column.")
        if self._renamed:
            rows = [{self._renamed.get(key, key): row[key] for key in row} for row in rows]
        return self._postgresql, [[orjson.dumps(rows, _in_json, orjson.OPT_PASSTHROUGH_DATETIME)]]


Prepared = Change | Rows

_SQLITE = sqlite_dialects.dialect(json_serializer=lambda value: orjson.dumps(value).decode())
_POSTGRESQL = PGDialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]


def send(connection: Connection, statement: Prepared, rows: Sequence[Row]) -> None:
    """Write these rows, or change what they say, and wait for nothing."""
    if not rows:
        return
    if connection.dialect.name == "postgresql":
        postgresql.send(connection, *statement.spoken(rows))
    else:
        ready = statement.sqlite
        sqlite.send(connection, ready.text, [ready.spelled(row) for row in rows])


def _spoken(value: Any) -> bytes | None:
    """Spell a value as PostgreSQL reads it."""
    match value:
        case None:
            return None
        case str():
            return value.encode()
        case bool():
            return b"true" if value else b"false"
        case int() | float() | UUID():
            return str(value).encode()
        case dict() | list():
            return orjson.dumps(value)
    return str(_in_json(value)).encode()


def _in_json(value: Any) -> str:
    match value:
        case datetime():
            return _aware(value).isoformat()
        case date():
            return value.isoformat()
        case bytes():
            return rf"\x{value.hex()}"
    raise TypeError(type(value))


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant

"""Statements that only write: made ready once, then sent past everything that makes statements.

Nobody asks for their outcome. On PostgreSQL they wait in the line and travel with whatever comes
next: until then they lock nothing, and an error shows no sooner, at the latest at the commit;
nothing is stored then. On SQLite they are done at once.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import (
    Connection,
    Delete,
    Dialect,
    Float,
    Insert,
    Table,
    Update,
    column,
    select,
    text,
)
from sqlalchemy.dialects import postgresql as postgresql_dialects
from sqlalchemy.dialects import sqlite as sqlite_dialects
from sqlalchemy.dialects.postgresql.base import PGDialect

from engine import conversation, sqlite

Row = Mapping[str, Any]
Amendment = Callable[[Any], Any]
"""Takes the INSERT of either dialect and gives what is sent; its `excluded` are the given rows."""


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
        binds = compiled.binds
        constants = {name: compiled.params[name] for name in names if not binds[name].required}
        types = {name: binds[name].type.dialect_impl(dialect) for name in names}
        spelling = {name: types[name].bind_processor(dialect) for name in names}
        return cls(str(compiled), names, constants, spelling)

    def spelled(self, row: Row) -> list[Any]:
        values = [row[name] if name in row else self.constants[name] for name in self.names]
        pairs = zip(self.names, values, strict=True)
        return [spell(value) if (spell := self.spelling[name]) else value for name, value in pairs]


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
        return ready.text, [[_spoken(value) for value in ready.spelled(row)] for row in rows]


class Rows:
    """An INSERT of whole rows, however many in one statement: they travel as one JSON text."""

    def __init__(self, table: Table, amended: Amendment = lambda statement: statement) -> None:
        """Have `amended` say what becomes of rows that are there already."""
        self._table = table
        self._amended = amended
        self._names = {str(one.key): str(one.name) for one in table.columns}
        """What the database calls the columns."""
        self._floats = [str(one.key) for one in table.columns if isinstance(one.type, Float)]
        self._renamed = any(key != name for key, name in self._names.items())

    @cached_property
    def sqlite(self) -> Ready:
        statement = self._amended(sqlite_dialects.insert(self._table))
        return replace(Ready.of(statement, _SQLITE), constants={})

    @cached_property
    def _postgresql(self) -> str:
        columns: list[Any] = [column(name) for name in self._names.values()]
        given = text(f'json_populate_recordset(NULL::"{self._table.name}", $1)')
        rows = select(*columns).select_from(given)
        statement = postgresql_dialects.insert(self._table).from_select(
            list(self._names), rows, include_defaults=False
        )
        return str(self._amended(statement).compile(dialect=_POSTGRESQL))

    def spoken(self, rows: Sequence[Row]) -> tuple[str, bytes]:
        """Give the text for PostgreSQL, and the one value with which it is sent."""
        if any(row.keys() != self._names.keys() for row in rows):
            raise ValueError("A row needs a value for every column.")
        if self._floats:
            rows = [{**row, **_texts(row, self._floats)} for row in rows]
        if self._renamed:
            rows = [{self._names[key]: value for key, value in row.items()} for row in rows]
        return self._postgresql, orjson.dumps(rows, _in_json, orjson.OPT_PASSTHROUGH_DATETIME)


Prepared = Change | Rows


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()


_SQLITE = sqlite_dialects.dialect(json_serializer=_json)
_POSTGRESQL = PGDialect(  # type: ignore[no-untyped-call]
    paramstyle="numeric_dollar", json_serializer=_json
)


def send(connection: Connection, statement: Prepared, rows: Sequence[Row]) -> None:
    """Write these rows, or change what they say, and wait for nothing."""
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        ready = statement.sqlite
        sqlite.send(connection, ready.text, [ready.spelled(row) for row in rows])
    elif isinstance(statement, Rows):
        conversation.insert(connection, *statement.spoken(rows))
    else:
        conversation.send(connection, *statement.spoken(rows))


def as_one(connection: Connection) -> AbstractContextManager[None]:
    """Where the database can, make one statement of all `Rows` in this block, which has no more."""
    if connection.dialect.name == "postgresql":
        return conversation.as_one(connection)
    return nullcontext()


def _spoken(value: Any) -> bytes | None:
    """Spell a value as PostgreSQL reads it."""
    match value:
        case None:
            return None
        case str():
            return _whole(value).encode()
        case bool():
            return b"true" if value else b"false"
        case int() | float() | UUID():
            return str(value).encode()
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


def _texts(row: Row, names: Sequence[str]) -> dict[str, str]:
    """Spell numbers as texts: JSON has no infinity."""
    return {name: str(row[name]) for name in names if row[name] is not None}


def _whole(value: str) -> str:
    if "\0" in value:
        raise ValueError("PostgreSQL keeps no U+0000: the text would end there.")
    return value


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("An instant needs a time zone.")
    return instant

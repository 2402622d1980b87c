"""New rows that are written and not read again as objects: past the session, waiting for nothing."""

from functools import cache
from typing import Any

from sqlalchemy.orm import Session
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from engine.database import Base, table_of
from engine.sending import Row, Rows, send


def keep(session: Session, *rows: Base) -> None:
    """Store new rows, at once and in this order of tables; what changes in them later is lost."""
    by_kind: dict[type[Base], list[Row]] = {}
    for row in rows:
        by_kind.setdefault(type(row), []).append({**_defaults(type(row)), **_given(row)})
    for kind, values in by_kind.items():
        send(session.connection(), _statement(kind), values)


def _given(row: Base) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


@cache
def _statement(kind: type[Base]) -> Rows:
    return Rows(table_of(kind))


@cache
def _defaults(kind: type[Base]) -> Row:
    return {
        column.key: column.default.arg
        if isinstance(column.default, ScalarElementColumnDefault)
        else None
        for column in table_of(kind).columns
    }

"""New rows, stored past the session's flush and without waiting; then they are the session's."""

from functools import cache
from typing import Any

from sqlalchemy.orm import Session, make_transient_to_detached
from sqlalchemy.sql.schema import ScalarElementColumnDefault

from engine.database import Base, table_of
from engine.sending import Row, Rows, send


def keep(session: Session, *rows: Base) -> None:
    """Store new rows at once, kind by kind in this order; what changes in them later is flushed."""
    by_kind: dict[type[Base], list[Row]] = {}
    for row in rows:
        values = {**_defaults(type(row)), **_given(row)}
        vars(row).update(values)  # what is stored need not be read again
        by_kind.setdefault(type(row), []).append(values)
    for kind, stored in by_kind.items():
        send(session.connection(), _statement(kind), stored)
    for row in rows:
        make_transient_to_detached(row)
        session.add(row)


def _given(row: Base) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if not name.startswith("_")}


@cache
def _statement(kind: type[Base]) -> Rows:
    return Rows(table_of(kind))


@cache
def _defaults(kind: type[Base]) -> Row:
    """Give what is stored where nothing was said; a default that has to be computed is refused."""
    return {
        column.key: getattr(column.default, "arg", None)
        for column in table_of(kind).columns
        if isinstance(column.default or column.server_default, ScalarElementColumnDefault | None)
    }

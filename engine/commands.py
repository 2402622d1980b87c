"""Which commands have been carried out, by the id that their sender gave them."""

from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, bindparam, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningInsert

from engine import clock
from engine.database import Base, table_of
from engine.sending import Change, send


class Command(Base):
    """A command that has been carried out, by the id its sender gave it."""

    __tablename__ = "command"

    id: Mapped[str] = mapped_column(primary_key=True)
    result: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)


_RESULT = select(Command.result).where(Command.id == bindparam("command"))
_FINISH = Change(
    update(table_of(Command))
    .where(Command.id == bindparam("command"))
    .values(result=bindparam("answer"))
)


def insert_or_ignore(connection: Connection, table: Any) -> Insert:
    """Make an INSERT that does nothing where a unique value is already there."""
    return _ignoring(connection.dialect.name, table)


def _ignoring(dialect: str, table: Any) -> Insert:
    if dialect == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()


@cache
def _claim(dialect: str) -> ReturningInsert[Any]:
    return _ignoring(dialect, table_of(Command)).returning(Command.id)


def begin(connection: Connection, command_id: str, result: str | None) -> bool:
    """Claim the id for this transaction; False when the command has been carried out before."""
    claim = _claim(connection.dialect.name)
    values = {"id": command_id, "result": result, "at": clock.now()}
    return connection.execute(claim, values).first() is not None


def finish(connection: Connection, command_id: str, result: str) -> None:
    send(connection, _FINISH, [{"command": command_id, "answer": result}])


def result_of(connection: Connection, command_id: str) -> str:
    return connection.execute(_RESULT, {"command": command_id}).scalar_one() or ""

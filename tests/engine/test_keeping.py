"""New rows that are stored past the session: complete, and the session's from then on."""

from datetime import UTC, datetime

import pytest
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from engine.commands import Command
from engine.keeping import keep
from engine.unit_of_work import Transactions

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


class Loose(DeclarativeBase):
    pass


class Counted(Loose):
    __tablename__ = "counted"

    id: Mapped[int] = mapped_column(primary_key=True, default=lambda: 7)


@pytest.fixture
def transactions(database):
    return Transactions(database)


def test_a_row_whose_default_has_to_be_computed_is_not_kept_without_it(transactions):
    with pytest.raises((KeyError, ValueError)), transactions.begin() as uow:
        keep(uow.session, Counted())


def test_what_changes_in_a_kept_row_is_stored_too(transactions):
    with transactions.begin() as uow:
        command = Command(id="first", at=NOON, result="")
        keep(uow.session, command)
        assert uow.session.get(Command, "first") is command
        command.result = "changed"

    with transactions.reading() as session:
        assert session.get(Command, "first").result == "changed"


def test_a_kept_row_that_is_deleted_later_is_gone(transactions):
    with transactions.begin() as uow:
        command = Command(id="first", at=NOON)
        keep(uow.session, command)
        uow.session.delete(command)

    with transactions.reading() as session:
        assert session.get(Command, "first") is None

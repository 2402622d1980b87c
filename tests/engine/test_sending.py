"""What is sent past the library: stored as the library stores it, or not at all and told."""

from datetime import UTC, date, datetime
from enum import StrEnum
from uuid import UUID

import pytest
from sqlalchemy import (
    Boolean,
    Column,
    Date,
    Enum,
    Float,
    ForeignKey,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    bindparam,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.exc import DataError, IntegrityError

from engine.database import Json, UtcDateTime
from engine.errors import ChangesCollided
from engine.sending import Change, Rows
from engine.unit_of_work import Transactions

NOON = datetime(2027, 3, 1, 12, 0, 0, 5, tzinfo=UTC)


class Colour(StrEnum):
    RED = "red"


SPECIMENS = Table(
    "specimen",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("said", Text, key="word"),
    Column("colour", Enum(Colour, native_enum=False, values_callable=list)),
    Column("is_true", Boolean),
    Column("share", Float),
    Column("seal", LargeBinary),
    Column("thing", Uuid),
    Column("day", Date),
    Column("at", UtcDateTime),
    Column("facts", Json),
)
FOLLOWERS = Table("follower", SPECIMENS.metadata, Column("of", ForeignKey("specimen.id")))
FULL = {
    "id": 1,
    "word": 'Ä "quoted" \\ line\nend',
    "colour": Colour.RED,
    "is_true": True,
    "share": 0.1,
    "seal": b"\x00\xff",
    "thing": UUID(int=7),
    "day": date(2028, 2, 29),
    "at": NOON,
    "facts": {"text": "ß", "number": 1.5, "list": [None, True]},
}
EMPTY = {**dict.fromkeys(FULL), "id": 2, "facts": []}
OTHER = {**EMPTY, "id": 3}
STORE, FOLLOW = Rows(SPECIMENS), Rows(FOLLOWERS)
ALTER = Change(
    update(SPECIMENS)
    .where(SPECIMENS.c.id == bindparam("which"))
    .values({name: bindparam(f"new_{name}") for name in FULL if name != "id"})
)
CHANGED = {f"new_{name}": value for name, value in FULL.items() if name != "id"}
PREPARED = text("SELECT statement FROM pg_prepared_statements")


@pytest.fixture
def transactions(database):
    with database.begin() as connection:
        SPECIMENS.metadata.create_all(connection)
    yield Transactions(database)
    with database.begin() as connection:
        SPECIMENS.metadata.drop_all(connection)


def _stored(transactions):
    with transactions.reading() as session:
        rows = session.connection().execute(select(SPECIMENS).order_by(SPECIMENS.c.id))
        return [dict(zip(FULL, row, strict=True)) for row in rows]


def test_rows_are_read_as_they_were_sent(transactions):
    with transactions.begin() as uow:
        uow.send(STORE, FULL, EMPTY)

    assert _stored(transactions) == [FULL, EMPTY]


def test_rows_are_found_by_every_value_as_if_the_library_had_stored_them(transactions):
    with transactions.begin() as uow:
        uow.send(STORE, FULL)
        uow.connection.execute(insert(SPECIMENS), {**FULL, "id": 2})

    with transactions.reading() as session:
        columns = [column for column in SPECIMENS.c if column.key not in ("id", "facts")]
        for column in columns:
            found = session.connection().execute(
                select(SPECIMENS.c.id).where(column == FULL[column.key])
            )
            assert len(found.all()) == 2, column.key


def test_a_change_is_read_as_it_was_sent(transactions):
    with transactions.begin() as uow:
        uow.send(STORE, EMPTY, OTHER)
        uow.send(ALTER, {"which": 2, **CHANGED}, {"which": 3, **CHANGED})

    assert _stored(transactions) == [{**FULL, "id": 2}, {**FULL, "id": 3}]


@pytest.mark.parametrize("facts", ["a text", False, [1], {"deep": {"er": [None]}}])
def test_a_document_of_any_shape_is_read_as_it_was_sent(transactions, facts):
    with transactions.begin() as uow:
        uow.send(STORE, {**FULL, "facts": facts}, OTHER)
        uow.send(ALTER, {"which": 3, **CHANGED, "new_facts": facts})

    assert [row["facts"] for row in _stored(transactions)] == [facts, facts]


@pytest.mark.parametrize("share", [float("inf"), -0.0, 5e-324, 3])
def test_a_number_of_any_size_is_read_as_it_was_sent(transactions, share):
    with transactions.begin() as uow:
        uow.send(STORE, {**FULL, "share": share})

    assert _stored(transactions)[0]["share"] == share


def test_what_the_database_refuses_is_told_and_leaves_nothing(transactions):
    def send_twice():
        with transactions.begin() as uow:
            uow.send(STORE, EMPTY)
            uow.send(STORE, FULL, FULL)
            uow.send(STORE, OTHER)

    with pytest.raises(IntegrityError):
        send_twice()

    assert _stored(transactions) == []


def test_an_instant_without_a_zone_and_a_row_without_a_column_are_refused(transactions):
    with pytest.raises((TypeError, ValueError)), transactions.begin() as uow:
        uow.send(STORE, {**FULL, "at": NOON.replace(tzinfo=None)})
    with pytest.raises((KeyError, ValueError)), transactions.begin() as uow:
        uow.send(STORE, {"id": 1})

    assert _stored(transactions) == []


def test_a_rehearsal_is_refused_what_a_commit_would_be(transactions):
    with pytest.raises(IntegrityError), transactions.rehearsal() as uow:
        uow.send(STORE, FULL, FULL)


def test_a_change_that_lacks_a_value_is_refused(transactions):
    with pytest.raises(KeyError), transactions.begin() as uow:
        uow.send(ALTER, {"which": 1, "new_word": "word"})


def test_rows_of_several_tables_that_are_sent_as_one_are_all_stored(transactions):
    with transactions.begin() as uow, uow.as_one():
        uow.send(STORE, FULL, EMPTY)
        uow.send(FOLLOW, {"of": 1}, {"of": 2})

    assert _stored(transactions) == [FULL, EMPTY]
    with transactions.reading() as session:
        followed = session.connection().scalars(select(FOLLOWERS.c.of).order_by(FOLLOWERS.c.of))
        assert followed.all() == [1, 2]


def test_one_refused_row_of_several_tables_leaves_none(transactions):
    def send_as_one():
        with transactions.begin() as uow, uow.as_one():
            uow.send(STORE, FULL)
            uow.send(FOLLOW, {"of": 7})

    with pytest.raises((IntegrityError, ChangesCollided)):
        send_as_one()

    assert _stored(transactions) == []


class TestOnPostgresql:
    @pytest.fixture
    def database_url(self, postgresql_url):
        return postgresql_url

    def test_a_refused_statement_is_told_where_the_next_answer_is_awaited(self, transactions):
        def ask_afterwards():
            with transactions.begin() as uow:
                uow.send(STORE, FULL, FULL)
                with pytest.raises(IntegrityError):
                    uow.connection.scalar(text("SELECT 1"))
                raise LookupError

        with pytest.raises(LookupError):
            ask_afterwards()

        assert _stored(transactions) == []

    def test_the_first_error_is_told_though_it_arrives_while_more_is_sent(self, transactions):
        def send_much_more():
            with transactions.begin() as uow:
                uow.send(STORE, FULL, FULL)
                for number in range(30):
                    uow.send(STORE, {**EMPTY, "id": number, "word": "x" * 1_000_000})

        with pytest.raises(IntegrityError):
            send_much_more()

    @pytest.mark.parametrize("word", ["\0", "a\0b"])
    def test_a_text_that_cannot_be_stored_whole_is_refused(self, transactions, word):
        changed = {f"new_{name}": FULL[name] for name in FULL} | {"which": 1, "new_word": word}

        for statement, row in (STORE, {**FULL, "word": word}), (ALTER, changed):
            with pytest.raises((ValueError, DataError)), transactions.begin() as uow:
                uow.send(statement, row)

    def test_of_what_is_sent_as_one_a_row_may_refer_to_a_later_one(self, transactions):
        with transactions.begin() as uow, uow.as_one():
            uow.send(FOLLOW, {"of": 1})
            uow.send(STORE, FULL)

        assert _stored(transactions) == [FULL]

    def test_nothing_else_is_said_among_what_is_sent_as_one(self, transactions):
        def ask_within():
            with transactions.begin() as uow, uow.as_one():
                uow.send(STORE, FULL)
                uow.connection.scalar(text("SELECT 1"))

        with pytest.raises(AssertionError, match="too late"):
            ask_within()

        assert _stored(transactions) == []

    def test_a_statement_is_prepared_once_however_often_it_is_sent(self, transactions):
        for number in range(8):
            with transactions.begin() as uow:
                uow.send(STORE, {**EMPTY, "id": number})
                statements = uow.connection.scalars(PREPARED).all()

        assert len([statement for statement in statements if "INSERT" in statement]) == 1

    def test_a_line_that_had_to_roll_back_sends_on_and_hoards_no_statements(self, transactions):
        def fail():
            with transactions.begin() as uow:
                uow.send(STORE, FULL)
                uow.send(ALTER, {f"new_{name}": FULL[name] for name in FULL} | {"which": 1})
                uow.connection.scalar(text("SELECT 1"))
                raise LookupError

        for _ in range(8):
            with transactions.begin() as uow:
                uow.send(ALTER, {f"new_{name}": FULL[name] for name in FULL} | {"which": 1})
            with pytest.raises(LookupError):
                fail()
        with transactions.begin() as uow:
            uow.send(STORE, FULL)
            statements = uow.connection.scalars(PREPARED).all()

        assert _stored(transactions) == [FULL]
        assert len(statements) == len(set(statements))

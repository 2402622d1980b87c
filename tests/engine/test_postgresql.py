"""PostgreSQL as this house opens it: nothing waits for ever, and a lost server is found again."""

import time
from contextlib import suppress

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, ProgrammingError

from bench.stage.counts import counting
from engine import conversation, jobs, postgresql
from engine.database import connect
from engine.errors import DatabaseBusy, DatabaseGone, TransactionLost
from engine.unit_of_work import Transactions

POKE = jobs.Debt("poke")


@pytest.fixture
def database_url(postgresql_url):
    return postgresql_url


@pytest.fixture
def transactions(database):
    return Transactions(database)


@pytest.fixture
def cut(postgresql_url):
    """End the server's side of a connection."""
    other = connect(postgresql_url)

    def cut(backend):
        with other.connect() as connection:
            connection.execute(text("SELECT pg_terminate_backend(:it)"), {"it": backend})

    yield cut
    other.dispose()


def test_a_connection_that_was_cut_while_resting_is_replaced(transactions, cut, monkeypatch):
    monkeypatch.setattr(postgresql, "LIVELY", 0)
    cut(_backend(transactions))

    assert _backend(transactions)


def test_a_connection_cut_in_the_middle_is_a_refusal_and_the_next_one_works(transactions, cut):
    def lose_the_server():
        with transactions.begin() as uow:
            cut(uow.connection.scalar(text("SELECT pg_backend_pid()")))
            jobs.owe(uow, POKE)

    with pytest.raises(DatabaseGone):
        lose_the_server()

    assert _backend(transactions)


def test_whoever_waits_too_long_for_a_row_is_told_that_the_system_is_busy(transactions):
    def want_the_row():
        with transactions.begin() as uow:
            uow.connection.execute(text("SET LOCAL lock_timeout = '10ms'"))
            uow.connection.execute(text("SELECT * FROM job FOR UPDATE"))

    with transactions.begin() as uow:
        jobs.owe(uow, POKE)

    with transactions.begin() as holder:
        holder.connection.execute(text("SELECT * FROM job FOR UPDATE"))
        with pytest.raises(DatabaseBusy):
            want_the_row()


def test_an_error_in_the_middle_of_a_pipeline_undoes_everything(transactions):
    def go_wrong():
        with transactions.begin() as uow:
            jobs.owe(uow, POKE)
            with conversation.quiet(uow.connection):
                uow.connection.execute(text("INSERT INTO nowhere VALUES (1)"))
                jobs.owe(uow, POKE)

    with pytest.raises(Exception, match="nowhere"):
        go_wrong()

    with transactions.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM job")) == 0


def test_a_server_that_is_not_there_is_a_refusal():
    nowhere = connect("postgresql://nobody@127.0.0.1:1/nothing")

    with pytest.raises(DatabaseGone), Transactions(nowhere).begin():
        pass


def test_a_server_that_falls_silent_is_a_refusal_and_the_line_is_given_up(
    transactions, monkeypatch
):
    backend = _backend(transactions)
    monkeypatch.setattr(conversation, "ANSWERS_WITHIN", 0.2)

    with pytest.raises(DatabaseGone), transactions.begin() as uow:
        uow.connection.execute(text("SELECT pg_sleep(5)"))

    assert _backend(transactions) != backend


def test_what_was_given_up_as_too_slow_is_not_stored_later(transactions, monkeypatch):
    def take_long():
        with transactions.begin() as uow:
            jobs.owe(uow, POKE)
            for _ in range(3):
                conversation.send(uow.connection, "DO $$ BEGIN PERFORM pg_sleep(0.4); END $$")

    monkeypatch.setattr(conversation, "ANSWERS_WITHIN", 0.6)
    with pytest.raises(DatabaseGone):
        take_long()
    time.sleep(1)  # in which a server that had not been stopped would commit
    monkeypatch.undo()

    assert _jobs(transactions) == 0


def test_who_is_refused_does_not_wait_for_what_is_undone_anyway(transactions):
    def be_refused():
        with transactions.begin() as uow:
            uow.connection.execute(text("SET LOCAL lock_timeout = '10s'"))
            conversation.send(uow.connection, "UPDATE job SET tries = 7")
            raise LookupError

    with transactions.begin() as uow:
        jobs.owe(uow, POKE)

    with transactions.begin() as holder:
        holder.connection.execute(text("SELECT * FROM job FOR UPDATE"))
        begun = time.monotonic()
        with pytest.raises(LookupError):
            be_refused()
        assert time.monotonic() - begun < 5


def _backend(transactions):
    with transactions.begin() as uow:
        return uow.connection.scalar(text("SELECT pg_backend_pid()"))


def test_what_nobody_waited_for_is_stored_all_the_same(transactions):
    with transactions.begin() as uow:
        jobs.owe(uow, POKE)

    with transactions.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM job")) == 1


def test_a_failed_statement_that_somebody_swallowed_does_not_pass_for_a_commit(transactions):
    def swallow():
        with transactions.begin() as uow:
            jobs.owe(uow, POKE)
            with suppress(ProgrammingError):
                uow.connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(DBAPIError):
        swallow()

    with transactions.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM job")) == 0


def test_a_transaction_undone_by_the_database_itself_is_noticed_at_its_end(transactions):
    def lose():
        with transactions.begin() as uow, suppress(ProgrammingError):
            uow.connection.execute(text("INSERT INTO nowhere VALUES (1)"))

    with pytest.raises(TransactionLost):
        lose()


def test_a_question_and_its_answers_take_two_round_trips(transactions):
    _backend(transactions)  # opens the connection

    with counting(transactions.engine) as counts, transactions.begin() as uow:
        uow.connection.execute(text("SELECT 1"))
        jobs.owe(uow, POKE, POKE)

    assert counts.round_trips == 2


def test_a_line_on_which_tables_were_dropped_sends_on(transactions):
    _backend(transactions)
    with transactions.engine.begin() as connection:
        _have_the_driver_prepare(connection)
        connection.execute(text("CREATE TABLE passing (id int)"))
        connection.execute(text("DROP TABLE passing"))

    with transactions.begin() as uow:
        jobs.owe(uow, POKE)

    assert _jobs(transactions) == 1


def test_after_a_savepoint_was_rolled_back_the_rest_is_sent_and_stored(transactions):
    with transactions.begin() as uow:
        _have_the_driver_prepare(uow.connection)
        with suppress(LookupError), uow.connection.begin_nested():
            jobs.owe(uow, POKE)
            jobs.write(uow)
            raise LookupError
        uow.connection.execute(text("SELECT 1"))
        jobs.owe(uow, POKE)

    assert _jobs(transactions) == 1


def test_a_line_that_was_reset_by_somebody_else_fails_once_and_never_again(transactions):
    backend = _backend(transactions)
    with transactions.engine.connect() as connection:
        connection.connection.driver_connection.execute("DISCARD ALL")

    with pytest.raises(ProgrammingError, match="does not exist"):
        _backend(transactions)

    assert _backend(transactions) == backend


def test_text_is_stored_as_it_is_whatever_encoding_the_environment_asks_for(
    transactions, postgresql_url, monkeypatch
):
    monkeypatch.setenv("PGCLIENTENCODING", "LATIN1")
    elsewhere = Transactions(connect(postgresql_url))
    with elsewhere.begin() as uow:
        jobs.owe(uow, jobs.Debt("größer"))
    elsewhere.engine.dispose()
    monkeypatch.undo()

    with transactions.reading() as session:
        assert session.scalar(text("SELECT kind FROM job")) == "größer"


def _have_the_driver_prepare(connection):
    for _ in range(8):
        connection.execute(text("SELECT 1"))


def _jobs(transactions):
    with transactions.reading() as session:
        return session.scalar(text("SELECT count(*) FROM job"))


def test_all_that_is_read_together_is_of_one_moment(transactions):
    with transactions.reading() as reading:
        before = reading.scalar(text("SELECT count(*) FROM job"))
        with transactions.begin() as uow:
            jobs.owe(uow, POKE)
        after = reading.scalar(text("SELECT count(*) FROM job"))

    assert (before, after) == (0, 0)

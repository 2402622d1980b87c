"""SQLite as this house opens it: durable, and patient with other writers."""

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from engine import jobs, sqlite
from engine.database import connect
from engine.errors import DatabaseBusy
from engine.unit_of_work import Transactions


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


def test_every_connection_is_durable_and_checks_references(database):
    with database.connect() as connection:
        pragmas = {
            name: connection.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("synchronous", "foreign_keys", "journal_mode")
        }

    assert pragmas["synchronous"] == 2
    assert pragmas["foreign_keys"] == 1
    assert pragmas["journal_mode"] == sqlite.journal_mode().lower()


def test_a_library_that_damages_wal_never_gets_it(monkeypatch):
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    old = sqlite.journal_mode()
    monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 3))

    assert (old, sqlite.journal_mode()) == ("TRUNCATE", "WAL")


def test_a_writer_waits_for_another_process(database, sqlite_file):
    transactions = Transactions(database)
    with ThreadPoolExecutor(1) as pool:
        other = sqlite3.connect(sqlite_file, isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        waiting = pool.submit(_owe, transactions)
        with pytest.raises(TimeoutError):
            waiting.result(timeout=0.1)
        other.execute("COMMIT")
        other.close()

        waiting.result(timeout=10)


def test_many_writers_in_two_processes_all_get_their_turn(database_url, database):
    other = connect(database_url)
    here, there = Transactions(database), Transactions(other)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: _owe(here if number % 2 else there), range(60)))

    with here.reading() as session:
        assert session.execute(text("SELECT count(*) FROM job")).scalar() == 60
    other.dispose()


def test_a_writer_that_waits_too_long_is_told_that_the_system_is_busy(
    database, sqlite_file, monkeypatch
):
    monkeypatch.setattr(sqlite, "PATIENCE", 0.05)
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")

    with pytest.raises(DatabaseBusy):
        _owe(Transactions(database))

    other.close()


def test_readers_do_not_wait_for_a_writer_that_has_not_committed(database):
    transactions = Transactions(database)
    with transactions.begin() as uow:
        jobs.owe(uow, jobs.Debt("poke"))

        with ThreadPoolExecutor(1) as pool:
            seen = pool.submit(_count, transactions).result(timeout=5)

    assert seen == 0


def test_a_database_in_memory_is_refused():
    with pytest.raises(ValueError, match="file"):
        connect("sqlite://")


def _owe(transactions):
    with transactions.begin() as uow:
        jobs.owe(uow, jobs.Debt("poke"))


def _count(transactions):
    with transactions.reading() as session:
        return session.execute(text("SELECT count(*) FROM job")).scalar()

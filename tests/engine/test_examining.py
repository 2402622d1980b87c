"""The database is held against what the engine relies on."""

from datetime import timedelta

import pytest
from sqlalchemy import create_engine

from engine import clock, examining, jobs
from engine.examining import Verdict
from engine.unit_of_work import Transactions


def look(engine):
    with engine.connect() as connection:
        return {check.subject: check for check in examining.examine(connection)}


def verdicts(engine):
    return {subject: str(check.verdict) for subject, check in look(engine).items()}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_fresh_file_is_well(database):
    assert set(verdicts(database).values()) == {"ok"}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_server_that_may_lose_what_it_acknowledged_or_tidies_nothing_is_named(database):
    with Transactions(database).reading() as reading:  # as `handschlag doctor` does
        checks = {check.subject: check for check in examining.examine(reading.connection())}

    assert checks.pop("durability").remark.startswith("fsync = off, full_page_writes = off")
    assert checks.pop("cleaning up").remark.startswith("autovacuum = off")
    assert {check.verdict for check in checks.values()} == {Verdict.OK}


def test_overdue_work_without_a_worker_is_told(database):
    with Transactions(database).begin() as uow:
        jobs.owe(uow, jobs.Debt("poke", due_at=clock.now() - timedelta(hours=1)))

    check = look(database)["work"]

    assert check.verdict is Verdict.WARN
    assert "is a worker running?" in check.remark


def test_a_library_that_damages_files_in_wal_mode_is_named(sqlite_url, monkeypatch):
    monkeypatch.setattr("engine.sqlite.FIRST_SAFE_WAL", (9, 0, 0))
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode = WAL")

    check = look(engine)["SQLite"]
    engine.dispose()

    assert check.verdict is Verdict.FAIL


def test_lax_writing_is_named(sqlite_url):
    engine = create_engine(sqlite_url)
    with engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA synchronous = NORMAL")
        found = {check.subject: check.verdict for check in examining.examine(connection)}
    engine.dispose()

    assert found["durability"] is Verdict.FAIL


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("seconds", "verdict"), [(1, "ok"), (5, "warn"), (60, "fail")])
def test_clocks_that_drift_apart_are_told(database, monkeypatch, seconds, verdict):
    ahead = clock.of_the_machine() + timedelta(seconds=seconds)
    monkeypatch.setattr("engine.clock.of_the_machine", lambda: ahead)

    assert verdicts(database)["clocks"] == verdict


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_too_few_connections_are_told(database, monkeypatch):
    monkeypatch.setattr("engine.examining.FEWEST_CONNECTIONS", 1_000)

    assert verdicts(database)["connections"] == "warn"

"""Tables change while the previous code is at work: nothing fails, nothing is lost, nobody waits long."""

import threading
import time

import pytest

from tests.workflows import stored
from tests.workflows.previous import Previous, clear, revisions, rows_of, tables_of
from workflows import migrations

PATIENCE = 3.0
"""Seconds that people may wait for the tables."""
TRIES = 3
"""A machine that pauses makes people wait now and then; a revision that does, every time."""
ROUNDS = 10


@pytest.mark.proves("R17")
@pytest.mark.whole
@pytest.mark.parametrize(("before", "after"), revisions())
def test_the_previous_code_is_served_while_its_tables_change(
    empty_database, before, after, publish
):
    for _ in range(TRIES):
        previous = serve_while_it_changes(empty_database, before, after)
        if previous.longest < PATIENCE:
            break

    assert previous.longest < PATIENCE
    publish(
        {
            "database": empty_database.dialect.name,
            "revision": after,
            "rounds": previous.rounds,
            "longest wait": round(previous.longest, 2),
        }
    )


def serve_while_it_changes(database, before, after):
    clear(database)
    stored.lay(database, stored.REVISIONS[0])
    migrations.upgrade(database, before)
    tables = tables_of(database)
    kept = rows_of(database, tables)
    previous = Previous(database, tables)

    with previous.at_work():
        previous.wait_for_rounds(ROUNDS)
        migrations.upgrade(database, after)
        previous.wait_for_rounds(ROUNDS)

    assert previous.errors == []
    assert rows_of(database, tables) == kept
    return previous


@pytest.mark.parametrize(("before", "after"), revisions())
def test_a_revision_takes_nothing_away_and_demands_nothing_new(empty_database, before, after):
    migrations.upgrade(empty_database, before)
    old = tables_of(empty_database)
    migrations.upgrade(empty_database, after)
    new = tables_of(empty_database)

    for name, table in old.items():
        there = new[name].columns
        for column in table.columns:
            assert str(there[column.name].type) == str(column.type)
            assert there[column.name].nullable or not column.nullable, f"{name}.{column.name}"
        for column in there:
            may_be_left_out = column.nullable or column.server_default is not None
            assert column.name in table.columns or may_be_left_out, f"{name}.{column.name}"


def test_tables_that_are_held_are_asked_for_again(empty_database, monkeypatch):
    if empty_database.dialect.name == "sqlite":
        pytest.skip("one writer at a time: SQLite waits for it")
    monkeypatch.setattr(migrations, "PAUSES", [0.1] * 100)
    migrations.upgrade(empty_database, revisions()[0][0])
    thread = threading.Thread(target=migrations.upgrade, args=(empty_database,))

    with empty_database.begin() as connection:
        connection.exec_driver_sql("LOCK TABLE instance")
        thread.start()
        time.sleep(PATIENCE + 1)
        with empty_database.connect() as other:
            other.exec_driver_sql("SET lock_timeout = '1s'")
            other.exec_driver_sql("SELECT count(*) FROM user_task")
    thread.join()

    with empty_database.connect() as connection:
        assert migrations.is_current(connection)

"""Migrated tables are the declared ones, whoever migrates and how often."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, text

from workflows import migrations


@pytest.mark.proves("R17")
@pytest.mark.whole
def test_migrated_tables_are_what_the_models_declare(empty_database):
    migrations.upgrade(empty_database)

    with empty_database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, migrations.metadata()) == []
        assert migrations.is_current(connection)


def test_migrated_tables_guard_themselves_as_declared_ones_do(empty_database):
    migrations.upgrade(empty_database)
    migrated = _guards(empty_database)
    with empty_database.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
        migrations.metadata().drop_all(connection)
        migrations.metadata().create_all(connection)

    assert migrated == _guards(empty_database)


def test_migrating_again_changes_nothing(empty_database):
    for _ in range(2):
        migrations.upgrade(empty_database)

    with empty_database.connect() as connection:
        assert migrations.is_current(connection)


def test_two_processes_may_migrate_at_once(empty_database):
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(migrations.upgrade, [empty_database] * 2))

    with empty_database.connect() as connection:
        assert migrations.is_current(connection)


def test_a_migration_that_fails_leaves_the_old_tables(empty_database, monkeypatch):
    tables = migrations.metadata().sorted_tables
    with empty_database.begin() as connection:
        tables[-1].metadata.create_all(connection, [tables[0]])

    with pytest.raises(Exception, match="already exists"):
        migrations.upgrade(empty_database)

    with empty_database.connect() as connection:
        assert set(inspect(connection).get_table_names()) == {tables[0].name}


def _guards(database):
    """List what compare_metadata does not look at: checks, conditions, what a reference does."""
    with database.connect() as connection:
        inspector = inspect(connection)
        return {
            table: (
                sorted(str(check) for check in inspector.get_check_constraints(table)),
                sorted(_plain(index) for index in inspector.get_indexes(table)),
                sorted(str(key) for key in inspector.get_foreign_keys(table)),
            )
            for table in inspector.get_table_names()
            if table != "alembic_version"
        }


def _plain(index):
    conditions = {name: str(value) for name, value in index.get("dialect_options", {}).items()}
    return str(index | {"dialect_options": conditions})

"""Rows of an installation that was there before a revision are found again after it."""

import json
from uuid import UUID

from sqlalchemy import inspect, text

from workflows import migrations

DULL = {"process": "p", "element": "e", "kind": "k", "state": "open", "lane": "work"}


class Old:
    """Writes rows as an older version did; what does not matter is filled in."""

    def __init__(self, connection):
        self._connection, self._ids = connection, 0

    def add(self, table, **values):
        columns = {one["name"]: one for one in inspect(self._connection).get_columns(table)}
        if "id" in columns:
            self._ids += 1
            values["id"] = UUID(int=self._ids).hex
        needed = [n for n, one in columns.items() if not one["nullable"] and one["default"] is None]
        row = {name: self._dull(columns[name]) for name in needed} | values
        given = ", ".join(f"'{value}'" for value in row.values())
        self._connection.exec_driver_sql(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({given})")
        return values.get("id")

    def _dull(self, column):
        kind = str(column["type"])
        if kind == "INTEGER":
            return 0
        if kind.startswith(("DATETIME", "TIMESTAMP")):
            return "2027-03-01 09:00:00"
        return "{}" if kind.startswith("JSON") else DULL.get(column["name"], "x")


def test_an_open_fault_is_told_its_token_where_it_can_be_known(empty_database):
    migrations.upgrade(empty_database, "0005")
    with empty_database.begin() as connection:
        old = Old(connection)
        deployment = old.add("deployment")
        one, two = (old.add("instance", deployment_id=deployment, state="active") for _ in range(2))

        def fail(kind, instance, payload=None, **job):
            payload = json.dumps(payload or {})
            job_id = old.add("job", kind=kind, instance_id=instance, payload=payload, **job)
            return old.add("fault", job_id=job_id, job_kind=kind, instance_id=instance)

        old.add("user_task", instance_id=one, token=3, element="report")
        for token, instance in ((6, one), (8, two), (9, two)):
            old.add("subscription", instance_id=instance, token=token, kind="message")
        known = {
            old.add("fault", instance_id=one, process="p", element="report"): 3,
            old.add("fault", instance_id=one, process="p", element="approve"): None,
            fail("timer", one, token=4): 4,
            fail("signal", one, {"token": 5, "signal": "stop"}): 5,
            fail("correlation", one): 6,
            fail("correlation", two): None,
            fail("invitation", one, {"token": "not a number"}): None,
        }

    migrations.upgrade(empty_database)

    with empty_database.connect() as connection:
        rows = connection.execute(text("SELECT id, token FROM fault"))
        assert {UUID(str(row.id)).hex: row.token for row in rows} == known

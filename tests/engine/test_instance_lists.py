"""Lists of processes, and what erases them, read the rows that are meant and no others."""

import pytest
from sqlalchemy import event, text

from engine import instance_queries, instances
from engine.instance_queries import InstanceFilter
from engine.models import InstanceState
from tests.engine.desk import CASE
from tests.engine.stages import Task


def plan_of(connection, ask):
    """Ask the database how it finds what the last statement of this is about."""
    asked = []
    event.listen(
        connection,
        "before_cursor_execute",
        lambda _c, _r, sql, given, *_: asked.append((sql, given)),
    )
    ask()
    sql, given = asked[-1]
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL enable_seqscan = off"))
    how = "EXPLAIN QUERY PLAN " if connection.dialect.name == "sqlite" else "EXPLAIN "
    return str(connection.exec_driver_sql(how + sql, given).all())


@pytest.mark.parametrize(
    ("wanted", "index"),
    [
        (InstanceFilter(process="review"), "ix_instance_process"),
        (InstanceFilter(suspended=True), "ix_instance_suspended"),
        (InstanceFilter(state=InstanceState.ACTIVE), "ix_instance_active"),
        (InstanceFilter(state=InstanceState.CANCELLED), "ix_instance_cancelled"),
    ],
)
def test_a_page_of_them_is_found_by_an_index(desk, wanted, index):
    desk.publish(review=(Task("read"),))
    for _ in range(3):
        desk.start("review")

    with desk.transactions.reading() as session:
        plan = plan_of(
            session.connection(), lambda: instance_queries.instances(session, wanted, None, 50)
        )

    assert index in plan


def test_faults_of_a_case_without_a_process_are_found_by_an_index(desk):
    with desk.transactions.begin() as uow:
        plan = plan_of(uow.connection, lambda: instances.erase(uow, CASE))

    assert "ix_fault_business_key" in plan

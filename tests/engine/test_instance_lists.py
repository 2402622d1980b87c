"""Lists of processes read the rows that they show, however many others there are."""

import pytest
from sqlalchemy import event, text

from engine import instance_queries
from engine.instance_queries import InstanceFilter
from engine.models import InstanceState
from tests.engine.stages import Task


def plan_of(desk, wanted):
    """Ask the database how it finds a page."""
    asked = []
    with desk.transactions.reading() as session:
        connection = session.connection()
        event.listen(
            connection,
            "before_cursor_execute",
            lambda _c, _r, sql, given, *_: asked.append((sql, given)),
        )
        instance_queries.instances(session, wanted, None, 50)
        if connection.dialect.name == "postgresql":
            connection.execute(text("SET LOCAL enable_seqscan = off"))
        (sql, given), *_ = asked
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

    assert index in plan_of(desk, wanted)

"""After the house stood still for long, every timer fires once, in its order, and none again."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.host import Host
from engine import clock, deployments, fault_queries, instances, reconciling
from engine.definitions import Library
from engine.handlers import Handlers
from engine.models import Instance, Job
from engine.stay_table import Ended, Stay
from engine.unit_of_work import Transactions
from engine.worker import Worker
from tests.bpmn.spiff.drawing import (
    after,
    berlin,
    boundary,
    document,
    end,
    flows,
    person,
    process,
    start,
    timer,
)

BEFORE = berlin(2027, 3, 1, 9)
"""Between this and the end of the longest outage summer time begins."""
ONCE = {"hour": "PT30M", "day": "P1D", "days": "P2D", "week": "P1W", "weeks": "P2W", "long": "P29D"}
REPEATED = {"daily": "R/P1D", "monthly": "R3/P1M", "thrice": "R3/PT20M", "quarterly": "R/PT15M"}
TIMERS = {name: after(text) for name, text in ONCE.items()} | {
    name: timer("timeCycle", text) for name, text in REPEATED.items()
}
FIRST_DUE = {
    "hour": timedelta(minutes=30),
    "thrice": timedelta(minutes=20),
    "quarterly": timedelta(minutes=15),
    "day": timedelta(days=1),
    "daily": timedelta(days=1),
    "days": timedelta(days=2),
    "week": timedelta(days=7),
    "weeks": timedelta(days=14),
    "long": timedelta(days=29) - timedelta(hours=1),
    "monthly": timedelta(days=31) - timedelta(hours=1),
}
"""After how much time each fires first; an hour is missing where summer time has begun."""


def waiting_office():
    nodes = [boundary(name, "t", rule, interrupting=False) for name, rule in TIMERS.items()]
    ends = [end(f"{name}_end") for name in TIMERS]
    paths = "; ".join(f"{name}>{name}_end" for name in TIMERS)
    return document(process(start(), person("t"), end(), *nodes, *ends, flows(f"s>t>e; {paths}")))


@pytest.fixture
def traveller():
    with time_machine.travel(BEFORE, tick=False) as traveller:
        yield traveller


@pytest.fixture
def transactions(database, traveller):
    host = Host(now=clock.now)
    transactions = Transactions(database, Library(lambda bundle: load(bundle, host)))
    with transactions.begin() as uow:
        deployments.publish(uow, Bundle({"p.bpmn": waiting_office()}), "somebody")
    return transactions


def open_cases(transactions, count):
    for _ in range(count):
        with transactions.begin() as uow:
            instances.start(uow, "p", {})


def work(transactions, workers):
    """Let several workers do all that is due, as after a start."""
    team = [Worker(transactions, Handlers({}, {})) for _ in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        while any(pool.map(Worker.run_due, team)):
            pass


def fired(transactions):
    """List what fired, by instance, in the order of its steps."""
    left = (
        select(Stay.instance_id, Stay.element)
        .where(Stay.ended == Ended.COMPLETED, Stay.element.in_(TIMERS))
        .order_by(Stay.instance_id, Stay.left_step, Stay.left_position)
    )
    found = {}
    with transactions.reading() as session:
        for instance_id, element in session.execute(left):
            found.setdefault(instance_id, []).append(element)
    return found


def count(transactions, row, *where):
    with transactions.reading() as session:
        return session.scalar(select(func.count()).select_from(row).where(*where))


@pytest.mark.proves("R9")
@pytest.mark.parametrize(
    ("days", "cases"),
    [
        (30, 200),
        pytest.param(1 / 24, 400, marks=pytest.mark.soak),
        pytest.param(3, 400, marks=pytest.mark.soak),
        pytest.param(30, 2_000, marks=pytest.mark.soak),
    ],
)
def test_after_an_outage_every_timer_fires_once_and_in_its_order(
    transactions, traveller, days, cases
):
    open_cases(transactions, cases)
    outage = timedelta(days=days)
    traveller.shift(outage)

    work(transactions, workers=3)

    due = sorted((at, name) for name, at in FIRST_DUE.items() if at <= outage)
    dues = {name: at for at, name in due}
    by_instance = fired(transactions)
    assert len(by_instance) == cases
    for names in by_instance.values():
        assert sorted(names) == sorted(dues)
        assert [dues[name] for name in names] == [at for at, _ in due]
    assert count(transactions, Job, Job.due_at <= clock.now()) == 0
    with transactions.reading() as session:
        assert fault_queries.open_faults(session) == []
    assert count(transactions, Instance) == cases


def test_after_an_outage_a_cycle_goes_on_at_its_own_hours(transactions, traveller):
    open_cases(transactions, 1)
    traveller.shift(timedelta(days=30, hours=5))
    work(transactions, 1)

    with transactions.reading() as session:
        dues = session.scalars(select(Job.due_at).order_by(Job.due_at)).all()

    assert dues == [
        berlin(2027, 3, 31, 15, 15),  # each quarter of an hour
        berlin(2027, 4, 1, 9),  # each day, and each month
        berlin(2027, 4, 1, 9),
    ]
    assert list(reconciling.survey(transactions)) == []

"""The history tells where each token stayed, from when to when, how that ended and by whom."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bpmn.moves import Entry, Move
from engine import fault_queries, faults, instances, migrations, modifying, steps, suspending
from engine.database import table_of
from engine.errors import BpmnError
from engine.models import Instance
from engine.modifying import Modification
from engine.stay_queries import stays_of
from engine.stay_table import Ended, History, Stay
from engine.stays import _STORE, erase
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    each,
    end,
    error,
    flows,
    job,
    node,
    person,
    process,
    start,
)
from tests.engine.desk import raising, throw
from tests.engine.house import MORNING, House
from tests.engine.town import CHILD, NEW, NEW_CHILD, OLD, Town

CHAIN = (start(), person("a"), person("b"), end(), flows("s>a>b>e"))


@pytest.fixture
def traveller():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house(database, traveller):
    return House(database, {"work": lambda *_: {}, "fail": raising(ZeroDivisionError())})


@pytest.fixture
def town(database, traveller):
    return Town(database)


def stays(house, *elements):
    with house.transactions.reading() as session:
        found = stays_of(session, [house.instance_id])[house.instance_id]
    return [stay for stay in found if not elements or stay.element in elements]


def told(house, *elements):
    return [(stay.element, stay.ended, stay.by) for stay in stays(house, *elements)]


def test_a_task_is_left_when_and_by_whom_it_is_completed(house, traveller):
    house.start(*CHAIN)
    traveller.shift(timedelta(hours=2))
    house.complete("a")

    (task,) = stays(house, "a")
    assert (task.entered_at, task.left_at) == (MORNING, MORNING + timedelta(hours=2))
    assert told(house) == [
        ("s", Ended.COMPLETED, None),
        ("a", Ended.COMPLETED, "anna"),
        ("b", None, None),
    ]


def test_what_is_interrupted_was_cancelled_by_nobody(house, traveller):
    late = boundary("late", "a", after("P1D"))
    house.start(start(), person("a"), late, end(), end("e2"), flows("s>a>e;late>e2"))
    traveller.shift(timedelta(days=1))
    house.worker.run_due()

    assert told(house, "a", "late") == [
        ("a", Ended.CANCELLED, None),
        ("late", Ended.COMPLETED, None),
    ]


def test_who_cancels_a_process_ended_every_open_stay(house):
    house.start(*CHAIN)
    with house.transactions.begin() as uow:
        instances.cancel(uow, house.instance_id, "olga")

    assert told(house, "a") == [("a", Ended.CANCELLED, "olga")]


def test_an_unreadable_process_has_its_stays_ended_too(house):
    house.start(*CHAIN)
    with house.transactions.begin() as uow:
        uow.connection.execute(update(Instance).values(snapshot="?"))
    with house.transactions.begin() as uow:
        instances.cancel(uow, house.instance_id, "olga")

    assert told(house, "a") == [("a", Ended.CANCELLED, "olga")]


def test_a_service_that_ends_in_a_caught_error_has_failed(database, traveller):
    house = House(database, {"work": lambda *_: throw(BpmnError("E1"))})
    wrong = boundary("wrong", "do", error())
    house.start(start(), job("do"), wrong, person("b"), end(), flows("s>do>e;wrong>b>e"))
    house.worker.run_due()

    assert told(house, "do", "b") == [("do", Ended.FAILED, None), ("b", None, None)]


def test_a_skipped_service_names_the_operator(house):
    house.start(start(), job("do", "fail"), person("b"), end(), flows("s>do>b>e"))
    house.worker.run_due()
    with house.transactions.reading() as session:
        (fault,) = fault_queries.open_faults(session)
    with house.transactions.begin() as uow:
        faults.skip(uow, fault.id, "olga")

    assert told(house, "do") == [("do", Ended.SKIPPED, "olga")]


def test_a_token_that_is_moved_names_the_operator(house):
    house.start(*CHAIN)
    (task,) = stays(house, "a")
    with house.transactions.begin() as uow:
        suspending.suspend(uow, house.instance_id)
        move = Move((task.token,), (Entry("b"),))
        modifying.modify(uow, house.instance_id, Modification(move), "olga")

    assert told(house, "a", "b") == [("a", Ended.MOVED, "olga"), ("b", None, None)]


def test_each_instance_of_a_repeated_task_and_what_is_around_it_has_its_stay(house):
    room = node("subProcess", "room", start("s2"), person("x", inside=each("=[1, 2]")), end("e2"),
                flows("s2>x>e2"))  # fmt: skip
    house.start(start(), room, end(), flows("s>room>e"))
    assert told(house, "room", "x") == [("room", None, None), *[("x", None, None)] * 2]

    house.complete("x")
    house.complete("x")

    assert told(house, "room", "x") == [
        ("room", Ended.COMPLETED, None),
        *[("x", Ended.COMPLETED, "anna")] * 2,
    ]


def test_a_token_leaves_once_or_the_step_is_not_stored(house):
    house.start(*CHAIN)
    house.complete("a")

    with house.transactions.reading() as session:
        left = session.execute(table_of(Stay).select().where(Stay.element == "a")).one()
    with pytest.raises(IntegrityError), house.transactions.begin() as uow:
        uow.send(_STORE, left._asdict())


def test_wherever_a_process_wanders_migrates_and_returns_its_open_stays_are_its_places(town):
    old = town.publish(OLD, CHILD)
    begun = town.wander(25, seed=5)
    assert all(stands_where_it_stays(town, one) for one in begun)

    migration_id, _ = town.migrate(town.publish(NEW, NEW_CHILD))
    assert all(stands_where_it_stays(town, one) for one in begun)
    with town.transactions.begin() as uow:
        migrations.turn_back(uow, migration_id)
    town.finish(migration_id)

    assert all(stands_where_it_stays(town, one) for one in begun)
    with town.transactions.reading() as session:
        found = [stay for each in stays_of(session, begun).values() for stay in each]
    assert {stay.deployment_id == old.id for stay in found if stay.number == 0} == {True}
    assert {stay.ended for stay in found if stay.number} == {Ended.MIGRATED}


def stands_where_it_stays(town, instance_id):
    with town.transactions.begin() as uow:
        instance = steps.lock(uow, instance_id)
        found = stays_of(uow.connection, [instance_id])[instance_id]
        moving = steps.is_moving(instance)
        places = steps.look(uow, instance_id).stays() if moving else {}
        here = instance.deployment_id
    now = [stay for stay in found if stay.ended is None]
    return {stay.token: (stay.process, stay.element) for stay in now} == places and all(
        stay.deployment_id == here for stay in now
    )


def test_a_token_that_went_over_has_stayed_since_it_came(town, traveller):
    town.publish(process(*CHAIN))
    town.instance_id = town.start()
    traveller.shift(timedelta(days=1))
    longer = (start(), person("a"), person("more"), person("b"), end(), flows("s>a>more>b>e"))
    town.migrate(town.publish(process(*longer)))

    left, now = stays(town, "a")
    assert (left.ended, left.left_at) == (Ended.MIGRATED, MORNING + timedelta(days=1))
    assert (now.ended, now.entered_at) == (None, MORNING)
    assert now.deployment_id != left.deployment_id


def test_history_is_erased_in_the_form_of_the_release_before_too(house):
    house.start(*CHAIN)
    passage = {"instance_id": house.instance_id, "step": 1, "position": 0, "at": MORNING}
    passage |= {"token": 1, "process": "p", "element": "s", "passage": "entered"}

    with house.transactions.begin() as uow:
        uow.connection.execute(insert(History), passage)
        erase(uow, [house.instance_id])

    with house.transactions.reading() as session:
        assert session.scalar(select(func.count()).select_from(History)) == 0
    assert stays(house) == []

"""A process is moved by hand exactly as was foretold, and its rows move along."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from bpmn.errors import Refusal
from bpmn.moves import Entry, Move
from bpmn.spiff.errors import MoveRefused, NotWaiting, NoVariableName
from engine import fault_queries, instances, modifying, steps, suspending
from engine.errors import InstanceEnded, InstanceMovedOn
from engine.models import InstanceState, Job
from engine.modifying import Modification
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    catch,
    each,
    end,
    flows,
    job,
    message,
    node,
    person,
    script,
    start,
)
from tests.engine.desk import raising
from tests.engine.house import MORNING, House

CHAIN = (start(), person("a"), person("b"), end(), flows("s>a>b>e"))
TOWN = (
    start(),
    node("parallelGateway", "split"),
    person("a1"),
    boundary("late", "a1", after("P2D"), interrupting=False),
    person("a2"),
    node("subProcess", "room", start("s2"), person("x"), job("y"), end("e2"), flows("s2>x>y>e2")),
    node("parallelGateway", "join"),
    script("sum", "=1 + 1", "total"),
    node("eventBasedGateway", "race"),
    catch("letter", message()),
    catch("pause", after("P1D")),
    person("talk", inside=each("=[1, 2]")),
    end(),
    end("e3"),
    flows("s>split>a1>a2>join>sum>race>letter>talk>e;split>room>join;race>pause>talk;late>e3"),
)
"""Two ways that meet, a sub-process, a race and a repeated task."""


@pytest.fixture
def traveller():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house(database, traveller):
    services = {"work": lambda *_: {}, "fail": raising(ZeroDivisionError())}
    house = House(database, services)
    yield house
    assert house.differences() == []


def test_rows_move_along(house):
    house.start(*TOWN)
    assert house.waits == ["a1", "x"]

    _modify(house, ["a1", "room"], ["race"])

    assert house.waits == []
    house.worker.run_due()
    assert house.due == [(MORNING + timedelta(days=1)).replace(tzinfo=None)]


def test_what_would_be_cancelled_and_created_is_named(house):
    house.start(*TOWN)

    forecast = _preview(house, ["a1", "room"], ["sum"])

    assert _elements(forecast.cancelled) == ["a1", "late", "room", "x"]
    assert _elements(forecast.created) == ["letter", "pause"]
    assert [(one.element, str(one.passage)) for one in forecast.passed] == [
        ("a1", "cancelled"),
        ("room", "cancelled"),
        ("x", "cancelled"),
        ("sum", "entered"),
        ("sum", "left"),
        ("race", "entered"),
    ]


def test_a_preview_changes_nothing(house):
    house.start(*TOWN)
    before = _version(house), house.waits, house.due

    _preview(house, ["a1", "room"], ["race"])

    assert (_version(house), house.waits, house.due) == before


def test_every_move_does_what_was_foretold_or_is_refused_as_was_foretold(house):
    names = ["a1", "a2", "room", "x", "y", "join", "sum", "race", "letter", "talk", "e", "s"]
    moved = 0
    for leaving in (["a1"], ["x"], ["room"], ["a1", "room"]):
        for entering in names:
            house.start(*TOWN)
            forecast = _forecast(house, leaving, [entering])
            if forecast is None:
                with pytest.raises(Refusal):
                    _modify(house, leaving, [entering])
                continue
            before = _tokens(house)
            _modify(house, leaving, [entering])
            moved += 1
            gone = {one.token for one in forecast.cancelled + forecast.left}
            assert _tokens(house) == before - gone | {one.token for one in forecast.created}
            assert house.differences() == []
    assert moved == 10


def test_a_move_for_another_state_of_the_process_is_refused(house):
    house.start(*CHAIN)
    version = _preview(house, ["a"], ["b"]).version
    house.complete("a")

    with pytest.raises(InstanceMovedOn):
        _modify(house, [], ["b"], version=version)

    assert house.waits == ["b"]


def test_a_refused_move_changes_nothing_and_leaves_no_fault(house):
    house.start(*CHAIN)

    with pytest.raises(MoveRefused):
        _modify(house, ["a"], [])

    assert house.waits == ["a"]
    assert _faults(house) == []


def test_a_fault_is_done_when_the_process_is_moved_away_from_it(house):
    house.start(start(), job("work", "fail"), person("b"), end(), flows("s>work>b>e"))
    house.worker.run_due()
    assert [fault.element for fault in _faults(house)] == ["work"]

    _modify(house, ["work"], ["b"])

    assert _faults(house) == []
    assert house.waits == ["b"]


def test_a_suspended_process_is_moved_and_what_it_owes_stays_held(house):
    house.start(start(), person("a"), job("work"), person("b"), end(), flows("s>a>work>b>e"))
    with house.transactions.begin() as uow:
        suspending.suspend(uow, house.instance_id)

    _modify(house, ["a"], ["work"])
    assert _due(house) == [None]
    house.worker.run_due()
    assert house.waits == []
    with house.transactions.begin() as uow:
        suspending.resume(uow, house.instance_id)
    house.worker.run_due()

    assert house.waits == ["b"]


def test_variables_are_set_before_anything_moves(house):
    house.start(
        start(),
        person("a"),
        node("exclusiveGateway", "way", default="way_b"),
        person("b"),
        person("c"),
        end(),
        flows("s>a>way>b>e;way>c[=route = 1];c>e"),
    )

    _modify(house, ["a"], ["way"], route=1)

    assert house.waits == ["c"]


def test_a_process_that_is_moved_to_its_end_has_finished(house):
    house.start(*CHAIN)

    assert _modify(house, ["a"], ["e"]).ends

    assert house.state is InstanceState.FINISHED
    with pytest.raises(InstanceEnded):
        _preview(house, [], ["a"])


def test_variables_are_set_without_moving_anything(house):
    house.start(*CHAIN)

    with house.transactions.begin() as uow:
        instances.assign(uow, house.instance_id, {"route": "mediation"})

    with house.transactions.begin() as uow:
        assert instances.variables(uow, house.instance_id)["route"] == "mediation"
    assert house.waits == ["a"]


@pytest.mark.parametrize(
    ("values", "token", "refusal"), [({"no name": 1}, None, NoVariableName), ({}, 99, NotWaiting)]
)
def test_variables_that_are_refused_leave_no_fault(house, values, token, refusal):
    house.start(*CHAIN)

    with pytest.raises(refusal), house.transactions.begin() as uow:
        instances.assign(uow, house.instance_id, values, token)

    assert _faults(house) == []


def _wanted(uow, house, cancel, create, variables):
    positions = steps.look(uow, house.instance_id).positions()
    tokens = {one.element: one.token for one in reversed(positions)}
    move = Move(
        tuple(tokens[element] for element in cancel), tuple(Entry(element) for element in create)
    )
    return Modification(move, variables)


def _preview(house, cancel, create):
    with house.transactions.begin() as uow:
        return modifying.preview(uow, house.instance_id, _wanted(uow, house, cancel, create, {}))


def _forecast(house, cancel, create):
    try:
        return _preview(house, cancel, create)
    except Refusal:
        return None


def _modify(house, cancel, create, version=None, **variables):
    with house.transactions.begin() as uow:
        wanted = _wanted(uow, house, cancel, create, variables)
        return modifying.modify(uow, house.instance_id, replace(wanted, version=version))


def _tokens(house):
    with house.transactions.begin() as uow:
        return {one.token for one in steps.look(uow, house.instance_id).positions()}


def _version(house):
    with house.transactions.begin() as uow:
        return steps.lock(uow, house.instance_id).version


def _faults(house):
    with house.transactions.reading() as session:
        return fault_queries.open_faults(session)


def _due(house):
    with house.transactions.reading() as session:
        return session.scalars(select(Job.due_at)).all()


def _elements(positions):
    return sorted(one.element for one in positions)

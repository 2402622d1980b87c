"""Tokens moved by hand inside sub-processes, repeated activities and called processes."""

from decimal import Decimal

import pytest

from bpmn.moves import Entry, Move
from bpmn.spiff.errors import MoveRefused
from tests.bpmn.spiff.drawing import (
    Trace,
    call,
    each,
    end,
    flows,
    mapping,
    node,
    person,
    process,
    start,
)
from tests.bpmn.spiff.moved import move, token_at

ROOM = node(
    "subProcess", "room", start("s2"), person("x"), person("y"), end("e2"), flows("s2>x>y>e2")
)
AROUND = (start(), person("a"), ROOM, person("b"), end(), flows("s>a>room>b>e"))


def test_a_sub_process_is_cancelled_with_what_runs_inside():
    trace = Trace(*AROUND).complete("a")

    move(trace, ["room"], ["b"])

    assert trace.waits == ["b"]
    assert trace.passages("x") == ["x entered", "x cancelled"]


def test_a_token_moves_inside_a_sub_process():
    trace = Trace(*AROUND).complete("a")

    move(trace, ["x"], ["y"])

    assert trace.waits == ["y"]
    assert trace.complete("y").waits == ["b"]


def test_a_sub_process_begins_at_its_start():
    trace = Trace(*AROUND)

    move(trace, ["a"], ["room"])

    assert trace.waits == ["x"]


@pytest.mark.parametrize("element", ["x", "nowhere"])
def test_nothing_is_placed_inside_what_is_not_under_way(element):
    with pytest.raises(MoveRefused, match="under way"):
        move(Trace(*AROUND), ["a"], [element])


def test_a_sub_process_is_not_left_empty():
    trace = Trace(*AROUND).complete("a")

    with pytest.raises(MoveRefused, match="left empty"):
        move(trace, ["x"], ["b"])


REPEATED = (
    start(),
    person("a"),
    person("talk", inside=each("=[1, 2, 3]")),
    person("b"),
    end(),
    flows("s>a>talk>b>e"),
)


def test_one_of_several_runs_is_not_moved():
    trace = Trace(*REPEATED).complete("a")
    member = trace.run.waiting_tasks()[1].token

    with pytest.raises(MoveRefused, match="repeated activity"):
        trace.change(lambda run: run.move(Move((member,), (Entry("b"),))))


def test_a_repeated_activity_is_cancelled_and_begun_as_a_whole():
    trace = Trace(*REPEATED)

    move(trace, ["a"], ["talk"])
    assert trace.waits == ["talk"] * 3
    whole = trace.run.waiting_tasks()[0].token
    inside = next(one.inside for one in trace.run.positions() if one.token == whole)
    trace.change(lambda run: run.move(Move((inside,), (Entry("b"),))))

    assert trace.waits == ["b"]


def test_nothing_is_moved_inside_repeated_sub_processes():
    inner = (start("s2"), person("x"), person("y"), end("e2"), flows("s2>x>y>e2"))
    room = node("subProcess", "room", *inner, each("=[1, 2]"))
    trace = Trace(start(), room, end(), flows("s>room>e"))
    token = trace.run.waiting_tasks()[0].token

    with pytest.raises(MoveRefused, match="repeated activity"):
        trace.change(lambda run: run.move(Move((token,))))
    with pytest.raises(MoveRefused, match="repeated activity"):
        trace.change(lambda run: run.move(Move((), (Entry("y"),))))


CALLED = process(
    start("s3"), person("x"), person("y"), end("e3"), flows("s3>x>y>e3"), name="called"
)


def test_a_token_moves_inside_a_called_process():
    trace = Trace(start(), call("c", "called"), end(), flows("s>c>e"), extra=(CALLED,))

    trace.change(lambda run: run.move(Move((token_at(run, "x"),), (Entry("y", process="called"),))))

    assert trace.waits == ["y"]


def test_of_two_calls_of_one_process_the_one_meant_is_named():
    trace = Trace(
        start(),
        node("parallelGateway", "split"),
        call("c1", "called"),
        call("c2", "called"),
        node("parallelGateway", "join"),
        end(),
        flows("s>split>c1>join>e;split>c2>join"),
        extra=(CALLED,),
    )
    inside = token_at(trace.run, "c2")

    with pytest.raises(MoveRefused, match="2 times"):
        trace.change(lambda run: run.move(Move((), (Entry("y", process="called"),))))
    trace.change(lambda run: run.move(Move((), (Entry("y", process="called", inside=inside),))))

    assert [one.inside for one in trace.run.positions() if one.element == "y"] == [inside]


def test_variables_are_set_where_they_exist_nearest_first():
    called = process(start("s3"), person("x"), end("e3"), flows("s3>x>e3"), name="called")
    trace = Trace(
        start(),
        call("c", "called", mapping(inputs={"inner": "=1"}), propagateAllParentVariables="false"),
        end(),
        flows("s>c>e"),
        extra=(called,),
        variables={"outer": 1},
    )

    trace.change(lambda run: run.assign({"inner": 5}, token_at(run, "x")))
    trace.change(lambda run: run.assign({"outer": 7}))

    seen = trace.run.visible_at(token_at(trace.run, "x"))
    assert (seen["inner"], trace.variables.outer) == (Decimal(5), Decimal(7))

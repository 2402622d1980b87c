"""Tokens moved by hand: soundly, with everything that belongs to them, or not at all."""

from decimal import Decimal

import pytest

from bpmn.moves import Entry, Move
from bpmn.spiff.errors import ElementFailed, MoveRefused, NotWaiting, NoVariableName
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    call,
    catch,
    each,
    end,
    error,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    start,
    zeebe,
)

CHAIN = (start(), person("a"), person("b"), person("c"), end(), flows("s>a>b>c>e"))
FORK = (
    start(),
    node("parallelGateway", "split"),
    person("a1"),
    person("a2"),
    person("b1"),
    node("parallelGateway", "join"),
    person("last"),
    end(),
    flows("s>split>a1>a2>join>last>e;split>b1>join"),
)
ROOM = node(
    "subProcess", "room", start("s2"), person("x"), person("y"), end("e2"), flows("s2>x>y>e2")
)
AROUND = (start(), person("a"), ROOM, person("b"), end(), flows("s>a>room>b>e"))


def test_a_token_goes_forward_and_back():
    trace = Trace(*CHAIN)

    _move(trace, ["a"], ["c"])
    assert trace.waits == ["c"]
    _move(trace, ["c"], ["a"])

    assert trace.complete("a").waits == ["b"]


def test_the_history_tells_what_was_cancelled_and_entered():
    trace = Trace(*CHAIN)

    _move(trace, ["a"], ["c"])

    assert trace.passages("a", "b", "c") == ["a entered", "a cancelled", "c entered"]


def test_an_automatic_element_is_passed_at_once():
    trace = Trace(
        start(),
        person("a"),
        node("exclusiveGateway", "way", default="way_b"),
        person("b"),
        person("c"),
        end(),
        flows("s>a>way>b>e;way>c[=x = 1];c>e"),
        variables={"x": 1},
    )

    _move(trace, ["a"], ["way"])

    assert trace.waits == ["c"]


def test_what_watches_an_activity_goes_and_comes_with_it():
    trace = Trace(
        start(),
        person("a"),
        boundary("late", "a", after("P1D"), interrupting=False),
        person("b"),
        end(),
        flows("s>a>b>e;late>b"),
    )
    assert trace.waits == ["a", "late"]

    _move(trace, ["a"], ["b"])
    assert trace.waits == ["b"]
    _move(trace, ["b"], ["a"])

    assert trace.waits == ["a", "late"]


def test_what_only_watches_is_not_cancelled_alone():
    trace = Trace(
        start(),
        person("a"),
        boundary("late", "a", after("P1D")),
        person("b"),
        end(),
        flows("s>a>b>e;late>b"),
    )

    with pytest.raises(MoveRefused, match="only watches"):
        _move(trace, ["late"], ["b"])


def test_events_that_compete_are_cancelled_together():
    trace = Trace(
        start(),
        node("eventBasedGateway", "race"),
        catch("letter", message()),
        catch("pause", after("P1D")),
        person("b"),
        end(),
        flows("s>race>letter>b>e;race>pause>b"),
    )

    _move(trace, ["pause"], ["b"])
    assert trace.waits == ["b"]
    _move(trace, ["b"], ["race"])

    assert trace.waits == ["letter", "pause"]


def test_one_of_competing_events_is_not_awaited_alone():
    trace = Trace(
        start(),
        person("a"),
        node("eventBasedGateway", "race"),
        catch("letter", message()),
        catch("pause", after("P1D")),
        end(),
        flows("s>a>race>letter>e;race>pause>e"),
    )

    with pytest.raises(MoveRefused, match="competes"):
        _move(trace, ["a"], ["pause"])


def test_a_sub_process_is_cancelled_with_what_runs_inside():
    trace = Trace(*AROUND).complete("a")

    _move(trace, ["room"], ["b"])

    assert trace.waits == ["b"]
    assert trace.passages("x") == ["x entered", "x cancelled"]


def test_a_token_moves_inside_a_sub_process():
    trace = Trace(*AROUND).complete("a")

    _move(trace, ["x"], ["y"])

    assert trace.waits == ["y"]
    assert trace.complete("y").waits == ["b"]


def test_a_sub_process_begins_at_its_start():
    trace = Trace(*AROUND)

    _move(trace, ["a"], ["room"])

    assert trace.waits == ["x"]


@pytest.mark.parametrize("element", ["x", "nowhere"])
def test_nothing_is_placed_inside_what_is_not_under_way(element):
    with pytest.raises(MoveRefused, match="under way"):
        _move(Trace(*AROUND), ["a"], [element])


def test_a_sub_process_is_not_left_empty():
    trace = Trace(*AROUND).complete("a")

    with pytest.raises(MoveRefused, match="left empty"):
        _move(trace, ["x"], ["b"])


def test_a_process_is_not_left_empty():
    with pytest.raises(MoveRefused, match="Cancel the process"):
        _move(Trace(*CHAIN), ["a"], [])


def test_one_way_of_several_is_not_cancelled_as_the_others_would_wait_for_ever():
    with pytest.raises(MoveRefused, match="wait at “join” for ever"):
        _move(Trace(*FORK), ["b1"], [])


def test_a_token_is_not_placed_on_one_way_of_several():
    with pytest.raises(MoveRefused, match="wait at “join” for ever"):
        _move(Trace(*FORK), ["a1", "b1"], ["a2"])


def test_a_token_is_not_placed_where_another_is_on_the_way_already():
    with pytest.raises(MoveRefused, match="wait at “join” for ever"):
        _move(Trace(*FORK), [], ["a2"])


def test_each_way_may_be_moved_by_itself():
    trace = Trace(*FORK)

    _move(trace, ["a1"], ["a2"])

    assert trace.complete("a2").complete("b1").waits == ["last"]


def test_all_ways_may_be_left_for_what_follows():
    trace = Trace(*FORK).complete("a1").complete("a2")

    _move(trace, ["join", "b1"], ["last"])

    assert trace.complete("last").finished


def test_all_ways_may_begin_again():
    trace = Trace(*FORK).complete("a1").complete("a2").complete("b1")

    _move(trace, ["last"], ["split"])

    assert trace.waits == ["a1", "b1"]


def test_nothing_is_placed_on_a_gateway_that_waits_for_several():
    with pytest.raises(MoveRefused, match="several ways together"):
        _move(Trace(*FORK), ["a1", "b1"], ["join"])


def test_an_inclusive_gateway_waits_only_for_what_may_still_come():
    trace = Trace(
        start(),
        node("inclusiveGateway", "split", default="split_b"),
        person("a"),
        person("b"),
        node("inclusiveGateway", "join"),
        person("last"),
        end(),
        flows("s>split;split>a[=x = 1];split>b;a>join;b>join;join>last>e"),
        variables={"x": 1},
    )

    _move(trace, ["a"], ["b"])

    assert trace.complete("b").waits == ["last"]


def test_a_process_that_may_wait_for_ever_by_itself_may_still_be_moved():
    trace = Trace(
        start(),
        node("exclusiveGateway", "way", default="way_a"),
        person("a"),
        person("b"),
        node("parallelGateway", "join"),
        end(),
        flows("s>way>a>join>e;way>b[=x = 1];b>join"),
        variables={"x": 2},
    )

    _move(trace, ["a"], ["b"])

    assert trace.waits == ["b"]


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

    _move(trace, ["a"], ["talk"])
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

    trace.change(lambda run: run.move(Move((_token(run, "x"),), (Entry("y", process="called"),))))

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
    inside = _token(trace.run, "c2")

    with pytest.raises(MoveRefused, match="2 times"):
        trace.change(lambda run: run.move(Move((), (Entry("y", process="called"),))))
    trace.change(lambda run: run.move(Move((), (Entry("y", process="called", inside=inside),))))

    assert [one.inside for one in trace.run.positions() if one.element == "y"] == [inside]


def test_a_boundary_event_is_no_place_to_begin():
    trace = Trace(
        start(),
        person("a"),
        boundary("bad", "a", error()),
        person("b"),
        end(),
        flows("s>a>b>e;bad>b"),
    )

    with pytest.raises(MoveRefused, match="event alone"):
        _move(trace, ["a"], ["bad"])


def test_a_token_that_is_gone_is_not_cancelled():
    trace = Trace(*CHAIN)
    token = _token(trace.run, "a")
    trace.complete("a")

    with pytest.raises(NotWaiting):
        trace.change(lambda run: run.move(Move((token,), (Entry("c"),))))


def test_a_token_placed_at_the_end_finishes_the_process():
    trace = Trace(*CHAIN)

    _move(trace, ["a"], ["e"])

    assert trace.finished


def test_a_failing_service_is_gone_round():
    trace = Trace(start(), job("work"), person("b"), end(), flows("s>work>b>e"))

    _move(trace, ["work"], ["b"])

    assert trace.waits == ["b"]


def test_what_cannot_be_set_up_is_told_by_its_element():
    trace = Trace(
        start(),
        person("a"),
        person("b", zeebe("priorityDefinition", priority='="high"')),
        end(),
        flows("s>a>b>e"),
    )

    with pytest.raises(ElementFailed, match="“b”"):
        _move(trace, ["a"], ["b"])


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

    trace.change(lambda run: run.assign({"inner": 5}, _token(run, "x")))
    trace.change(lambda run: run.assign({"outer": 7}))

    seen = trace.run.visible_at(_token(trace.run, "x"))
    assert (seen["inner"], trace.variables.outer) == (Decimal(5), Decimal(7))


@pytest.mark.parametrize("name", ["", "two words", "3d", "incident.text"])
def test_only_names_of_variables_are_set(name):
    with pytest.raises(NoVariableName):
        Trace(*CHAIN).change(lambda run: run.assign({name: 1}))


def _move(trace, cancel, create):
    return trace.change(
        lambda run: run.move(
            Move(
                tuple(_token(run, element) for element in cancel),
                tuple(Entry(element) for element in create),
            )
        )
    )


def _token(run, element):
    return next(one.token for one in run.positions() if one.element == element)

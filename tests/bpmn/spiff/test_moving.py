"""Tokens moved by hand: soundly, with everything that belongs to them, or not at all."""

import pytest

from bpmn.moves import Entry, Move
from bpmn.spiff.errors import ElementFailed, MoveRefused, NotWaiting, NoVariableName
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    catch,
    end,
    error,
    flows,
    job,
    message,
    node,
    person,
    start,
    zeebe,
)
from tests.bpmn.spiff.moved import move, token_at

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


def test_a_token_goes_forward_and_back():
    trace = Trace(*CHAIN)

    move(trace, ["a"], ["c"])
    assert trace.waits == ["c"]
    move(trace, ["c"], ["a"])

    assert trace.complete("a").waits == ["b"]


def test_the_history_tells_what_was_cancelled_and_entered():
    trace = Trace(*CHAIN)

    move(trace, ["a"], ["c"])

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

    move(trace, ["a"], ["way"])

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

    move(trace, ["a"], ["b"])
    assert trace.waits == ["b"]
    move(trace, ["b"], ["a"])

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
        move(trace, ["late"], ["b"])


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

    move(trace, ["pause"], ["b"])
    assert trace.waits == ["b"]
    move(trace, ["b"], ["race"])

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
        move(trace, ["a"], ["pause"])


def test_a_process_is_not_left_empty():
    with pytest.raises(MoveRefused, match="Cancel the process"):
        move(Trace(*CHAIN), ["a"], [])


def test_one_way_of_several_is_not_cancelled_as_the_others_would_wait_for_ever():
    with pytest.raises(MoveRefused, match="wait at “join” for ever"):
        move(Trace(*FORK), ["b1"], [])


def test_a_token_is_not_placed_on_one_way_of_several():
    with pytest.raises(MoveRefused, match="wait at “join” for ever"):
        move(Trace(*FORK), ["a1", "b1"], ["a2"])


def test_a_token_is_not_placed_where_another_is_on_the_way_already():
    with pytest.raises(MoveRefused, match="wait at “join” for ever"):
        move(Trace(*FORK), [], ["a2"])


def test_each_way_may_be_moved_by_itself():
    trace = Trace(*FORK)

    move(trace, ["a1"], ["a2"])

    assert trace.complete("a2").complete("b1").waits == ["last"]


def test_all_ways_may_be_left_for_what_follows():
    trace = Trace(*FORK).complete("a1").complete("a2")

    move(trace, ["join", "b1"], ["last"])

    assert trace.complete("last").finished


def test_all_ways_may_begin_again():
    trace = Trace(*FORK).complete("a1").complete("a2").complete("b1")

    move(trace, ["last"], ["split"])

    assert trace.waits == ["a1", "b1"]


def test_nothing_is_placed_on_a_gateway_that_waits_for_several():
    with pytest.raises(MoveRefused, match="several ways together"):
        move(Trace(*FORK), ["a1", "b1"], ["join"])


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

    move(trace, ["a"], ["b"])

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

    move(trace, ["a"], ["b"])

    assert trace.waits == ["b"]


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
        move(trace, ["a"], ["bad"])


def test_a_token_that_is_gone_is_not_cancelled():
    trace = Trace(*CHAIN)
    token = token_at(trace.run, "a")
    trace.complete("a")

    with pytest.raises(NotWaiting):
        trace.change(lambda run: run.move(Move((token,), (Entry("c"),))))


def test_a_token_placed_at_the_end_finishes_the_process():
    trace = Trace(*CHAIN)

    move(trace, ["a"], ["e"])

    assert trace.finished


def test_a_failing_service_is_gone_round():
    trace = Trace(start(), job("work"), person("b"), end(), flows("s>work>b>e"))

    move(trace, ["work"], ["b"])

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
        move(trace, ["a"], ["b"])


@pytest.mark.parametrize("name", ["", "two words", "3d", "incident.text"])
def test_only_names_of_variables_are_set(name):
    with pytest.raises(NoVariableName):
        Trace(*CHAIN).change(lambda run: run.assign({name: 1}))

"""Several flows leave a step: all that ask for nothing, all whose condition holds, or the default."""

import pytest

from bpmn.model import NotExecutable
from bpmn.spiff.errors import ElementFailed
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    catch,
    each,
    end,
    flows,
    node,
    person,
    start,
)

BOTH = (start(), person("a"), person("b"), person("c"), end("e"), end("f"))


def test_all_flows_without_a_condition_are_taken():
    trace = Trace(*BOTH, flows("s>a>b>e;a>c>f")).complete("a")

    assert trace.waits == ["b", "c"]
    assert trace.complete("b").complete("c").finished


def test_the_flows_that_leave_a_start_or_a_catch_are_all_taken():
    trace = Trace(*BOTH[:1], catch("t", after("PT1H")), *BOTH[1:], flows("s>t>a>e;t>b>f;s>c>e"))

    assert trace.waits == ["c", "t"]
    trace.clock.advance(hours=1)
    assert trace.fire("t").waits == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("x", "waits"), [(1, ["b"]), (2, ["b", "c"]), (0, ["o"])], ids=["one", "both", "default"]
)
def test_conditions_choose_any_number_of_flows_and_else_the_default(x, waits):
    nodes = (start(), person("a", default="a_o"), person("b"), person("c"), person("o"), end("e"))
    drawn = Trace(*nodes, flows("s>a;a>b[=x > 0];a>c[=x > 1];a>o;b>e;c>e;o>e"))

    assert drawn.complete("a", x=x).waits == waits


def test_a_flow_without_a_condition_is_taken_beside_those_that_hold():
    drawn = Trace(*BOTH, flows("s>a>b>e;a>c[=x > 1];c>f"))

    assert drawn.complete("a", x=1).waits == ["b"]


def test_a_step_that_finds_no_way_fails_and_stays_where_it_was():
    trace = Trace(*BOTH, flows("s>a;a>b[=x > 0];b>e;a>c[=x > 1];c>f"))

    with pytest.raises(ElementFailed, match="default"):
        trace.complete("a", x=0)
    assert trace.waits == ["a"]


def test_a_repeated_step_goes_on_once_on_every_way():
    repeated = person("a", inside=each("=[1, 2]"))
    trace = Trace(start(), repeated, *BOTH[2:], flows("s>a>b>e;a>c>f"))

    assert trace.complete("a").complete("a").waits == ["b", "c"]


def test_a_step_under_watch_goes_on_on_every_way_and_its_watch_ends():
    watched = (*BOTH, boundary("late", "a", after("P1D")), end("z"))
    trace = Trace(*watched, flows("s>a>b>e;a>c>f;late>z"))

    assert trace.complete("a").waits == ["b", "c"]


def test_an_inclusive_join_waits_for_exactly_the_ways_that_were_taken():
    nodes = (*BOTH[:4], node("inclusiveGateway", "join"), person("o"), end("e"))
    trace = Trace(*nodes, flows("s>a;a>b[=x > 0];a>c[=x > 1];b>join;c>join;join>o>e"))

    assert trace.complete("a", x=1).complete("b").waits == ["o"]


def link(tag, name, target):
    return node(tag, name, f'<bpmn:linkEventDefinition name="{target}"/>')


def thrown(name="go", target="later"):
    return link("intermediateThrowEvent", name, target)


def caught(name="here", target="later"):
    return link("intermediateCatchEvent", name, target)


def test_a_link_goes_on_at_the_catching_event_of_its_name():
    trace = Trace(
        start(), person("a"), thrown(), caught(), person("b"), end(), flows("s>a>go;here>b>e")
    )

    trace.complete("a")

    assert trace.waits == ["b"]
    assert trace.passages("go", "here") == ["go entered", "go left", "here entered", "here left"]
    assert trace.complete("b").finished


def test_several_links_lead_to_one_end_and_a_loop_may_run_through_a_link():
    nodes = (start(), person("a"), node("exclusiveGateway", "g", default="g_e"), end())
    trace = Trace(*nodes, thrown(), caught(), flows("s>a>g;g>go[=again];g>e;here>a"))

    for _ in range(3):
        trace.complete("a", again=True)
    assert trace.waits == ["a"]
    assert trace.complete("a", again=False).finished


@pytest.mark.parametrize(
    "drawn",
    [
        (thrown(), flows("s>a>go")),
        (thrown(), caught(), caught("there"), flows("s>a>go;here>b>e;there>c")),
        (thrown(), caught(), flows("s>a>go>b>e;here>c")),
        (thrown(target=""), caught(target=""), flows("s>a>go;here>b>e")),
    ],
    ids=["no end", "two ends", "a flow beside", "no name"],
)
def test_a_link_that_leads_nowhere_or_anywhere_is_refused(drawn):
    with pytest.raises(NotExecutable):
        Trace(*BOTH, *drawn)

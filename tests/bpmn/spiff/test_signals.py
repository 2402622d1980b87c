"""Signals: thrown by name, heard by every token that waits for the name, each time anew."""

import pytest

from bpmn.model import NotExecutable
from bpmn.spiff.errors import NotWaiting
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    catch,
    end,
    flows,
    mapping,
    message,
    node,
    person,
    start,
)

NAMED = '<bpmn:signal id="sig" name="town closed"/>'


def signal(reference="sig"):
    return f'<bpmn:signalEventDefinition signalRef="{reference}"/>'


def throw(name="t"):
    return node("intermediateThrowEvent", name, signal())


class Listening(Trace):
    def __init__(self, *nodes):
        super().__init__(*nodes, extra=(NAMED,))

    def hear(self, element, **values):
        return self.change(
            lambda run: run.receive_signal(self.find("signals", element).token, values)
        )

    @property
    def listens(self):
        return [(one.element, one.signal) for one in self.run.waiting_signals()]


def thrown(trace, element):
    run = trace.run
    run.complete(trace.find("tasks", element).token, {})
    run.settle()
    return run.thrown(), run.thrown()


def test_a_throw_goes_on_at_once_and_is_told_once():
    trace = Listening(start(), person("a"), throw(), person("b"), end(), flows("s>a>t>b>e"))

    assert thrown(trace, "a") == (["town closed"], [])


def test_an_end_throws_a_signal_and_ends():
    trace = Listening(start(), person("a"), end("e", signal()), flows("s>a>e"))

    assert thrown(trace, "a") == (["town closed"], [])
    assert trace.complete("a").finished


def test_who_waits_in_the_same_instance_hears_a_signal_at_once():
    nodes = (start(), node("parallelGateway", "g"), catch("c", signal()), person("a"), throw())
    trace = Listening(*nodes, end(), end("f"), flows("s>g>c>e;g>a>t>f"))

    assert trace.complete("a").finished


def test_who_goes_on_watching_hears_each_of_two_signals_thrown_at_once():
    fork, both = node("parallelGateway", "f"), node("parallelGateway", "g")
    watch = boundary("w", "a", signal(), interrupting=False)
    ways = flows("s>f>a>e;f>b>g>t>e2;g>u>e2;w>c>e2")
    people = (person("a"), person("b"), person("c"))
    nodes = (fork, both, watch, *people, throw(), throw("u"), end(), end("e2"), ways)
    trace = Listening(start(), *nodes)

    trace.complete("b")

    assert trace.waits == ["a", "c", "c"]


def test_a_signal_ends_what_it_ends_before_anything_in_there_goes_on():
    inner = (start("s2"), node("parallelGateway", "g"), person("a"), throw(), catch("c", signal()))
    inside = node("subProcess", "x", *inner, end("e2"), flows("s2>g>a>t>e2;g>c>e2"))
    watch = boundary("w", "x", signal())
    trace = Listening(start(), inside, watch, person("b"), end(), flows("s>x>e;w>b>e"))

    trace.complete("a")

    assert trace.waits == ["b"]
    assert trace.passages("c", "e2") == ["c entered", "c cancelled"]


def test_a_catching_event_waits_for_the_signal_and_takes_what_its_mappings_name():
    heard = catch("c", signal(), mapping(outputs={"since": "=day"}))
    trace = Listening(start(), heard, person("a"), end(), flows("s>c>a>e"))

    trace.hear("c", day="Monday", more=1)

    assert trace.waits == ["a"]
    assert trace.variables.since == "Monday"
    assert not hasattr(trace.variables, "more")


def test_an_interrupting_watch_ends_its_step():
    watch = boundary("w", "a", signal())
    trace = Listening(
        start(), person("a"), watch, person("b"), end(), end("f"), flows("s>a>e;w>b>f")
    )

    assert trace.hear("w").waits == ["b"]
    assert trace.listens == []


def test_a_watch_that_does_not_interrupt_hears_every_time():
    watch = boundary("w", "a", signal(), interrupting=False)
    trace = Listening(
        start(), person("a"), watch, person("b"), end(), end("f"), flows("s>a>e;w>b>f")
    )

    trace.hear("w").hear("w")

    assert trace.waits == ["a", "b", "b"]
    assert trace.listens == [("w", "town closed")]


def test_a_signal_decides_a_race():
    nodes = (
        start(),
        node("eventBasedGateway", "g"),
        catch("c", signal()),
        catch("x", after("P1D")),
    )
    trace = Listening(*nodes, person("a"), end(), end("f"), flows("s>g>c>a>e;g>x>f"))

    trace.hear("c")

    assert trace.waits == ["a"]


def test_a_token_that_waits_for_something_else_hears_nothing():
    trace = Listening(start(), catch("c", message()), end(), flows("s>c>e"))

    with pytest.raises(NotWaiting):
        trace.run.receive_signal(trace.find("messages", "c").token, {})


def test_a_signal_without_a_fixed_name_is_refused():
    nodes = (start(), catch("c", signal("gone")), end(), flows("s>c>e"))

    with pytest.raises(NotExecutable):
        Listening(*nodes)

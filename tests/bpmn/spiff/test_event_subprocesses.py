"""Event sub-processes: they wait as long as their level lives, and start by an event of their own."""

import pytest

from bpmn.model import NotExecutable
from bpmn.spiff.errors import ElementFailed
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    call,
    each,
    end,
    error,
    escalation,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    start,
    timer,
)

SIGNAL = '<bpmn:signalEventDefinition signalRef="sig"/>'
NAMED = '<bpmn:signal id="sig" name="town closed"/>'


def beside(trigger, *, interrupting=True, name="es", task="help", extensions=""):
    """An event sub-process with one task, started by a trigger."""
    begin = node(
        "startEvent",
        f"{name}_s",
        trigger,
        extensions=extensions,
        isInterrupting=str(interrupting).lower(),
    )
    inside = (begin, person(task), end(f"{name}_e"), flows(f"{name}_s>{task}>{name}_e"))
    return node("subProcess", name, *inside, triggeredByEvent="true")


PLAIN = (start(), person("a"), person("b"), end(), flows("s>a>b>e"))


def test_a_process_ends_without_its_event_sub_process_having_started():
    trace = Trace(*PLAIN, beside(message()))
    assert trace.waits == ["a", "es_s"]

    trace.complete("a").complete("b")

    assert trace.finished
    assert "es entered" not in trace.passages()


def test_an_interrupting_one_ends_everything_else_at_once():
    trace = Trace(*PLAIN, beside(message()))

    trace.deliver("es_s")

    assert trace.waits == ["help"]
    assert trace.passages("a", "es") == ["a entered", "a cancelled", "es entered"]
    assert trace.complete("help").finished


def test_its_start_is_told_once_in_the_history():
    trace = Trace(*PLAIN, beside(message()))

    trace.deliver("es_s").complete("help")

    assert trace.passages("es_s") == ["es_s entered", "es_s left"]


def test_one_that_does_not_interrupt_runs_beside_and_may_start_again():
    trace = Trace(*PLAIN, beside(message(), interrupting=False))

    trace.deliver("es_s").deliver("es_s")

    assert trace.waits == ["a", "es_s", "help", "help"]
    trace.complete("a").complete("b").complete("help")
    assert not trace.finished
    assert trace.complete("help").finished


def test_a_timer_counts_from_the_beginning_of_the_level():
    trace = Trace(*PLAIN, beside(after("P2D")))
    trace.clock.advance(days=1)
    trace.complete("a")
    trace.clock.advance(days=1)

    trace.fire("es_s")

    assert trace.waits == ["help"]


def test_a_cycle_starts_it_again_and_again():
    trace = Trace(*PLAIN, beside(timer("timeCycle", "R2/P1D"), interrupting=False))

    for _ in range(2):
        trace.clock.advance(days=1)
        trace.fire("es_s")

    assert trace.waits == ["a", "help", "help"]


def test_a_signal_starts_it():
    trace = Trace(*PLAIN, beside(SIGNAL), extra=(NAMED,))

    trace.change(lambda run: run.receive_signal(run.waiting_signals()[0].token, {}))

    assert trace.waits == ["help"]


def test_an_error_of_a_job_is_caught_in_its_level_before_it_leaves_it():
    inner = (start("s2"), job("work"), end("e2"), flows("s2>work>e2"), beside(error()))
    outer = (node("subProcess", "sub", *inner), boundary("out", "sub", error()), person("late"))
    trace = Trace(start(), *outer, end(), end("f"), flows("s>sub>e;out>late>f"))

    trace.fail("work", "E1")

    assert trace.waits == ["help"]
    assert trace.complete("help").finished


def test_an_error_that_it_does_not_catch_goes_on_outwards():
    inner = (start("s2"), job("work"), end("e2"), flows("s2>work>e2"), beside(error("err2")))
    outer = (node("subProcess", "sub", *inner), boundary("out", "sub", error()), person("late"))
    trace = Trace(start(), *outer, end(), end("f"), flows("s>sub>e;out>late>f"))

    assert trace.fail("work", "E1").waits == ["late"]


def test_an_error_inside_it_is_not_caught_by_itself():
    inside = (
        node("startEvent", "es_s", error()),
        job("again"),
        end("es_e"),
        flows("es_s>again>es_e"),
    )
    es = node("subProcess", "es", *inside, triggeredByEvent="true")
    trace = Trace(start(), job("work"), end(), flows("s>work>e"), es)
    trace.fail("work", "E1")

    with pytest.raises(ElementFailed):
        trace.fail("again", "E1")
    assert trace.waits == ["again"]


def test_an_escalation_may_start_it_without_ending_anything():
    raising = node("intermediateThrowEvent", "up", escalation())
    nodes = (start(), person("a"), raising, person("b"), end(), flows("s>a>up>b>e"))
    trace = Trace(*nodes, beside(escalation(), interrupting=False))

    assert trace.complete("a").waits == ["b", "help"]


def test_an_escalation_may_end_everything_else():
    raising = node("intermediateThrowEvent", "up", escalation())
    nodes = (start(), person("a"), raising, person("b"), end(), flows("s>a>up>b>e"))
    trace = Trace(*nodes, beside(escalation()))

    assert trace.complete("a").waits == ["help"]


def test_a_sub_process_that_is_left_takes_its_own_with_it():
    inner = (start("s2"), person("in"), end("e2"), flows("s2>in>e2"), beside(message()))
    nodes = (start(), node("subProcess", "sub", *inner), person("b"), end(), flows("s>sub>b>e"))
    trace = Trace(*nodes)

    assert trace.complete("in").waits == ["b"]


def test_interrupting_inside_a_sub_process_leaves_the_level_around_alone():
    inner = (start("s2"), person("in"), end("e2"), flows("s2>in>e2"), beside(message()))
    nodes = (start(), node("parallelGateway", "g"), node("subProcess", "sub", *inner))
    trace = Trace(*nodes, person("b"), end(), end("f"), flows("s>g>sub>e;g>b>f"))

    assert trace.deliver("es_s").waits == ["b", "help"]
    assert trace.complete("help").waits == ["b"]


def test_every_round_of_a_repeated_sub_process_has_its_own():
    inner = (start("s2"), person("in"), end("e2"), flows("s2>in>e2"), beside(message()))
    repeated = node("subProcess", "sub", *inner, each("=[1, 2]"))
    trace = Trace(start(), repeated, end(), flows("s>sub>e"))
    assert trace.waits == ["es_s", "es_s", "in", "in"]

    trace.deliver("es_s")

    assert trace.waits == ["es_s", "help", "in"]
    assert trace.complete("help").complete("in").finished


def test_a_called_process_has_its_own_and_the_caller_goes_on():
    called = process(*PLAIN, beside(message()), name="q")
    trace = Trace(start("z"), call("c", "q"), end("y"), flows("z>c>y"), extra=(called,))

    assert trace.deliver("es_s").complete("help").finished


def test_terminate_ends_the_watch_too():
    stop = end("stop", "<bpmn:terminateEventDefinition/>")
    trace = Trace(start(), person("a"), stop, flows("s>a>stop"), beside(message()))

    assert trace.complete("a").finished


def test_a_running_one_can_be_interrupted_by_another():
    quiet = beside(message(), interrupting=False)
    loud = beside(SIGNAL, name="es2", task="rescue")
    trace = Trace(*PLAIN, quiet, loud, extra=(NAMED,))
    trace.deliver("es_s")

    trace.change(lambda run: run.receive_signal(run.waiting_signals()[0].token, {}))

    assert trace.waits == ["rescue"]


def test_what_comes_with_the_message_goes_through_the_mappings_of_the_start():
    trace = Trace(*PLAIN, beside(message(), extensions=mapping(outputs={"why": "=reason"})))

    trace.deliver("es_s", reason="fire", more=1)

    assert trace.variables.why == "fire"
    assert not hasattr(trace.variables, "more")


@pytest.mark.parametrize(
    "drawn",
    [
        (beside(""),),
        (beside(error(), interrupting=False),),
        (beside(timer("timeCycle", "R/P1D")),),
        (beside(message()), flows("a>es")),
        (beside(message()), boundary("w", "es", after("P1D")), flows("w>b")),
    ],
    ids=["no trigger", "error beside", "interrupting cycle", "a flow to it", "watched"],
)
def test_what_would_not_run_as_drawn_is_refused(drawn):
    with pytest.raises(NotExecutable):
        Trace(*PLAIN, *drawn)


def test_a_start_event_of_a_process_has_no_trigger():
    with pytest.raises(NotExecutable):
        Trace(node("startEvent", "s", after("P1D")), person("a"), end(), flows("s>a>e"))

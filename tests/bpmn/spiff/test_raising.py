import pytest

from bpmn.spiff.errors import ElementFailed, Stuck
from tests.bpmn.spiff.drawing import (
    INNER,
    Trace,
    boundary,
    call,
    end,
    error,
    escalation,
    flows,
    job,
    node,
    person,
    process,
    start,
)


def test_an_error_interrupts_its_subprocess_and_no_other():
    def twin(number):
        inner = "".join(INNER)
        for name in ("s2", "g", "a", "b", "bad", "e2"):
            inner = inner.replace(f'"{name}', f'"{name}{number}').replace(
                f"_{name}", f"_{name}{number}"
            )
        return node("subProcess", f"sub{number}", inner)

    trace = Trace(
        start(),
        node("parallelGateway", "f"),
        twin(1),
        twin(2),
        boundary("c1", "sub1", error()),
        boundary("c2", "sub2", error()),
        person("r1"),
        person("r2"),
        end(),
        flows("s>f>sub1>e;f>sub2>e;c1>r1>e;c2>r2>e"),
    )

    trace.complete("a1")

    assert trace.waits == ["a2", "b2", "r1"]


def test_the_innermost_boundary_for_the_code_catches_an_error():
    trace = Trace(
        start(),
        node(
            "subProcess",
            "outer",
            start("s1"),
            node("subProcess", "sub", *INNER),
            boundary("other", "sub", error("err2")),
            person("no"),
            end("e1"),
            flows("s1>sub>e1;other>no>e1"),
        ),
        boundary("any", "outer", "<bpmn:errorEventDefinition/>"),
        person("r"),
        end(),
        flows("s>outer>e;any>r>e"),
    )

    trace.complete("a")

    assert trace.waits == ["r"]


def test_an_error_leaves_a_called_process():
    trace = Trace(
        start(),
        call("c", "child"),
        boundary("x", "c", error()),
        person("r"),
        end(),
        flows("s>c>e;x>r>e"),
        extra=[process(*INNER, name="child")],
    )

    trace.complete("a")

    assert trace.waits == ["r"]


def test_an_error_that_nobody_catches_is_refused_and_the_state_stays():
    trace = Trace(start(), person("a"), end("bad", error()), flows("s>a>bad"))

    with pytest.raises(ElementFailed) as caught:
        trace.complete("a")

    assert caught.value.element == "bad"
    assert trace.waits == ["a"]


def test_a_job_can_fail_into_its_boundary_event():
    trace = Trace(
        start(),
        job("j"),
        boundary("x", "j", error()),
        person("r"),
        end(),
        flows("s>j>e;x>r>e"),
    )

    with pytest.raises(ElementFailed):
        trace.fail("j", "E9")
    trace.fail("j", "E1")

    assert trace.waits == ["r"]


def escalating(interrupting):
    inner = (
        start("s2"),
        node("intermediateThrowEvent", "up", escalation()),
        person("a"),
        end("e2"),
        flows("s2>up>a>e2"),
    )
    return Trace(
        start(),
        node("subProcess", "sub", *inner),
        boundary("x", "sub", escalation(), interrupting=interrupting),
        person("r"),
        end(),
        flows("s>sub>e;x>r>e"),
    )


def test_an_escalation_may_or_may_not_interrupt():
    assert escalating(interrupting=False).waits == ["a", "r"]
    assert escalating(interrupting=True).waits == ["r"]


def test_terminate_ends_its_own_level_only():
    inner = (
        start("s2"),
        node("parallelGateway", "g"),
        person("a"),
        person("b"),
        end("stop", "<bpmn:terminateEventDefinition/>"),
        end("e2"),
        flows("s2>g>a>stop;g>b>e2"),
    )
    trace = Trace(
        start(), node("subProcess", "sub", *inner), person("c"), end(), flows("s>sub>c>e")
    )

    trace.complete("a")

    assert trace.waits == ["c"]
    assert "b cancelled" in trace.passages()


def test_a_stuck_subprocess_is_reported_although_an_error_event_watches_it():
    inner = (
        start("s2"),
        person("a"),
        node("exclusiveGateway", "x", default="x_i"),
        node("intermediateThrowEvent", "i"),
        node("intermediateThrowEvent", "k"),
        node("parallelGateway", "j"),
        end("e2"),
        flows("s2>a>x;x>i>j;x>k[=false];k>j>e2"),
    )
    trace = Trace(
        start(),
        node("subProcess", "sub", *inner),
        boundary("b", "sub", error()),
        end(),
        flows("s>sub>e;b>e"),
    )

    with pytest.raises(Stuck):
        trace.complete("a")

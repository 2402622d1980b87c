"""An error is caught by exactly one event around it."""

import pytest

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import check
from tests.bpmn.spiff.drawing import (
    boundary,
    call,
    document,
    end,
    error,
    flows,
    node,
    process,
    start,
)

FAILS = end("bad", error("err"))


def inner(*extra):
    return node("subProcess", "sub", start("s2"), FAILS, *extra, flows("s2>bad"))


def caught_by(*events, path="s>sub>e"):
    return process(start(), inner(), end(), *events, flows(path))


def found(*processes):
    bundle = Bundle({"p.bpmn": document(*processes)})
    return [f.element for f in check(bundle, Host()) if f.rule == "caught_errors"]


def test_an_error_that_a_boundary_event_catches_is_fine():
    assert found(caught_by(boundary("b", "sub", error("err")), end("f"), path="s>sub>e;b>f")) == []


def test_an_error_that_nobody_catches_is_refused():
    assert found(caught_by()) == ["bad"]
    assert found(process(start(), FAILS, flows("s>bad"))) == ["bad"]


def test_an_error_with_another_code_is_not_caught():
    other = boundary("b", "sub", error("err2"))

    assert found(caught_by(other, end("f"), path="s>sub>e;b>f")) == ["bad"]


def test_an_error_is_caught_where_its_process_is_called():
    fails = process(start(), FAILS, flows("s>bad"), name="fails")
    caller = process(
        start("a"),
        call("c", "fails"),
        boundary("b", "c", error("err")),
        end("f"),
        end("g"),
        flows("a>c>f;b>g"),
    )

    assert found(caller, fails) == []


@pytest.mark.parametrize("caught", [error("err"), "<bpmn:errorEventDefinition/>"])
def test_two_events_that_catch_the_same_are_refused(caught):
    twice = [boundary(name, "sub", caught) for name in ("b1", "b2")]

    told = found(caught_by(*twice, end("f"), end("g"), path="s>sub>e;b1>f;b2>g"))

    assert told == ["b1", "b2"]


def test_an_event_sub_process_catches_and_does_not_start_itself():
    help_ = node(
        "subProcess",
        "help",
        node("startEvent", "s3", error("err")),
        end("again", error("err")),
        flows("s3>again"),
        triggeredByEvent="true",
    )

    assert found(process(start(), FAILS, help_, flows("s>bad"))) == ["again"]

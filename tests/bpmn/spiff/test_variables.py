from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pytest

from bpmn.feel import YearsMonths
from bpmn.spiff.errors import ElementFailed
from tests.bpmn.spiff.drawing import (
    BERLIN,
    Trace,
    boundary,
    call,
    catch,
    end,
    error,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    script,
    start,
)


def test_a_branch_sees_what_the_other_wrote_and_the_join_loses_nothing():
    trace = Trace(
        start(),
        node("parallelGateway", "g"),
        person("a"),
        person("b"),
        node("parallelGateway", "j"),
        end(),
        flows("s>g>a>j;g>b>j>e"),
        variables={"x": 1},
    )

    trace.complete("a", x=2)
    seen_by_b = trace.variables.x
    trace.complete("b", y=3)

    assert (seen_by_b, trace.variables.x, trace.variables.y) == (2, 2, 3)
    assert trace.finished


@pytest.mark.parametrize(
    "value",
    [
        Decimal("12.50"),
        Decimal(7),
        Decimal("1E+40"),
        date(2027, 1, 15),
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
        datetime(2027, 1, 15, 9, tzinfo=UTC),
        time(9, 30),
        timedelta(days=3, microseconds=5),
        YearsMonths(-14),
        ["a", None, True, [Decimal(1)]],
        {"c": {"n": "no number"}, "d": date(2027, 1, 15), "typename": "x"},
        {"n": "5"},
        {},
        "text",
    ],
)
def test_a_value_comes_back_from_a_snapshot_as_it_was(value):
    trace = Trace(start(), person("a"), person("b"), end(), flows("s>a>b>e"))

    trace.complete("a", value=value)

    found = trace.variables.value
    assert repr(found) == repr(value)


def test_a_date_is_still_a_date_for_formulas_after_a_reload():
    trace = Trace(
        start(),
        person("a"),
        script("b", '=received + duration("P3D")', "until"),
        end(),
        flows("s>a>b>e"),
        variables={"received": date(2027, 1, 15)},
    )

    trace.complete("a")

    assert trace.variables.until == date(2027, 1, 18)


def test_inputs_are_local_and_outputs_choose_what_is_kept():
    io = mapping({"headline": '="about " + kind'}, {"route": "=chosen", "first": '="fixed"'})
    trace = Trace(
        start(), person("a", io), person("b"), end(), flows("s>a>b>e"), variables={"kind": "noise"}
    )

    trace.complete("a", chosen="mediation", junk="x")

    assert vars(trace.variables) == {
        "case_id": "C-1",
        "kind": "noise",
        "route": "mediation",
        "first": "fixed",
    }


@pytest.mark.parametrize("answers", [{}, {"found": 1}])
def test_an_output_sees_the_outputs_before_it(answers):
    trace = Trace(
        start(),
        person("a", mapping(outputs={"x": "=y", "y": "=x + 1"})),
        person("b"),
        end(),
        flows("s>a>b>e"),
        variables={"x": 10, "y": 20},
    )

    trace.complete("a", **answers)

    assert (trace.variables.x, trace.variables.y) == (20, 21)


def test_a_job_sees_its_inputs_alone_and_without_outputs_gives_everything():
    trace = Trace(
        start(),
        job("a", extensions=mapping({"level": "=stage + 1"})),
        end(),
        flows("s>a>e"),
        variables={"stage": 3},
    )
    waiting = trace.find("jobs", "a")

    trace.finish("a", mediator="m-1", level=9)

    assert waiting.variables == {"level": Decimal(4)}
    assert trace.variables.mediator == "m-1"
    assert trace.variables.level == 9


def test_a_job_without_inputs_sees_every_variable():
    trace = Trace(start(), job("a"), end(), flows("s>a>e"), variables={"stage": 3})

    assert trace.find("jobs", "a").variables == {"case_id": "C-1", "stage": Decimal(3)}


def test_an_embedded_subprocess_shares_variables_but_keeps_its_inputs():
    inner = (start("s2"), person("a"), end("e2"), flows("s2>a>e2"))
    trace = Trace(
        start(),
        node("subProcess", "sub", *inner, extensions=mapping({"tries": "=0"}, {"sum": "=tries"})),
        person("b"),
        end(),
        flows("s>sub>b>e"),
    )

    trace.complete("a", tries=2, found=True)

    assert trace.variables.found is True
    assert trace.variables.sum == 2
    assert not hasattr(trace.variables, "tries")


CHILD = process(start("s2"), person("a"), end("e2"), flows("s2>a>e2"), name="child")


def called(**values):
    extensions = values.pop("extensions", "")
    return Trace(
        start(),
        call("c", "child", extensions, **values),
        person("b"),
        end(),
        flows("s>c>b>e"),
        extra=[CHILD],
        variables={"kind": "noise"},
    )


def test_a_call_gives_and_takes_what_its_propagation_says():
    closed = called(propagateAllChildVariables="false", propagateAllParentVariables="false")
    opened = called()

    closed.complete("a", answer="yes")
    opened.complete("a", answer="yes")

    assert not hasattr(closed.variables, "answer")
    assert opened.variables.answer == "yes"


def test_a_called_process_sees_only_its_inputs_and_gives_only_its_outputs():
    io = mapping({"who": "=kind"}, {"invited": "=answer + who"})
    trace = called(
        propagateAllChildVariables="false", propagateAllParentVariables="false", extensions=io
    )

    trace.complete("a", answer="yes ", secret=1)

    assert vars(trace.variables) == {
        "case_id": "C-1",
        "kind": "noise",
        "invited": "yes noise",
    }


def test_a_message_brings_its_outputs_or_everything():
    mapped = Trace(
        start(),
        catch("a", message(), mapping((), {"signed": "=at"})),
        person("b"),
        end(),
        flows("s>a>b>e"),
    )
    whole = Trace(start(), catch("a", message()), person("b"), end(), flows("s>a>b>e"))

    mapped.deliver("a", at="today", spam=1)
    whole.deliver("a", at="today")

    assert mapped.variables.signed == "today"
    assert not hasattr(mapped.variables, "spam")
    assert whole.variables.at == "today"


def test_a_failing_formula_names_its_element():
    trace = Trace(
        start(),
        person("a"),
        node("exclusiveGateway", "g", default="g_e"),
        person("b"),
        end(),
        flows("s>a>g;g>b[=missing < 5];g>e;b>e"),
    )

    with pytest.raises(ElementFailed) as caught:
        trace.complete("a")

    assert caught.value.element == "g"
    assert trace.waits == ["a"]


def test_a_function_cannot_become_a_variable():
    with pytest.raises(ElementFailed):
        Trace(start(), script("a", "=function(x) x", "f"), person("b"), end(), flows("s>a>b>e"))


def test_a_caught_error_keeps_what_was_written_before():
    inner = (start("s2"), person("a"), end("e2", error()), flows("s2>a>e2"))
    trace = Trace(
        start(),
        node("subProcess", "sub", *inner),
        boundary("b", "sub", error()),
        person("after"),
        end(),
        flows("s>sub>e;b>after>e"),
    )

    trace.complete("a", why="withdrawn")

    assert (trace.waits, trace.variables.why) == (["after"], "withdrawn")

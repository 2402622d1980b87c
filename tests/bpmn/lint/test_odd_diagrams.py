"""Odd diagrams, drawn by hand to slip through: each is refused by the rule that knows why."""

import pytest

from bpmn.notation.limits import LONGEST_NAME
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    call,
    catch,
    each,
    end,
    error,
    escalation,
    flows,
    message,
    node,
    process,
    script,
    start,
    timer,
    zeebe,
)
from tests.conformance.constructs import ask, document, findings_in

SIMPLE = document(process(start(), ask("a"), end(), flows("s>a>e")))


def drawn(*nodes, more=""):
    return document(process(*nodes) + more)


def simple(old, new):
    assert old in SIMPLE
    return SIMPLE.replace(old, new)


def watched(*watchers):
    ways = ";".join(f"{name}>f" for name in ("b", "c")[: len(watchers)])
    return drawn(start(), ask("a"), *watchers, end(), end("f"), flows(f"s>a>e;{ways}"))


def race(*inside, path, ways="s>g>r>e;g>c>e"):
    target = node("receiveTask", "r", path, messageRef="msg")
    nodes = (node("eventBasedGateway", "g"), target, catch("c", after("P1D")), *inside)
    return drawn(start(), *nodes, end(), flows(ways))


def throws(definition, more=""):
    inner = node("subProcess", "x", start("s2"), ask("i"), end("f", definition), flows("s2>i>f"))
    return drawn(start(), inner, boundary("b", "x", error()), end(), flows("s>x>e;b>e"), more=more)


DI = 'xmlns:di="http://www.omg.org/spec/BPMN/20100524/DI"'
SIGNAVIO = 'xmlns:x="http://www.signavio.com"'
LAST = '<bpmn:endEvent id="e"></bpmn:endEvent>'
MARK = "<zeebe:userTask/>"
WATCH = watched(boundary("b", "a", after("P1D")))
TWICE = each("=[1]") + each("=[2]")

ODD = {
    "a watch on a watch": (
        "events",
        "c",
        watched(boundary("b", "a", after("P1D")), boundary("c", "b", after("P1D"))),
    ),
    "a watch on itself": ("events", "b", watched(boundary("b", "b", error()))),
    "watches on each other": (
        "events",
        "c",
        watched(boundary("b", "c", error()), boundary("c", "b", error())),
    ),
    "a watch on a flow": ("events", "b", watched(boundary("b", "a_e", after("P1D")))),
    "a way that interrupts by 0": (
        "known_attributes",
        "b",
        WATCH.replace('cancelActivity="true"', 'cancelActivity="0"'),
    ),
    "one after another by 1": (
        "known_attributes",
        "a",
        drawn(start(), ask("a", each("=[1]")), end(), flows("s>a>e")).replace(
            'isSequential="false"', 'isSequential="1"'
        ),
    ),
    "a call that may give something": (
        "known_attributes",
        "c",
        drawn(start(), call("c", "q", propagateAllChildVariables="FALSE"), end(), flows("s>c>e")),
    ),
    "more tries than there are": (
        "work",
        "j",
        drawn(
            start(),
            node("serviceTask", "j", extensions=zeebe("taskDefinition", type="work", retries="9")),
            end(),
            flows("s>j>e"),
        ),
    ),
    "a start that interrupts nothing": (
        "start_and_end",
        "s",
        simple('startEvent id="s"', 'startEvent id="s" isInterrupting="false"'),
    ),
    "a picture within the process": (
        "known_elements",
        "picture",
        simple(LAST, f'<di:BPMNDiagram {DI} id="picture"/>{LAST}'),
    ),
    "a process within the picture": (
        "known_elements",
        "hidden",
        simple(
            "</bpmn:definitions>",
            f'<di:BPMNDiagram {DI}><bpmn:process id="hidden"/></di:BPMNDiagram></bpmn:definitions>',
        ),
    ),
    "a task within an addition": (
        "known_elements",
        "hidden",
        simple(LAST, f'<x:y {SIGNAVIO}><bpmn:userTask id="hidden"/></x:y>{LAST}'),
    ),
    "two lists": (
        "known_elements",
        "a",
        drawn(start(), ask("a", TWICE), end(), flows("s>a>e")),
    ),
    "two marks": ("known_elements", "a", simple(MARK, MARK * 2)),
    "an input without a source": (
        "known_attributes",
        "a",
        simple(MARK, f'{MARK}<zeebe:ioMapping><zeebe:input target="x"/></zeebe:ioMapping>'),
    ),
    "an id with a line break": ("unique_ids", "a\nb", SIMPLE.replace('"a"', '"a&#10;b"')),
    "an id with a slash": ("unique_ids", "a/b", SIMPLE.replace('"a"', '"a/b"')),
    "a flow without an id": ("unique_ids", "p", SIMPLE.replace('id="s_a"', "")),
    "an empty id": ("unique_ids", "p", SIMPLE.replace('"a"', '""')),
    "an id that no row can hold": ("names", "a" * 3000, SIMPLE.replace('"a"', f'"{"a" * 3000}"')),
    "a label like a book": (
        "names",
        "a",
        simple('id="a"', f'id="a" name="{"ä" * (LONGEST_NAME + 1)}"'),
    ),
    "a message whose name is computed": (
        "names",
        "msg2",
        drawn(start(), ask("a"), end(), flows("s>a>e"), more='<bpmn:message id="msg2" name="=x"/>'),
    ),
    "a code that is computed": (
        "names",
        "err2",
        throws(error("err2"), '<bpmn:error id="err2" errorCode="=x"/>'),
    ),
    "a code of blanks": (
        "events",
        "f",
        throws(error("err2"), '<bpmn:error id="err2" errorCode="  "/>'),
    ),
    "an escalation without a code": (
        "events",
        "f",
        throws(escalation("esc2"), '<bpmn:escalation id="esc2"/>'),
    ),
    "a variable of two words": (
        "names",
        "a",
        drawn(start(), ask("a", each("=[1]", "one entry")), end(), flows("s>a>e")),
    ),
    "a variable that formulas cannot read": (
        "names",
        "a",
        drawn(start(), script("a", "=1", "if"), end(), flows("s>a>e")),
    ),
    "a race that is watched": (
        "events",
        "g",
        race(
            boundary("b", "r", after("P1D")), ask("z"), path="", ways="s>g>r>e;g>c>e;b>z>e"
        ),
    ),
    "a race that is repeated": ("events", "g", race(path=each("=[1]"))),
    "a race that is joined late": (
        "events",
        "g",
        race(ask("z"), path="", ways="s>z>r;s>g>r>e;g>c>e"),
    ),
    "a job of a plain end": (
        "work",
        "e",
        drawn(
            start(),
            ask("a"),
            end(extensions=zeebe("taskDefinition", type="work")),
            flows("s>a>e"),
        ),
    ),
    "two headers of one key": (
        "work",
        "j",
        drawn(
            start(),
            node(
                "serviceTask",
                "j",
                extensions=zeebe("taskDefinition", type="work")
                + "<zeebe:taskHeaders>"
                + zeebe("header", key="k", value="1")
                + zeebe("header", key="k", value="2")
                + "</zeebe:taskHeaders>",
            ),
            end(),
            flows("s>j>e"),
        ),
    ),
    "a date that nobody lives to see": (
        "timers",
        "c",
        drawn(start(), catch("c", timer("timeDate", "9999-12-31T23:59")), end(), flows("s>c>e")),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("rule", "element", "text"), ODD.values(), ids=ODD)
def test_it_is_refused_by_the_rule_that_knows_why(rule, element, text):
    assert (rule, element) in [(one.rule, one.element) for one in findings_in(text)]


def test_two_processes_in_one_file_may_not_start_by_the_same_message():
    first = process(node("startEvent", "s", message()), ask("a"), end(), flows("s>a>e"))
    other = process(
        node("startEvent", "s2", message()), ask("b"), end("e2"), flows("s2>b>e2"), name="q"
    )

    found = [(one.rule, one.element) for one in findings_in(document(first + other))]

    assert found == [("start_and_end", "s"), ("start_and_end", "s2")]


def test_two_messages_without_a_name_are_not_the_same_message():
    first = process(node("startEvent", "s", message("m")), ask("a"), end(), flows("s>a>e"))
    other = process(
        node("startEvent", "s2", message("m")), ask("b"), end("e2"), flows("s2>b>e2"), name="q"
    )

    found = findings_in(document(first + other + '<bpmn:message id="m"/>'))

    assert {one.rule for one in found} == {"events"}


def test_one_file_alone_is_not_said_to_disagree_with_another():
    other = process(start("s2"), ask("b"), end("e2"), flows("s2>b>e2"))

    found = findings_in(SIMPLE.replace("</bpmn:definitions>", other + "</bpmn:definitions>"))

    assert [str(one.sentence) for one in found] == ["The id “p” is used twice."]

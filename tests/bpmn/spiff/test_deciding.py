"""A business rule task keeps the answer of its decision, and the history why it is so."""

from lxml import etree

from bpmn.spiff.run import ProcessRun
from tests.bpmn.dmn.drawn import decision, model, table
from tests.bpmn.spiff.drawing import end, flows, node, process, read, start, zeebe

DECIDE = node(
    "businessRuleTask",
    "decide",
    extensions=zeebe("calledDecision", decisionId="route", resultVariable="answer"),
)


def decided(policy, stage):
    rows = [(("> 3",), ('"high"',)), (("> 6",), ('"higher"',)), (("<= 3",), ('"low"',))]
    drawn = model(decision(table(["stage"], ["answer"], rows, policy)))
    definitions = read(
        process(start(), DECIDE, end(), flows("s>decide>e")),
        more={"route.dmn": etree.tostring(drawn)},
    )
    run = ProcessRun.begin(definitions, "p", {"stage": stage})
    run.settle()
    return run


def test_the_history_names_the_row_that_decided():
    run = decided('hitPolicy="FIRST"', 8)

    passed = [(str(one.passage), one.element) for one in run.passed()]

    assert run.variables["answer"] == "high"
    assert passed[passed.index(("entered", "decide")) :][:3] == [
        ("entered", "decide"),
        ("decided", "r1"),
        ("left", "decide"),
    ]


def test_the_history_names_every_row_of_a_list_of_answers():
    run = decided('hitPolicy="RULE ORDER"', 8)

    assert [one.element for one in run.passed() if one.passage == "decided"] == ["r1", "r2"]

"""A column of a decision table that reads what nobody sets is told."""

from pathlib import Path

import pytest

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import Severity, check
from tests.bpmn.spiff.drawing import document, end, flows, node, process, start, zeebe

TABLE = (Path(__file__).parent / "priority.dmn").read_bytes()


def told(table=TABLE, variables=("stage", "channel"), called="priority"):
    asking = zeebe("calledDecision", decisionId=called, resultVariable="answer")
    rule = node("businessRuleTask", "ask", extensions=asking)
    drawn = document(process(start(), rule, end(), flows("s>ask>e")))
    bundle = Bundle({"p.bpmn": drawn, "priority.dmn": table})
    found = check(bundle, Host(variables=frozenset(variables)))
    return [one for one in found if one.rule == "decision_inputs"]


def test_columns_that_something_sets_are_known():
    assert told() == []


def test_a_column_that_nothing_sets_is_warned_of_with_the_name_that_may_be_meant():
    (found,) = told(variables=("stage", "chanel"))

    assert (found.severity, found.element) == (Severity.WARNING, "channel_expression")
    assert "“chanel”" in str(found.sentence)


def test_an_input_that_nothing_sets_is_named_once():
    table = TABLE.replace(
        b'<decision id="priority"', b'<inputData id="way" name="channel"/><decision id="priority"'
    )

    assert [found.element for found in told(table, variables=("stage",))] == ["way"]


def test_decisions_that_no_diagram_asks_are_left_alone():
    assert told(variables=(), called="other") == []


@pytest.mark.parametrize(
    "cell", ["&lt; limitt", "[stage..limitt]", '"a\\"b" + limitt + "c"', "stage.limit + limitt"]
)
def test_a_cell_or_an_answer_that_reads_what_nothing_sets_is_warned_of(cell):
    (found,) = told(cell_of_the_table(cell))

    assert "“limitt”" in str(found.sentence)


def cell_of_the_table(text):
    first = TABLE.index(b"<inputEntry")
    cell = TABLE[first : TABLE.index(b"</inputEntry>", first)]
    changed = cell[: cell.index(b"<text>")] + b"<text>" + text.encode() + b"</text>"
    return TABLE.replace(cell, changed, 1)


def test_a_cell_may_speak_of_what_it_tests():
    assert told(cell_of_the_table("even(?) or ? in [1..stage]")) == []

"""Decision tables: which row applies under each hit policy, and what the answer is."""

import pytest

from bpmn.dmn import DecisionError, read_decisions
from bpmn.dmn.errors import ContradictoryRules, InputNotAllowed, OutputNotAllowed
from tests.bpmn.dmn.drawn import decide, decision, model, table

STAGES = [
    ((">= 7",), ('"escalation"',)),
    (("[4..6]",), ('"mediation"',)),
    (("< 4",), ('"clarification"',)),
]
OVERLAPPING = [
    (("> 1",), ("10",)),
    (("> 2",), ("30",)),
    (("> 3",), ("20",)),
]
RANKED = "<outputValues><text>30, 20, 10</text></outputValues>"


def answer(rows, stage, *, policy, outputs=("route",)):
    return decide(table(["stage"], outputs, rows, policy), {"stage": stage}).value


def test_one_row_answers_and_is_named_in_the_explanation():
    outcome = decide(table(["stage"], ["route"], STAGES), {"stage": 5})

    assert outcome.value == "mediation"
    (rule,) = outcome.rules
    assert (rule.decision, rule.rule, rule.number, rule.annotation) == ("Weg", "r2", 2, "Zeile 2")
    assert rule.inputs == (("stage", 5),)


def test_several_outputs_become_a_context():
    rows = [(("-",), ('"mediation"', "2"))]

    outcome = decide(table(["stage"], ["route", "days"], rows), {"stage": 5})

    assert outcome.value == {"route": "mediation", "days": 2}


def test_every_cell_of_a_row_must_pass():
    rows = [(("> 3", "true"), ('"shuttle"',)), (("> 3", "false"), ('"mediation"',))]
    drawn = table(["stage", "power_gap"], ["route"], rows)

    assert decide(drawn, {"stage": 5, "power_gap": False}).value == "mediation"
    assert decide(drawn, {"stage": 5}).value is None
    assert decide(drawn, {"stage": 1, "power_gap": True}).value is None


def test_unique_rows_that_apply_together_are_a_named_contradiction():
    with pytest.raises(ContradictoryRules, match="1, 2") as caught:
        answer(OVERLAPPING, 3, policy='hitPolicy="UNIQUE"')

    assert caught.value.rows == (1, 2)
    assert caught.value.decision == "Weg"


def test_any_accepts_rows_that_say_the_same_and_refuses_others():
    same = [(("> 1",), ("10",)), (("> 2",), ("10",))]

    assert answer(same, 3, policy='hitPolicy="ANY"') == 10
    with pytest.raises(ContradictoryRules):
        answer(OVERLAPPING, 3, policy='hitPolicy="ANY"')


@pytest.mark.parametrize(
    ("policy", "expected"),
    [
        ('hitPolicy="FIRST"', 10),
        ('hitPolicy="PRIORITY"', 30),
        ('hitPolicy="RULE ORDER"', [10, 30, 20]),
        ('hitPolicy="OUTPUT ORDER"', [30, 20, 10]),
        ('hitPolicy="COLLECT"', [10, 30, 20]),
        ('hitPolicy="COLLECT" aggregation="SUM"', 60),
        ('hitPolicy="COLLECT" aggregation="MIN"', 10),
        ('hitPolicy="COLLECT" aggregation="MAX"', 30),
        ('hitPolicy="COLLECT" aggregation="COUNT"', 3),
    ],
)
def test_each_hit_policy_makes_its_answer(policy, expected):
    assert answer(OVERLAPPING, 4, policy=policy, outputs=[("route", RANKED)]) == expected


def test_only_the_rows_that_count_are_in_the_explanation():
    drawn = table(["stage"], [("route", RANKED)], OVERLAPPING, 'hitPolicy="PRIORITY"')

    assert [rule.number for rule in decide(drawn, {"stage": 4}).rules] == [2]


def test_no_row_is_null_or_the_default():
    default = '<defaultOutputEntry><text>"manual"</text></defaultOutputEntry>'
    rows = [(("> 3",), ('"mediation"',))]

    assert decide(table(["stage"], ["route"], rows), {"stage": 1}).value is None
    assert decide(table(["stage"], [("route", default)], rows), {"stage": 1}).value == "manual"


def test_an_answer_may_compute_with_the_facts():
    rows = [(("-",), ("stage * 2",))]

    assert decide(table(["stage"], ["x"], rows), {"stage": 4}).value == 8


def test_a_value_that_the_column_does_not_list_is_refused():
    allowed = "<inputValues><text>[1..9]</text></inputValues>"
    drawn = table([("stage", allowed)], ["route"], STAGES)

    with pytest.raises(InputNotAllowed, match="stage"):
        decide(drawn, {"stage": 12})


def test_a_default_that_the_column_does_not_list_is_refused():
    values = "<outputValues><text>1, 2</text></outputValues>"
    default = "<defaultOutputEntry><text>7</text></defaultOutputEntry>"
    drawn = table(["stage"], [("days", values + default)], [])

    with pytest.raises(OutputNotAllowed, match="The default of “days”"):
        decide(drawn, {"stage": 1})


def test_only_a_hit_policy_that_ranks_needs_allowed_values_that_can_be_listed():
    allowed = "<outputValues><text>&gt; 3</text></outputValues>"

    assert decide(table(["stage"], [("days", allowed)], [(("-",), ("7",))]), {}).value == 7


def test_an_answer_that_the_column_does_not_list_is_refused():
    allowed = '<outputValues><text>"a", "b"</text></outputValues>'

    with pytest.raises(OutputNotAllowed, match="Row 1"):
        decide(table(["stage"], [("route", allowed)], [(("-",), ('"c"',))]), {"stage": 1})


@pytest.mark.parametrize(
    ("drawn", "words"),
    [
        (table(["stage"], ["route"], [(("> ",), ("1",))]), "row 1, column “stage”"),
        (table(["stage"], ["route"], [(("-",), ("__import__('os')",))]), "row 1, column “route”"),
        (table(["stage"], ["route"], [(("-", "-"), ("1",))]), "another number of cells"),
        (table(["stage"], ["route"], [], 'hitPolicy="GUESS"'), "GUESS"),
        (table(["stage"], [], []), "no output"),
        ("<somethingElse/>", "“somethingElse” is not supported"),
        ("", "It is empty"),
        ("<list/><list/>", "more than one box"),
        (table(["x"], ["a", "a"], []), "“a” stands here twice"),
        (table(["x"], ["a", ""], []), "each needs a name"),
        (table(["x"], ["a"], [], 'hitPolicy="PRIORITY"'), "List the values of an output"),
        (table(["x"], ["a"], [], 'hitPolicy="OUTPUT ORDER"'), "List the values of an output"),
        (table(["x"], ["a"], [], 'hitPolicy="COLLECT" aggregation="AVG"'), "COLLECT (AVG)"),
        (table(["x"], ["a"], [], 'hitPolicy="FIRST" aggregation="SUM"'), "FIRST (SUM)"),
    ],
)
def test_a_table_that_cannot_be_executed_is_refused_with_the_place(drawn, words):
    with pytest.raises(DecisionError) as caught:
        read_decisions(model(decision(drawn)))

    assert words in str(caught.value)
    assert "“Weg”" in str(caught.value)
    assert caught.value.line == 1

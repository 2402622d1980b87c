"""Gaps, overlaps and rows that never count are found, and every example is a true one."""

import random
import time
from decimal import Decimal
from itertools import product
from xml.sax.saxutils import escape

import pytest

from bpmn.dmn import read_decisions
from bpmn.dmn.coverage import check_table
from bpmn.dmn.errors import ContradictoryRules
from bpmn.feel import compile_expression
from bpmn.feel.operations.writing import written
from tests.bpmn.dmn.drawn import decide, decision, model, table


def look(inputs, rows, policy="UNIQUE", outputs=("answer",), **types):
    drawn = table(inputs, outputs, rows, f'hitPolicy="{policy}"')
    return check_table(next(model(decision(drawn)).iter("{*}decisionTable")), types)


def rows(*texts):
    """One column of tests; each row answers its own number."""
    return [((text,), (str(number),)) for number, text in enumerate(texts, 1)]


def gaps(inputs, drawn, **more):
    found = look(inputs, drawn, **more)
    assert found.is_complete
    return [list(gap.example.values()) for gap in found.gaps]


def feel(text):
    return compile_expression(text).evaluate({})


def allowed(tests):
    return f"<inputValues><text>{tests}</text></inputValues>"


@pytest.mark.parametrize(
    ("tests", "examples"),
    [
        (("< 18", "> 18"), ["18"]),
        (("< 18", ">= 18"), []),
        (("<= 3", "[4..6]", "> 6"), ["3.5"]),
        (("[1..3]", "[4..9]"), ["0", "3.5", "10"]),
        (("<= 3", "-"), []),
        (('"two"',), ['"other"']),
        (('"two"', 'not("two")'), []),
        (('"two"', '!= "two"'), []),
        (("true",), ["false"]),
        (("true", "false"), []),
        (("true", "false", "null"), []),
        (('< date("2026-03-01")', '> date("2026-03-01")'), ['date("2026-03-01")']),
        (('<= date("2026-03-01")', '>= date("2026-03-02")'), []),
        (('<= @"P3D"', '>= @"P4D"'), ['duration("P3DT12H")']),
        (('<= @"P3M"', '>= @"P4M"'), []),
        (('<= @"10:00:00"', '> @"12:00:00"'), ['time("12:00:00")']),
        (('< @"2026-03-01T10:00:00Z"',), ['@"2026-03-01T10:00:00Z"']),
        (("-5", "not(-5)"), []),
        (("limit",), []),
        (("null",), ['"other"']),
        (("null", "not(null)"), []),
    ],
)
def test_a_gap_has_an_example(tests, examples):
    assert gaps(["x"], rows(*tests)) == [[feel(text)] for text in examples]


def test_the_allowed_values_bound_what_has_to_be_answered():
    stages = ("x", allowed("[1..9]"))
    whole = ("x", allowed("1, 2, 3, 4, 5, 6"))
    urgency = ("x", allowed('"urgent", "normal", "plannable"'))

    assert gaps([stages], rows("[1..3]", "(3..9]")) == []
    assert gaps([whole], rows("<= 3", ">= 4")) == []
    assert gaps([urgency], rows('"urgent"', '"plannable"')) == [["normal"]]


def test_a_type_may_list_the_allowed_values():
    drawn = table(["x"], ["answer"], rows('"urgent"')).replace(
        "<inputExpression>", '<inputExpression typeRef="tUrgency">'
    )
    element = next(model(decision(drawn)).iter("{*}decisionTable"))

    found = check_table(element, {"tUrgency": '"urgent", "normal"'})

    assert [gap.example for gap in found.gaps] == [{"x": "normal"}]


def test_a_default_answer_leaves_no_gap():
    default = ("answer", "<defaultOutputEntry><text>0</text></defaultOutputEntry>")

    assert gaps(["x"], rows("> 3"), outputs=[default]) == []


def test_the_example_of_a_gap_speaks_only_of_columns_that_matter():
    drawn = [(("> 3", "-", "true"), ("1",)), (("<= 3", "-", "-"), ("2",))]

    assert [gap.example for gap in look(["a", "b", "c"], drawn).gaps] == [{"a": 4, "c": False}]


def test_two_columns_that_ask_for_the_same_are_one():
    drawn = [(("> 3", "< 9"), ("1",)), (("<= 3", "-"), ("2",)), (("-", ">= 9"), ("3",))]

    assert gaps(["x", "x"], drawn) == []


def test_an_overlap_has_an_example():
    found = look(["x"], rows("<= 18", ">= 18"))

    assert [([row.number for row in each.rows], each.example) for each in found.overlaps] == [
        ([1, 2], {"x": 18})
    ]


def test_rows_may_overlap_where_the_hit_policy_lets_them():
    same = [(("< 3",), ("1",)), (("< 5",), ("1.0",)), ((">= 5",), ("2",))]
    different = [(("< 3",), ("1",)), (("< 5",), ("2",))]

    assert not look(["x"], same, "ANY").overlaps
    assert look(["x"], different, "ANY").overlaps
    for policy in ("COLLECT", "RULE ORDER", "OUTPUT ORDER", "FIRST", "PRIORITY"):
        assert not look(["x"], different, policy).overlaps


def test_a_row_that_others_always_forestall_is_found():
    found = look(["x"], rows("< 5", "[5..9]", "< 9", "-"), "FIRST")

    assert [each.row.number for each in found.hidden] == [3]


def test_a_row_that_others_always_outrank_is_found():
    ranked = ("answer", "<outputValues><text>3, 2, 1</text></outputValues>")

    found = look(["x"], rows("< 5", "< 4", "< 9"), "PRIORITY", outputs=[ranked])

    assert {each.row.number for each in found.hidden} == {1, 2}


def test_a_row_that_can_never_apply_is_found():
    stages = ("x", allowed("[1..9]"))

    found = look([stages], rows("[1..9]", "> 9", "[5..3]"))

    assert [(each.row.number, each.column) for each in found.impossible] == [(2, "x"), (3, "x")]
    assert look(["x"], rows("not(null)", "null")).impossible == []
    assert not found.gaps


def test_a_cell_that_cannot_be_understood_accuses_nobody():
    clever = rows("? > limit", "-", "contains(?, y)")

    assert look(["x"], clever, "UNIQUE").overlaps == []
    assert [each.row.number for each in look(["x"], clever, "FIRST").hidden] == [3]
    assert look(["x"], rows("? > limit", "3"), "FIRST").hidden == []


def test_allowed_values_that_cannot_be_understood_are_said_to_be_unchecked():
    clever = ("x", allowed("? > limit"))

    assert not look([clever], rows("> 3")).is_complete


def test_a_ragged_or_a_huge_table_is_not_checked():
    assert not look(["x"], [(("-", "-"), ("1",))]).is_complete
    assert not look(["x"] * 101, [(("-",) * 101, ("1",))] * 101).is_complete


TESTS = {
    "number": ["-", "3", "< 3", ">= 3", "[1..5]", "(3..7)", "not(5)", "1, 7", "!= 3"],
    "text": ["-", '"a"', '"b"', '"a", "b"', 'not("a")', 'not("a", "b")', '!= "a"'],
    "boolean": ["-", "true", "false", "not(true)"],
}
VALUES = {
    "number": [Decimal(number) for number in range(9)],
    "text": ["a", "b", "other"],
    "boolean": [True, False],
}


@pytest.mark.parametrize("seed", range(40))
def test_it_agrees_with_trying_every_input(seed):
    chance = random.Random(seed)
    kinds = chance.choices(list(TESTS), k=3)
    drawn = [
        (tuple(chance.choice(TESTS[kind]) for kind in kinds), (str(number),))
        for number in range(chance.randint(2, 7))
    ]
    names = ["a", "b", "c"]
    everything = [
        dict(zip(names, values, strict=True)) for values in product(*(VALUES[k] for k in kinds))
    ]

    listing = table(names, ["answer"], drawn, 'hitPolicy="RULE ORDER"')
    reading = read_decisions(model(decision(listing)))["route"]

    def applying(facts):
        return [rule.number for rule in reading.evaluate(facts).rules]

    hits = [applying(facts) for facts in everything]
    found = look(names, drawn)
    first = look(names, drawn, "FIRST")

    assert bool(found.gaps) == any(not each for each in hits)
    assert bool(found.overlaps) == any(len(each) > 1 for each in hits)
    for gap in found.gaps:
        assert applying({**everything[0], **gap.example}) == []
    for overlap in found.overlaps:
        applies = applying({**everything[0], **overlap.example})
        assert {row.number for row in overlap.rows} <= set(applies)
    never = set(range(1, len(drawn) + 1)) - {each[0] for each in hits if each}
    impossible = {each.row.number for each in first.impossible}
    assert {each.row.number for each in first.hidden} | impossible == never


ODD = [
    "-",
    "-1",
    "1e30",
    "[1..1]",
    "(1..1)",
    "[3..1]",
    ">null",
    "[null..3]",
    "(<3)",
    "(!=3)",
    "not(3,4)",
    "not(<3)",
    '>"a"',
    "?",
    ">",
    "x",
    "!=",
    "f(1)",
    '@"P1D"',
    '>@"P1M"',
    '[@"P1D"..@"P1M"]',
    '>@"9999-12-31"',
    '<@"0001-01-01"',
    '>@"P999999999D"',
    '>@"10:00:00Z"',
    '<=@"10:00:00"',
    '[@"10:00:00"..@"10:00:00+02:00"]',
    '<@"9999-12-31T23:59:59Z"',
    '@"nonsense"',
    '>=date("2026-01-01")',
    "date(1,2,3)",
    "not(",
    "]",
    '[1..2],"a",null,true',
]


@pytest.mark.parametrize("seed", range(60))
def test_whatever_stands_in_its_cells_it_never_raises(seed):
    chance = random.Random(seed)
    columns = [
        (name, allowed(escape(chance.choice(ODD))) if chance.random() < 0.3 else "")
        for name in "xyx"
    ]
    odd = [
        (tuple(chance.choice(ODD) for _ in columns), (chance.choice(ODD),))
        for _ in range(chance.randint(0, 8))
    ]

    for policy in ("UNIQUE", "ANY", "FIRST", "PRIORITY", "COLLECT"):
        found = look(columns, odd, policy)
        assert all(written(value) for gap in found.gaps for value in gap.example.values())


def test_the_example_of_an_overlap_breaks_the_table():
    drawn = rows("<= 18", ">= 18")

    example = look(["x"], drawn).overlaps[0].example

    with pytest.raises(ContradictoryRules):
        decide(table(["x"], ["answer"], drawn), example)


@pytest.mark.parametrize("policy", ["UNIQUE", "FIRST"])
def test_a_large_table_is_looked_through_in_half_a_second(policy):
    chance = random.Random(1)

    def cell():
        low = chance.randint(0, 50)
        return chance.choice(["-", f"[{low}..{low + 40}]", f">= {low}"])

    large = [(tuple(cell() for _ in range(10)), ("1",)) for _ in range(200)]
    names = [f"x{number}" for number in range(10)]

    begun = time.thread_time()
    look(names, large, policy)

    assert time.thread_time() - begun < 0.5

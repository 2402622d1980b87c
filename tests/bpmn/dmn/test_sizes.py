"""Reading a file takes time in proportion to its size, or the file is refused by a limit."""

import gc
import time
from pathlib import Path

import pytest

from bpmn.dmn import DecisionError, bench, read_decisions
from bpmn.dmn.reading import MOST_IMPORTED, MOST_REQUIRED
from bpmn.dmn.sizes import MOST_CHARACTERS, MOST_DECISIONS, MOST_FORMULAS
from bpmn.feel import FeelError
from bpmn.xml import read
from tests.bpmn.dmn.drawn import decision, model, table


def formula(text):
    return f"<literalExpression><text>{text}</text></literalExpression>"


def many(count, text="x + 1"):
    return model(*(decision(formula(text), f"d{n}", name=f"Weg {n}") for n in range(count)))


def wide(rows, columns):
    names = [f"x{n}" for n in range(columns)]
    cells = [
        (tuple(f"[{row}..{row + column + 1}]" for column in range(columns)), (str(row),))
        for row in range(rows)
    ]
    return model(decision(table(names, ["y"], cells)))


DRAWN = {
    "decisions": lambda share: many(int(MOST_DECISIONS * share)),
    "cells": lambda share: wide(int(MOST_FORMULAS * share) // 11 - 5, 10),
    "formulas": lambda share: many(
        int(MOST_CHARACTERS * share) // 2_000, "[" + ",".join(["-1"] * 450) + "]" + " " * 500
    ),
}


@pytest.mark.parametrize("draw", DRAWN.values(), ids=DRAWN.keys())
def test_the_largest_file_is_read_in_proportion_to_its_size(draw):
    quarter, largest = draw(1 / 4), draw(1)

    # The square would be 16; the machine may slow down between two readings, not each time.
    ratios = (seconds_to_read(largest) / seconds_to_read(quarter) for _ in range(5))

    assert any(ratio < 8 for ratio in ratios)


def seconds_to_read(root):
    gc.collect()
    gc.disable()
    begun = time.thread_time()
    read_decisions(root)
    gc.enable()
    return time.thread_time() - begun


TOO_LARGE = {
    "decisions": (lambda: many(MOST_DECISIONS + 1), "decisions"),
    "cells": (lambda: wide(MOST_FORMULAS // 10, 10), "cells and formulas"),
    "formulas": (lambda: many(60, "1" + " " * 3_900), "characters"),
}


@pytest.mark.parametrize(("draw", "words"), TOO_LARGE.values(), ids=TOO_LARGE.keys())
def test_a_larger_file_is_refused_before_a_formula_is_read(draw, words, monkeypatch):
    root = draw()
    for compiles in ("compile_expression", "compile_unary_tests"):
        monkeypatch.setattr(bench, compiles, None)

    with pytest.raises(DecisionError, match=words):
        read_decisions(root)


def types(count, last="number"):
    return "".join(
        f'<itemDefinition name="t{n}"><typeRef>{f"t{n + 1}" if n < count else last}</typeRef>'
        "</itemDefinition>"
        for n in range(count + 1)
    )


def asking(text="given"):
    data = '<inputData id="i" name="given"><variable name="given" typeRef="t0"/></inputData>'
    needs = '<informationRequirement><requiredInput href="#i"/></informationRequirement>'
    return data + decision(formula(text), requires=needs)


def test_a_long_row_of_types_is_refused():
    with pytest.raises(DecisionError, match="nested"):
        read_decisions(model(types(3_000), asking()))


def test_types_that_restrict_each_other_in_a_circle_are_refused():
    limited = types(1, "t0").replace(
        "</itemDefinition>", "<allowedValues><text>&gt; 1</text></allowedValues></itemDefinition>"
    )

    with pytest.raises(DecisionError, match="circle"):
        read_decisions(model(limited, asking()))


def test_a_deep_value_of_a_type_that_contains_itself_is_refused_or_taken():
    lists = types(15, "t0").replace("<itemDefinition", '<itemDefinition isCollection="true"', 1)
    value = []
    for _ in range(90):
        value = [value]

    try:
        answer = read_decisions(model(lists, asking()))["route"].evaluate({"given": value}).value
    except FeelError:
        return
    assert answer is None or answer == value


def importing(number, count):
    last = number == count - 1
    imported = f'<import name="m{number + 1}" namespace="n{number + 1}"/>' if not last else ""
    return read(
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"'
        f' name="m{number}" namespace="n{number}">{imported}{decision(formula(1))}</definitions>'.encode()
    )


def test_a_long_row_of_imports_is_refused():
    roots = [importing(number, 500) for number in range(500)]

    with pytest.raises(DecisionError, match="import each other"):
        read_decisions(roots[0], imports={root.get("namespace"): root for root in roots})


def test_boxes_that_call_themselves_in_depth_are_stopped():
    entry, tail = '<context><contextEntry><variable name="a"/>', "</contextEntry></context>"
    again = f"<invocation>{formula('f')}</invocation>"
    knowledge = (
        '<businessKnowledgeModel id="k" name="f"><variable name="f"/><encapsulatedLogic>'
        f"{entry * 40}{again}{tail * 40}</encapsulatedLogic></businessKnowledgeModel>"
    )
    needs = '<knowledgeRequirement><requiredKnowledge href="#k"/></knowledgeRequirement>'
    decisions = read_decisions(model(knowledge, decision(again, requires=needs)))

    with pytest.raises(FeelError):
        decisions["route"].evaluate({})


def test_the_documentation_tells_the_limits():
    told = (Path(__file__).parents[3] / "docs" / "how-to" / "decisions.md").read_text()

    for limit in (MOST_DECISIONS, MOST_FORMULAS, MOST_CHARACTERS, MOST_REQUIRED, MOST_IMPORTED):
        assert f"{limit:,}" in told

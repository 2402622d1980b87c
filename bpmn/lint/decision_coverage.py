"""A decision table answers every question, and only once; what it leaves out has an example."""

from collections.abc import Iterator, Mapping
from typing import cast

from lxml import etree

from bpmn.dmn.coverage import Budget, Coverage, check_table
from bpmn.dmn.drawing import name_of, part, parts, text
from bpmn.dmn.grid import Row
from bpmn.feel.operations.writing import written
from bpmn.lint.findings import Finding, Severity
from bpmn.lint.subject import Subject, nearest_id
from bpmn.wording import Sentence, say

RULE = "decision_coverage"


def check(subject: Subject) -> Iterator[Finding]:
    budget = Budget()
    for file, root in subject.decisions.items():
        allowed = _allowed_by_type(root)
        unchecked = None
        for table in root.iter("{*}decisionTable"):
            coverage = check_table(table, allowed, budget)
            for row, problem in _problems(coverage):
                yield _warning(file, table, row, problem)
            if not coverage.is_complete and unchecked is None:
                unchecked = table
        if unchecked is not None:
            yield _warning(
                file,
                unchecked,
                None,
                say(
                    "This table is too large or too clever to be searched for gaps and overlaps. "
                    "Divide it, or test it with examples."
                ),
            )


def _allowed_by_type(root: etree._Element) -> Mapping[str, str]:
    return {
        name_of(each): text(part(each, "allowedValues"))
        for each in parts(root, "itemDefinition")
        if each.get("isCollection") != "true"
    }


def _problems(coverage: Coverage) -> Iterator[tuple[Row | None, Sentence]]:
    for gap in coverage.gaps:
        yield None, _gap(gap.example)
    for overlap in coverage.overlaps:
        one, other = overlap.rows
        yield (
            other,
            say(
                "Rows %(one)s and %(other)s both apply to %(example)s, but only one row may. "
                "Change one of them.",
                one=one.number,
                other=other.number,
                example=_shown(overlap.example),
            ),
        )
    for impossible in coverage.impossible:
        yield (
            impossible.row,
            say(
                "Row %(row)s never applies: no allowed value fits its cell in “%(column)s”.",
                row=impossible.row.number,
                column=impossible.column,
            ),
        )
    for hidden in coverage.hidden:
        yield (
            hidden.row,
            say(
                "Row %(row)s never counts, because other rows always come before it. "
                "Move it up, or delete it.",
                row=hidden.row.number,
            ),
        )


def _gap(example: Mapping[str, object]) -> Sentence:
    if not example:
        return say("The table has no row that answers. Add one.")
    return say(
        "No row applies to %(example)s. Add a row or a default answer; "
        "if this cannot occur, list the allowed values of the column.",
        example=_shown(example),
    )


def _shown(example: Mapping[str, object]) -> str | Sentence:
    if not example:
        return say("every input")
    return ", ".join(f"{label} = {written(value)}" for label, value in example.items())


def _warning(file: str, table: etree._Element, row: Row | None, problem: Sentence) -> Finding:
    element = (row and row.id) or nearest_id(table)
    line = row.line if row else cast("int | None", table.sourceline)
    return Finding(RULE, Severity.WARNING, file, element, line, problem)

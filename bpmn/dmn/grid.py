"""A decision table as a grid: one set of values for each row and column."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import cast

from lxml import etree

from bpmn.dmn.cells import ANYTHING, Cell, read_cell
from bpmn.dmn.drawing import part, parts, text
from bpmn.dmn.regions import Regions

Box = tuple[int, ...]
"""A set of regions for each column."""


@dataclass(frozen=True, slots=True)
class Row:
    number: int
    id: str | None
    line: int | None
    answers: tuple[str, ...]
    surely: Box
    """What it takes without doubt."""
    perhaps: Box
    """What it may take: where a cell is too clever to be understood, everything."""


@dataclass(frozen=True)
class Column:
    label: str
    regions: Regions
    domain: int
    """The regions that can occur at all."""
    is_known: bool
    """Whether it can be told what may occur."""


@dataclass(frozen=True)
class Grid:
    policy: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    priorities: tuple[tuple[str, ...], ...]
    """For each output the texts of its values, the first counts most."""
    has_default: bool

    @property
    def is_known(self) -> bool:
        return all(column.is_known for column in self.columns)

    @cached_property
    def domain(self) -> Box:
        return tuple(column.domain for column in self.columns)

    def example(self, box: Box) -> dict[str, object]:
        """Name a value for each column that matters; in the others any allowed one will do."""
        return {
            column.label: column.regions.example(taken)
            for column, taken in zip(self.columns, box, strict=True)
            if taken != column.domain
        }


def is_regular(table: etree._Element) -> bool:
    """Tell whether every row has a cell for every column; others are refused elsewhere."""
    inputs, outputs = (len(list(parts(table, kind))) for kind in ("input", "output"))
    return all(
        len(list(parts(row, "inputEntry"))) == inputs
        and len(list(parts(row, "outputEntry"))) == outputs
        for row in parts(table, "rule")
    )


def lay_grid(table: etree._Element, allowed_by_type: Mapping[str, str]) -> Grid:
    """Read a regular decision table; `allowed_by_type` are unary tests by the name of a type."""
    questions = _questions(table)
    rules = list(parts(table, "rule"))
    cells = [[read_cell(text(cell)) for cell in parts(rule, "inputEntry")] for rule in rules]
    columns = tuple(
        _column(inputs, [row[place] for row in cells for place in places], allowed_by_type)
        for places, inputs in questions
    )
    rows = tuple(
        _row(number, rule, [[row[place] for place in places] for places, _ in questions], columns)
        for number, (rule, row) in enumerate(zip(rules, cells, strict=True), 1)
    )
    outputs = list(parts(table, "output"))
    return Grid(
        policy=table.get("hitPolicy", "UNIQUE"),
        columns=columns,
        rows=rows,
        priorities=tuple(_values(output) for output in outputs),
        has_default=any(text(part(each, "defaultOutputEntry")) for each in outputs),
    )


def _questions(table: etree._Element) -> list[tuple[list[int], list[etree._Element]]]:
    """Put columns together that ask for the same."""
    asked: dict[str, tuple[list[int], list[etree._Element]]] = {}
    for place, each in enumerate(parts(table, "input")):
        formula = " ".join(text(part(each, "inputExpression")).split())
        places, inputs = asked.setdefault(formula or f"#{place}", ([], []))
        places.append(place)
        inputs.append(each)
    return list(asked.values())


def _column(
    inputs: Sequence[etree._Element],
    cells: Sequence[Cell | None],
    allowed_by_type: Mapping[str, str],
) -> Column:
    limits = [read_cell(_allowed(each, allowed_by_type)) for each in inputs]
    regions = Regions(cell for cell in (*cells, *limits) if cell is not None)
    domain = regions.all
    for limit in limits:
        domain &= regions.covers(limit or ANYTHING)
    label = inputs[0].get("label") or text(part(inputs[0], "inputExpression"))
    return Column(label, regions, domain, is_known=None not in limits)


def _allowed(column: etree._Element, allowed_by_type: Mapping[str, str]) -> str:
    own = text(part(column, "inputValues"))
    if own:
        return own
    expression = part(column, "inputExpression")
    kind = None if expression is None else expression.get("typeRef")
    return allowed_by_type.get(kind or "", "")


def _row(
    number: int,
    rule: etree._Element,
    cells: Sequence[Sequence[Cell | None]],
    columns: Sequence[Column],
) -> Row:
    surely, perhaps = [], []
    for column, asked in zip(columns, cells, strict=True):
        taken = column.domain
        for cell in asked:
            taken &= column.regions.covers(cell or ANYTHING)
        perhaps.append(taken)
        surely.append(0 if None in asked else taken)
    answers = tuple(text(each) for each in parts(rule, "outputEntry"))
    line = cast("int | None", rule.sourceline)
    return Row(number, rule.get("id"), line, answers, tuple(surely), tuple(perhaps))


def _values(output: etree._Element) -> tuple[str, ...]:
    listed = text(part(output, "outputValues"))
    return tuple(each.strip() for each in listed.split(",")) if listed else ()

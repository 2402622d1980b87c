"""Decision tables as their file draws them, to be read beside what a trial finds."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

from bpmn import xml


@dataclass(frozen=True, slots=True)
class TableRow:
    number: int
    tests: tuple[str, ...]
    answers: tuple[str, ...]
    annotation: str


@dataclass(frozen=True, slots=True)
class DrawnTable:
    """One table; the cells are FEEL as it is written."""

    decision: str
    policy: str
    aggregation: str
    inputs: tuple[str, ...]
    labels: Mapping[str, str]
    """What the columns call the data that they test, by its name."""
    outputs: tuple[str, ...]
    rows: tuple[TableRow, ...]

    @property
    def has_annotations(self) -> bool:
        return any(row.annotation for row in self.rows)


@dataclass(frozen=True, slots=True)
class DrawnDecision:
    id: str
    name: str
    question: str
    table: DrawnTable | None
    """None where the answer is a formula or another box."""


def drawn_decisions(content: bytes) -> tuple[DrawnDecision, ...]:
    """Return the decisions of a file in its order; the check must have found it readable."""
    return tuple(_decision(each) for each in xml.read(content).iterfind("{*}decision"))


def _decision(element: etree._Element) -> DrawnDecision:
    name = element.get("name") or element.get("id") or ""
    table = element.find("{*}decisionTable")
    return DrawnDecision(
        id=element.get("id") or name,
        name=name,
        question=_text(element.find("{*}question")),
        table=None if table is None else _table(name, table),
    )


def _table(decision: str, table: etree._Element) -> DrawnTable:
    columns = [
        (_text(column.find("{*}inputExpression")), column.get("label") or "")
        for column in table.iterfind("{*}input")
    ]
    return DrawnTable(
        decision=decision,
        policy=table.get("hitPolicy", "UNIQUE"),
        aggregation=table.get("aggregation", ""),
        inputs=tuple(label or name for name, label in columns),
        labels=dict(columns),
        outputs=tuple(
            column.get("label") or column.get("name") or decision
            for column in table.iterfind("{*}output")
        ),
        rows=tuple(_rows(table)),
    )


def _rows(table: etree._Element) -> Iterator[TableRow]:
    for number, rule in enumerate(table.iterfind("{*}rule"), start=1):
        notes = [_text(note) for note in rule.iterfind("{*}annotationEntry")]
        yield TableRow(
            number=number,
            tests=tuple(_text(cell) or "-" for cell in rule.iterfind("{*}inputEntry")),
            answers=tuple(_text(cell) for cell in rule.iterfind("{*}outputEntry")),
            annotation=" ".join(filter(None, [*notes, _text(rule.find("{*}description"))])),
        )


def _text(element: etree._Element | None) -> str:
    return "" if element is None else " ".join("".join(map(str, element.itertext())).split())

"""One evaluation of a decision: what it may spend and what it has found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bpmn.feel.frames import Run
from bpmn.feel.values import Function

Scope = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """One row of a table that applied."""

    decision: str
    """Name of the decision."""
    rule: str
    """Id of the row."""
    number: int
    """Position of the row, from 1."""
    annotation: str
    inputs: tuple[tuple[str, Any], ...]
    """The values that were tested, by the label of their column."""


@dataclass(slots=True)
class Sheet:
    """Collects, while a decision and all that it requires are worked out."""

    run: Run
    rules: list[MatchedRule] = field(default_factory=list)
    answers: dict[object, Any] = field(default_factory=dict)
    """Decisions that are worked out already."""
    functions: dict[object, Function] = field(default_factory=dict)
    """Functions that are bound already, by the knowledge that holds them."""


class Logic(Protocol):
    """How a value is found."""

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any: ...

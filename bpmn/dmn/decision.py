"""A decision: what it needs, what it answers, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.feel import Clock


@dataclass(frozen=True, slots=True)
class MatchedRule:
    """One row of a table that applied."""

    decision: str
    table: str
    rule: str
    """Id of the row."""
    number: int
    """Position of the row, from 1."""
    annotation: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer and the rows that gave it, those of required decisions first."""

    value: Any
    rules: tuple[MatchedRule, ...]


@dataclass(frozen=True, eq=False)
class Decision:
    """An executable decision; immutable."""

    id: str
    name: str
    inputs: frozenset[str]
    """Names of the input data that it needs, those of required decisions included."""

    def evaluate(self, inputs: Mapping[str, Any], clock: Clock | None = None) -> Outcome:
        """Decide. Raises `DecisionError` when the table contradicts itself, `FeelError` on limits."""
        raise NotImplementedError

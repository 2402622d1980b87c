"""A decision: what it needs, what it answers, and why."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.dmn.boxes import BoxedFunction
from bpmn.dmn.sheet import Logic, MatchedRule, Sheet
from bpmn.feel import OFFICE, Clock, Limits
from bpmn.feel.expression import SYSTEM
from bpmn.feel.frames import Run

__all__ = ["Decision", "Knowledge", "MatchedRule", "Outcome"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer and the rows that gave it, those of required decisions first."""

    value: Any
    rules: tuple[MatchedRule, ...]


@dataclass(frozen=True, eq=False)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    variable: str
    function: BoxedFunction
    required: tuple["Knowledge", ...]

    def bind(self, sheet: Sheet) -> dict[str, Any]:
        """Return the function under its name; it sees itself and what it requires."""
        if self not in sheet.functions:
            inside: dict[str, Any] = {}
            for each in self.required:
                inside |= each.bind(sheet)
            inside[self.variable] = self.function.evaluate(inside, sheet)
            sheet.functions[self] = inside[self.variable]
        return {self.variable: sheet.functions[self]}


@dataclass(frozen=True, eq=False)
class Decision:
    """An executable decision; immutable."""

    id: str
    name: str
    variable: str
    """The name under which decisions that require this one see its answer."""
    logic: Logic
    required: tuple["Decision", ...] = ()
    knowledge: tuple[Knowledge, ...] = ()
    limits: Limits = OFFICE

    @property
    def inputs(self) -> frozenset[str]:
        """Names of the values that it needs from outside, for required decisions too."""
        given = {each.variable for each in self.required}
        own = self.logic.reads - given - {each.variable for each in self.knowledge}
        return own.union(*(each.inputs for each in self.required))

    def evaluate(self, inputs: Mapping[str, Any], clock: Clock = SYSTEM) -> Outcome:
        """Decide. Raises `DecisionError` when the table contradicts itself, `FeelError` on limits."""
        sheet = Sheet(Run(clock, self.limits))
        value = self._answer(inputs, sheet)
        return Outcome(value, tuple(sheet.rules))

    def _answer(self, inputs: Mapping[str, Any], sheet: Sheet) -> Any:
        if self.id not in sheet.answers:
            scope = dict(inputs)
            for each in self.required:
                scope[each.variable] = each._answer(inputs, sheet)  # noqa: SLF001 - the same class
            for function in self.knowledge:
                scope |= function.bind(sheet)
            sheet.answers[self.id] = self.logic.evaluate(scope, sheet)
        return sheet.answers[self.id]

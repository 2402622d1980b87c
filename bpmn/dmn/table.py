"""Decision tables: which rows apply, and what that makes the answer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpmn.dmn.errors import InputNotAllowed
from bpmn.dmn.hits import Column, Hit, HitPolicy, check_answers
from bpmn.dmn.sheet import Logic, MatchedRule, Scope, Sheet
from bpmn.feel import Expression, from_python
from bpmn.feel.expression import INPUT
from bpmn.feel.frames import Frame

ANYTHING = "-"


@dataclass(frozen=True, slots=True)
class Input:
    label: str
    value: Logic
    allowed: Expression | None


@dataclass(frozen=True, slots=True)
class Rule:
    id: str
    number: int
    tests: tuple[Expression, ...]
    answers: tuple[Logic, ...]
    annotation: str


@dataclass(frozen=True)
class Table:
    decision: str
    inputs: tuple[Input, ...]
    outputs: tuple[Column, ...]
    rules: tuple[Rule, ...]
    policy: HitPolicy

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        """Answer as the hit policy says. Raises a `DecisionError` when the rows contradict it."""
        values = [self._input(column, scope, sheet) for column in self.inputs]
        matching = self._matching(values, scope, sheet)
        hits = [Hit(rule.number, self._answers(rule.answers, scope, sheet)) for rule in matching]
        chosen, value = self.policy.conclude(self.decision, self.outputs, hits, sheet)
        rows = {rule.number: rule for rule in matching}
        sheet.rules.extend(self._matched(values, (rows[hit.number] for hit in chosen)))
        return self._default(scope, sheet) if not hits else value

    def _input(self, column: Input, scope: Scope, sheet: Sheet) -> Any:
        value = column.value.evaluate(scope, sheet)
        if column.allowed is None or value is None:
            return value
        if column.allowed.evaluate_in(sheet.run, {**scope, INPUT: value}) is not True:
            raise InputNotAllowed(self.decision, column.label)
        return value

    @cached_property
    def _asking(self) -> tuple[tuple[Rule, tuple[tuple[int, Expression], ...]], ...]:
        """Each rule with the cells that ask anything at all, by their column."""
        return tuple(
            (
                rule,
                tuple(cell for cell in enumerate(rule.tests) if cell[1].text.strip() != ANYTHING),
            )
            for rule in self.rules
        )

    @cached_property
    def _read(self) -> frozenset[str]:
        """The names that cells look up, beside the tested value."""
        cells = (test for _, tests in self._asking for _, test in tests)
        return frozenset().union(*(test.read for test in cells)) - {INPUT}

    def _matching(self, values: Sequence[Any], scope: Scope, sheet: Sheet) -> list[Rule]:
        found = []
        known = {name: from_python(scope[name]) for name in self._read if name in scope}
        frames = [Frame({**known, INPUT: value}, None, sheet.run) for value in values]
        for rule, cells in self._asking:
            sheet.run.charge(1)
            for column, test in cells:
                if not test.passes(frames[column]):
                    break
            else:
                found.append(rule)
                if self.policy.takes_first:
                    break
        return found

    def _answers(self, answers: Iterable[Logic], scope: Scope, sheet: Sheet) -> tuple[Any, ...]:
        return tuple(answer.evaluate(scope, sheet) for answer in answers)

    def _default(self, scope: Scope, sheet: Sheet) -> Any:
        if not any(column.default for column in self.outputs):
            return None
        answers = tuple(
            column.default.evaluate(scope, sheet) if column.default else None
            for column in self.outputs
        )
        default = Hit(0, answers)
        check_answers(self.decision, self.outputs, [default], sheet)
        return self.policy.alone(self.outputs, default)

    def _matched(self, values: Sequence[Any], rules: Iterable[Rule]) -> Iterable[MatchedRule]:
        labels = (column.label for column in self.inputs)
        inputs = tuple(zip(labels, values, strict=True))
        for rule in rules:
            yield MatchedRule(self.decision, rule.id, rule.number, rule.annotation, inputs)

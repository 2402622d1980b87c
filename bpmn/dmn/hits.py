"""Hit policies: how the rows that apply become one answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from bpmn.dmn.errors import ContradictoryRules, OutputNotAllowed
from bpmn.dmn.sheet import Logic, Sheet
from bpmn.feel import Expression
from bpmn.feel.builtins.sorting import maximum, minimum, total
from bpmn.feel.expression import INPUT
from bpmn.feel.operations.comparing import is_equal


@dataclass(frozen=True, slots=True)
class Column:
    """An output. `allowed` tests a value, `priorities` lists the values, the first counts most."""

    name: str
    allowed: Expression | None
    priorities: Logic | None
    default: Logic | None


@dataclass(frozen=True, slots=True)
class Hit:
    number: int
    """Of the row, from 1; 0 are the default answers."""
    answers: tuple[Any, ...]


Columns = Sequence[Column]
Choose = Callable[[str, Columns, Sequence[Hit], Sheet], Sequence[Hit]]
Aggregate = Callable[[Sheet, list[Any]], Any]


@dataclass(frozen=True, slots=True)
class HitPolicy:
    choose: Choose
    many: bool = False
    """The answer is a list, or what the aggregation makes of it."""
    aggregate: Aggregate | None = None
    takes_first: bool = False
    by_priority: bool = False
    """The rows are ordered by the listed values of the outputs."""

    def conclude(
        self, decision: str, columns: Columns, hits: Sequence[Hit], sheet: Sheet
    ) -> tuple[Sequence[Hit], Any]:
        """Return the rows that count, and the answer."""
        if not hits:
            return (), None
        chosen = self.choose(decision, columns, hits, sheet)
        check_answers(decision, columns, chosen, sheet)
        if self.aggregate is not None:
            return chosen, _aggregate(self.aggregate, columns, chosen, sheet)
        if self.many:
            return chosen, [_answer(columns, hit) for hit in chosen]
        return chosen, _answer(columns, chosen[0])

    def alone(self, columns: Columns, hit: Hit) -> Any:
        """Return the answer when there is only this one, such as the defaults."""
        answer = _answer(columns, hit)
        return [answer] if self.many and self.aggregate is None else answer


def _answer(columns: Columns, hit: Hit) -> Any:
    if len(columns) == 1:
        return hit.answers[0]
    return {column.name: answer for column, answer in zip(columns, hit.answers, strict=True)}


def check_answers(decision: str, columns: Columns, hits: Sequence[Hit], sheet: Sheet) -> None:
    """Raise `OutputNotAllowed` for an answer that its column does not list."""
    for index, column in enumerate(columns):
        if column.allowed is None:
            continue
        for hit in hits:
            answer = hit.answers[index]
            if column.allowed.evaluate_in(sheet.run, {INPUT: answer}) is not True:
                raise OutputNotAllowed(decision, column.name, hit.number)


def _aggregate(aggregate: Aggregate, columns: Columns, hits: Sequence[Hit], sheet: Sheet) -> Any:
    results = tuple(
        aggregate(sheet, [hit.answers[index] for hit in hits]) for index in range(len(columns))
    )
    return _answer(columns, Hit(0, results))


def _unique(decision: str, _columns: Columns, hits: Sequence[Hit], _sheet: Sheet) -> Sequence[Hit]:
    if len(hits) > 1:
        raise ContradictoryRules(decision, [hit.number for hit in hits])
    return hits


def _any(decision: str, _columns: Columns, hits: Sequence[Hit], sheet: Sheet) -> Sequence[Hit]:
    first = list(hits[0].answers)
    if not all(is_equal(first, list(hit.answers), sheet.run) for hit in hits):
        raise ContradictoryRules(decision, [hit.number for hit in hits])
    return hits


def _first(_decision: str, _columns: Columns, hits: Sequence[Hit], _sheet: Sheet) -> Sequence[Hit]:
    return hits[:1]


def _all(_decision: str, _columns: Columns, hits: Sequence[Hit], _sheet: Sheet) -> Sequence[Hit]:
    return hits


def _highest(decision: str, columns: Columns, hits: Sequence[Hit], sheet: Sheet) -> Sequence[Hit]:
    return _by_priority(decision, columns, hits, sheet)[:1]


def _by_priority(
    _decision: str, columns: Columns, hits: Sequence[Hit], sheet: Sheet
) -> Sequence[Hit]:
    ranks = [
        column.priorities.evaluate({}, sheet) if column.priorities else [] for column in columns
    ]

    def rank(hit: Hit) -> tuple[int, ...]:
        return tuple(
            _rank(answer, values, sheet) for answer, values in zip(hit.answers, ranks, strict=True)
        )

    return sorted(hits, key=rank)


def _rank(answer: Any, values: Sequence[Any], sheet: Sheet) -> int:
    for index, value in enumerate(values):
        if is_equal(answer, value, sheet.run):
            return index
    return len(values)


AGGREGATIONS: Mapping[str, Aggregate] = {
    "SUM": lambda sheet, answers: total(sheet.run, answers),
    "MIN": lambda sheet, answers: minimum(sheet.run, answers),
    "MAX": lambda sheet, answers: maximum(sheet.run, answers),
    "COUNT": lambda _sheet, answers: Decimal(len(answers)),
}
POLICIES: Mapping[str, HitPolicy] = {
    "UNIQUE": HitPolicy(_unique),
    "ANY": HitPolicy(_any),
    "PRIORITY": HitPolicy(_highest, by_priority=True),
    "FIRST": HitPolicy(_first, takes_first=True),
    "RULE ORDER": HitPolicy(_all, many=True),
    "OUTPUT ORDER": HitPolicy(_by_priority, many=True, by_priority=True),
    "COLLECT": HitPolicy(_all, many=True),
}


def collecting(aggregation: str) -> HitPolicy:
    return HitPolicy(_all, many=True, aggregate=AGGREGATIONS[aggregation])

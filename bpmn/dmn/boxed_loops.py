"""Boxed if, for, some, every and filter: FEEL's forms, drawn instead of written."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bpmn.dmn.sheet import Logic, Scope, Sheet
from bpmn.feel.operations.sequences import items_of


@dataclass(frozen=True)
class Conditional:
    condition: Logic
    then: Logic
    otherwise: Logic

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        decided = self.condition.evaluate(scope, sheet)
        if decided is not None and type(decided) is not bool:
            return None
        return (self.then if decided else self.otherwise).evaluate(scope, sheet)


@dataclass(frozen=True)
class Loop:
    name: str
    source: Logic
    body: Logic

    def evaluate(self, scope: Scope, sheet: Sheet) -> list[Any] | None:
        results: list[Any] = []
        rounds = self.rounds(scope, sheet)
        if rounds is None:
            return None
        for inside in rounds:
            results.append(self.body.evaluate({**inside, "partial": list(results)}, sheet))
            sheet.run.limits.check_items(len(results))
        return results

    def rounds(self, scope: Scope, sheet: Sheet) -> Iterator[Scope] | None:
        """Yield what each round sees; None when the source is null."""
        items = items_of(self.source.evaluate(scope, sheet))
        if items is None:
            return None
        return (self._round(item, scope, sheet) for item in items)

    def _round(self, item: Any, scope: Scope, sheet: Sheet) -> Scope:
        sheet.run.charge(1)
        return {**scope, self.name: item}


@dataclass(frozen=True)
class Quantified:
    loop: Loop
    deciding: bool
    """True for some, False for every."""

    def evaluate(self, scope: Scope, sheet: Sheet) -> bool | None:
        rounds = self.loop.rounds(scope, sheet)
        if rounds is None:
            return None
        result: bool | None = not self.deciding
        for inside in rounds:
            value: bool | None = self.loop.body.evaluate(inside, sheet)
            if value is self.deciding:
                return value
            if value is not result:
                result = None
        return result


@dataclass(frozen=True)
class Filtered:
    source: Logic
    condition: Logic

    def evaluate(self, scope: Scope, sheet: Sheet) -> list[Any] | None:
        items = items_of(self.source.evaluate(scope, sheet))
        return (
            None if items is None else [item for item in items if self._keeps(item, scope, sheet)]
        )

    def _keeps(self, item: Any, scope: Scope, sheet: Sheet) -> bool:
        sheet.run.charge(1)
        entries = item if type(item) is dict else {}
        return self.condition.evaluate({**scope, "item": item, **entries}, sheet) is True

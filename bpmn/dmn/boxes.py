"""The boxed expressions beside the table: formula, context, list, invocation, function."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bpmn.dmn.sheet import Logic, Scope, Sheet
from bpmn.feel import Expression
from bpmn.feel.frames import Run
from bpmn.feel.values import Function


@dataclass(frozen=True, slots=True)
class Nothing:
    """A decision or a cell that nobody has filled in: null."""

    @property
    def reads(self) -> frozenset[str]:
        return frozenset()

    def evaluate(self, _scope: Scope, _sheet: Sheet) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Formula:
    expression: Expression

    @property
    def reads(self) -> frozenset[str]:
        return self.expression.free_names

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        return self.expression.evaluate_in(sheet.run, scope)


@dataclass(frozen=True)
class Context:
    """Named entries, each of which may use those above it; perhaps a result below the line."""

    entries: tuple[tuple[str, Logic], ...]
    result: Logic | None

    @cached_property
    def reads(self) -> frozenset[str]:
        names: frozenset[str] = frozenset()
        own: frozenset[str] = frozenset()
        for name, logic in self.entries:
            names |= logic.reads - own
            own |= {name}
        return names | (self.result.reads - own if self.result else frozenset())

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        found: dict[str, Any] = {}
        for name, logic in self.entries:
            found[name] = logic.evaluate({**scope, **found}, sheet)
        if self.result is not None:
            return self.result.evaluate({**scope, **found}, sheet)
        return found


@dataclass(frozen=True)
class Items:
    items: tuple[Logic, ...]

    @cached_property
    def reads(self) -> frozenset[str]:
        return frozenset().union(*(item.reads for item in self.items))

    def evaluate(self, scope: Scope, sheet: Sheet) -> list[Any]:
        return [item.evaluate(scope, sheet) for item in self.items]


@dataclass(frozen=True)
class BoxedFunction:
    parameters: tuple[str, ...]
    body: Logic

    @cached_property
    def reads(self) -> frozenset[str]:
        return self.body.reads - set(self.parameters)

    def evaluate(self, scope: Scope, sheet: Sheet) -> Function:
        def call(run: Run, *arguments: Any) -> Any:
            run.charge(1)
            given = dict(zip(self.parameters, arguments, strict=True))
            return self.body.evaluate({**scope, **given}, sheet)

        return Function(self.parameters, call)


@dataclass(frozen=True)
class Invocation:
    function: Logic
    bindings: Mapping[str, Logic]

    @cached_property
    def reads(self) -> frozenset[str]:
        return self.function.reads.union(*(logic.reads for logic in self.bindings.values()))

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        function = self.function.evaluate(scope, sheet)
        if type(function) is not Function or function.parameters is None:
            return None
        if not set(self.bindings) <= set(function.parameters):
            return None
        given = {name: logic.evaluate(scope, sheet) for name, logic in self.bindings.items()}
        sheet.run.enter()
        value = function.call(sheet.run, *(given.get(name) for name in function.parameters))
        sheet.run.leave()
        return value

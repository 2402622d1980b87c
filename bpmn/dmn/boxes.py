"""The boxed expressions beside the table: formula, context, list, invocation, function."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bpmn.dmn.sheet import Logic, Scope, Sheet
from bpmn.dmn.types import DataType, coerce
from bpmn.feel import Expression, from_python
from bpmn.feel.frames import Run
from bpmn.feel.values import Function


@dataclass(frozen=True, slots=True)
class Nothing:
    """A decision or a cell that nobody has filled in: null."""

    def evaluate(self, _scope: Scope, _sheet: Sheet) -> None:
        return None


@dataclass(frozen=True, slots=True)
class Formula:
    expression: Expression

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        return self.expression.evaluate_in(sheet.run, scope)


@dataclass(frozen=True)
class Typed:
    """Logic whose value has to fit a type; what does not fit is null."""

    name: str
    logic: Logic
    wanted: DataType

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        return coerce(self.name, self.logic.evaluate(scope, sheet), self.wanted, sheet.run)


@dataclass(frozen=True)
class Context:
    """Named entries, each of which may use those above it; perhaps a result below the line."""

    entries: tuple[tuple[str, Logic], ...]
    result: Logic | None

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

    def evaluate(self, scope: Scope, sheet: Sheet) -> list[Any]:
        return [item.evaluate(scope, sheet) for item in self.items]


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that is handed in under a name, of a type if one is named."""

    name: str
    wanted: DataType | None

    def take(self, value: Any, run: Run) -> Any:
        if self.wanted is None:
            return value
        return coerce(self.name, from_python(value), self.wanted, run)


def taken(parameters: Sequence[Parameter], values: Sequence[Any], run: Run) -> Scope | None:
    """Hand values in by position; None when one of them does not fit its type."""
    given = {}
    for parameter, value in zip(parameters, values, strict=True):
        given[parameter.name] = parameter.take(value, run)
        if value is not None and given[parameter.name] is None:
            return None
    return given


@dataclass(frozen=True)
class BoxedFunction:
    parameters: tuple[Parameter, ...]
    body: Logic

    def evaluate(self, scope: Scope, sheet: Sheet) -> Function:
        def call(run: Run, *arguments: Any) -> Any:
            run.charge(1)
            given = taken(self.parameters, arguments, run)
            return None if given is None else self.body.evaluate({**scope, **given}, sheet)

        return Function(tuple(parameter.name for parameter in self.parameters), call)


@dataclass(frozen=True)
class Invocation:
    function: Logic
    bindings: Mapping[str, Logic]

    def evaluate(self, scope: Scope, sheet: Sheet) -> Any:
        function = self.function.evaluate(scope, sheet)
        if type(function) is not Function:
            return None
        given = {name: logic.evaluate(scope, sheet) for name, logic in self.bindings.items()}
        sheet.run.enter()
        value = _call(function, given, sheet.run)
        sheet.run.leave()
        return value


def _call(function: Function, given: Scope, run: Run) -> Any:
    """Call by names; an argument that nobody gives is null, one that nobody takes is a mistake."""
    if function.call_named is not None:
        return function.call_named(run, tuple(given), tuple(given.values()))
    if function.parameters is None or not set(given) <= set(function.parameters):
        return None
    return function.call(run, *(given.get(name) for name in function.parameters))

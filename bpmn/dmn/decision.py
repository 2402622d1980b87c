"""A decision: what it needs, what it answers, and why."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from bpmn.dmn.boxes import BoxedFunction, Parameter, taken
from bpmn.dmn.sheet import Logic, MatchedRule, Sheet
from bpmn.feel import OFFICE, Clock, Limits
from bpmn.feel.errors import LimitExceeded
from bpmn.feel.expression import SYSTEM
from bpmn.feel.frames import Run
from bpmn.feel.values import Function
from bpmn.wording import Sentence, say

__all__ = ["Decision", "Knowledge", "MatchedRule", "Outcome", "Required", "Service"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The answer and the rows that gave it, those of required decisions first."""

    value: Any
    rules: tuple[MatchedRule, ...]
    warnings: tuple[Sentence, ...] = ()
    """Where null came up although nobody wrote it."""


def _outcome(sheet: Sheet, work: Callable[[], Any]) -> Outcome:
    try:
        value = work()
    except RecursionError:
        raise LimitExceeded(say("The formula or its values are nested too deeply.")) from None
    warnings = tuple(note.sentence for note in sheet.run.notes)
    return Outcome(value, tuple(sheet.rules), warnings)


class Shared(Protocol):
    """Something that decisions call by name."""

    @property
    def variable(self) -> str: ...

    def bind(self, sheet: Sheet) -> Function: ...


Thing_co = TypeVar("Thing_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Required(Generic[Thing_co]):
    """Something that logic needs; `model` is the name of the import that it comes from, if any."""

    thing: Thing_co
    model: str | None = None

    def put(self, scope: dict[str, Any], name: str, value: Any) -> None:
        """Let formulas see the value: under its name, or as `model.name`."""
        if not self.model:
            scope[name] = value
        else:
            around = scope.get(self.model)
            scope[self.model] = {**(around if isinstance(around, dict) else {}), name: value}


@dataclass(frozen=True, eq=False)
class Knowledge:
    """A business knowledge model: a function that decisions share."""

    variable: str
    function: BoxedFunction
    required: "tuple[Required[Shared], ...]"

    def bind(self, sheet: Sheet) -> Function:
        """Return the function; it sees itself and what it requires."""
        if self not in sheet.functions:
            inside: dict[str, Any] = {}
            for each in self.required:
                each.put(inside, each.thing.variable, each.thing.bind(sheet))
            function = self.function.evaluate(inside, sheet)
            sheet.functions[self] = inside[self.variable] = function
        return sheet.functions[self]


@dataclass(frozen=True, eq=False)
class Decision:
    """An executable decision; immutable."""

    id: str
    name: str
    variable: str
    """The name under which decisions that require this one see its answer."""
    logic: Logic
    inputs: tuple[Required[Parameter], ...] = ()
    """The input data it requires."""
    required: "tuple[Required[Decision], ...]" = ()
    knowledge: tuple[Required[Shared], ...] = ()
    limits: Limits = OFFICE

    def data(self) -> tuple[Parameter, ...]:
        """Return the data that this decision asks for, and those it stands on, each name once."""
        found = {each.thing.name: each.thing for each in self.inputs}
        waiting, seen = [self], {self}
        while waiting:
            new = [each.thing for each in waiting.pop().required if each.thing not in seen]
            seen.update(new)
            waiting += new
            for decision in new:
                for each in decision.inputs:
                    found.setdefault(each.thing.name, each.thing)
        return tuple(found.values())

    def evaluate(self, inputs: Mapping[str, Any], clock: Clock = SYSTEM) -> Outcome:
        """Decide. Raises `DecisionError` when the table contradicts itself, `FeelError` on limits."""
        sheet = Sheet(Run(clock, self.limits))
        return _outcome(sheet, lambda: self.answer(inputs, sheet))

    def answer(self, inputs: Mapping[str, Any], sheet: Sheet) -> Any:
        """Decide as part of a bigger evaluation; what is decided already is not decided again."""
        if self not in sheet.answers:
            scope = dict(inputs)
            for data in self.inputs:
                given = inputs.get(data.thing.name)
                data.put(scope, data.thing.name, data.thing.take(given, sheet.run))
            for decision in self.required:
                decision.put(scope, decision.thing.variable, decision.thing.answer(inputs, sheet))
            for shared in self.knowledge:
                shared.put(scope, shared.thing.variable, shared.thing.bind(sheet))
            sheet.answers[self] = self.logic.evaluate(scope, sheet)
        return sheet.answers[self]


@dataclass(frozen=True, eq=False)
class Service:
    """A decision service: some decisions as one function (DMN 1.5, 10.4).

    What it is given hides the decisions and data of the same name around it.
    """

    id: str
    variable: str
    data: tuple[Parameter, ...]
    decided: tuple[tuple[Decision, Parameter], ...]
    """Decisions whose answers are handed in instead of being worked out."""
    outputs: tuple[Decision, ...]
    limits: Limits = OFFICE

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        return (*self.data, *(parameter for _, parameter in self.decided))

    def evaluate(self, inputs: Mapping[str, Any], clock: Clock = SYSTEM) -> Outcome:
        """Serve once, with the parameters by name; what is missing is null."""
        sheet = Sheet(Run(clock, self.limits))
        given = [inputs.get(each.name) for each in self.parameters]
        return _outcome(sheet, lambda: self._serve(sheet, *given))

    def bind(self, sheet: Sheet) -> Function:
        names = tuple(parameter.name for parameter in self.parameters)
        return Function(names, lambda _run, *values: self._serve(sheet, *values))

    def _serve(self, sheet: Sheet, *values: Any) -> Any:
        sheet.run.charge(1)
        given = taken(self.parameters, values, sheet.run)
        if given is None:
            return None
        inside = Sheet(sheet.run, sheet.rules)
        inside.answers |= {decision: given[each.name] for decision, each in self.decided}
        inputs = {each.name: given[each.name] for each in self.data}
        answers = {each.variable: each.answer(inputs, inside) for each in self.outputs}
        return next(iter(answers.values())) if len(answers) == 1 else answers

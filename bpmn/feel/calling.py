"""Functions: what they take, and how a call finds the right one of several forms."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from bpmn.feel.frames import Run
from bpmn.feel.values import Function, Range, YearsMonths, from_python
from bpmn.host import HostFunction

KINDS: Mapping[str, tuple[type, ...]] = {
    "number": (Decimal,),
    "text": (str,),
    "boolean": (bool,),
    "date": (date,),
    "time": (time,),
    "datetime": (datetime,),
    "days": (timedelta,),
    "duration": (timedelta, YearsMonths),
    "list": (list,),
    "context": (dict,),
    "range": (Range,),
    "function": (Function,),
    "point": (Decimal, str, date, time, datetime, timedelta, YearsMonths),
}
REFUSED = object()
Body = TypeVar("Body", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    kind: str
    optional: bool = False
    many: bool = False
    words: frozenset[str] = frozenset()
    """The texts that may stand here; none when any may."""

    def accept(self, value: Any) -> Any:
        """Return the value, or REFUSED; a list of one stands for its item, an item for a list."""
        if self.kind == "any":
            return value
        kinds = KINDS[self.kind]
        if type(value) in kinds:
            return value
        if self.kind == "list" and value is not None:
            return [value]
        if type(value) is list and len(value) == 1 and type(value[0]) in kinds:
            return value[0]
        return REFUSED

    @classmethod
    def read(cls, text: str) -> "Parameter":
        name, _, kind = (part.strip() for part in text.partition(":"))
        return cls(name, kind.rstrip("?*"), optional=kind.endswith("?"), many=kind.endswith("*"))


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a function."""

    parameters: tuple[Parameter, ...]
    call: Callable[..., Any]

    @classmethod
    def read(cls, parameters: str, call: Callable[..., Any]) -> "Form":
        """Read `"string: text, start position: number, length: number?"`."""
        return cls(tuple(Parameter.read(part) for part in parameters.split(",") if part), call)

    @property
    def many(self) -> bool:
        return bool(self.parameters) and self.parameters[-1].many

    def takes(self, count: int) -> bool:
        least = sum(not parameter.optional for parameter in self.parameters)
        return count >= least and (self.many or count <= len(self.parameters))

    def order_of(self, names: Sequence[str]) -> tuple[int | None, ...] | None:
        """Return for each parameter the index of its named argument; None if the names do not fit."""
        known = {parameter.name for parameter in self.parameters}
        if not known.issuperset(names):
            return None
        order = tuple(
            names.index(parameter.name) if parameter.name in names else None
            for parameter in self.parameters
        )
        fits = all(
            index is not None or parameter.optional
            for index, parameter in zip(order, self.parameters, strict=True)
        )
        return order if fits else None

    def parameter_of(self, index: int, names: Sequence[str]) -> Parameter:
        """Return what the argument at this place of a fitting call is for."""
        if names:
            return next(each for each in self.parameters if each.name == names[index])
        return self.parameters[min(index, len(self.parameters) - 1)]

    def accept(self, arguments: Sequence[Any]) -> list[Any] | None:
        accepted = []
        for index, argument in enumerate(arguments):
            parameter = self.parameter_of(index, ())
            value = parameter.accept(argument)
            if value is REFUSED:
                return None
            accepted.append(value)
        return accepted

    @property
    def usage(self) -> str:
        return ", ".join(
            f"{each.name}?" if each.optional else f"{each.name}…" if each.many else each.name
            for each in self.parameters
        )


@dataclass(frozen=True, slots=True)
class Definition:
    """A function of the language or of the installation, with all its forms."""

    name: str
    forms: tuple[Form, ...]

    @property
    def usage(self) -> str:
        return " / ".join(f"{self.name}({form.usage})" for form in self.forms)

    def fitting(self, count: int, names: Sequence[str]) -> tuple[Form, ...]:
        """Return the forms that a call with so many, or so named, arguments may mean."""
        if names:
            return tuple(form for form in self.forms if form.order_of(names) is not None)
        return tuple(form for form in self.forms if form.takes(count))

    def as_value(self) -> Function:
        """Return the function as a value that can be handed to another function."""
        return Function(
            None,
            lambda run, *arguments: call_forms(self.forms, arguments, run),
            lambda run, names, arguments: call_named(self.forms, names, arguments, run),
        )


class Library:
    """Collects the functions of one family."""

    def __init__(self) -> None:
        self.definitions: dict[str, Definition] = {}

    def function(self, name: str, parameters: str) -> Callable[[Body], Body]:
        """Register a form of a function; several forms of one name are tried in this order."""

        def register(body: Body) -> Body:
            known = self.definitions.get(name)
            forms = known.forms if known else ()
            self.definitions[name] = Definition(name, (*forms, Form.read(parameters, body)))
            return body

        return register


def of_host(function: HostFunction) -> Definition:
    """Make a function of the installation callable from formulas."""
    parameters = tuple(
        Parameter(name, "any", words=function.words.get(name, frozenset()))
        for name in function.parameters
    )
    form = Form(parameters, lambda _run, *arguments: from_python(function.call(*arguments)))
    return Definition(function.name, (form,))


def call_forms(forms: Sequence[Form], arguments: Sequence[Any], run: Run) -> Any:
    """Call the first form whose parameters accept the arguments; null if none does."""
    run.charge(1 + cost(arguments))
    for form in forms:
        if not form.takes(len(arguments)):
            continue
        accepted = form.accept(arguments)
        if accepted is not None:
            return bounded(form.call(run, *accepted), run)
    return None


def call_named(
    forms: Sequence[Form], names: Sequence[str], arguments: Sequence[Any], run: Run
) -> Any:
    """Call the first form that has these parameters and accepts the arguments."""
    for form in forms:
        order = form.order_of(names)
        if order is None:
            continue
        while order and order[-1] is None:
            order = order[:-1]
        placed = [None if index is None else arguments[index] for index in order]
        if form.many and type(placed[-1]) is list:
            placed[-1:] = placed[-1]
        result = call_forms((form,), placed, run)
        if result is not None:
            return result
    return None


def cost(arguments: Sequence[Any]) -> int:
    """Long lists, contexts and texts cost steps, because working through them takes time."""
    steps = 0
    for argument in arguments:
        if type(argument) is list or type(argument) is dict:
            steps += len(argument) // 10
        elif type(argument) is str:
            steps += len(argument) // 5_000
    return steps


def bounded(result: Any, run: Run) -> Any:
    if type(result) is list:
        run.limits.check_items(len(result))
    elif type(result) is str:
        run.limits.check_text(len(result))
    return result

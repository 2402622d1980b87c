"""Item definitions: the types that a file declares, and what belongs to them (DMN 1.5, 7.3.3)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bpmn.feel import Expression
from bpmn.feel.errors import LimitExceeded
from bpmn.feel.expression import INPUT
from bpmn.feel.frames import Note, Run
from bpmn.feel.types import SIMPLE, Type, belongs, fitted
from bpmn.wording import Sentence, say

ALIASES: Mapping[str, str] = {
    "dateTime": "date and time",
    "dayTimeDuration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "days and time duration": "days and time duration",
}
"""Names of built-in types in files of older versions."""


class DataType(Protocol):
    """A type that a value belongs to or not; null belongs to none, but is allowed everywhere."""

    def accepts(self, value: Any, run: Run) -> bool: ...


@dataclass(frozen=True, slots=True)
class Simple:
    """A type of the language."""

    name: str

    def accepts(self, value: Any, _run: Run) -> bool:
        return belongs(value, Type(self.name))


@dataclass(frozen=True, slots=True)
class Listing:
    item: DataType

    def accepts(self, value: Any, run: Run) -> bool:
        if type(value) is not list:
            return False
        run.charge(1 + len(value) // 50)
        return all(item is None or self.item.accepts(item, run) for item in value)


@dataclass(frozen=True, slots=True)
class Structure:
    """A context that has all these entries; it may have more."""

    entries: tuple[tuple[str, DataType], ...]

    def accepts(self, value: Any, run: Run) -> bool:
        return type(value) is dict and all(
            key in value and (value[key] is None or wanted.accepts(value[key], run))
            for key, wanted in self.entries
        )


@dataclass(frozen=True, slots=True)
class Restricted:
    """Only those values of a type that pass these unary tests."""

    base: DataType
    test: Expression

    def accepts(self, value: Any, run: Run) -> bool:
        return self.base.accepts(value, run) and (
            self.test.evaluate_in(run, {INPUT: value}) is True
        )


@dataclass(frozen=True, slots=True)
class Declared:
    """A type by its name; types may be declared in any order."""

    name: str
    known: Mapping[str, DataType]

    def accepts(self, value: Any, run: Run) -> bool:
        return self.known[self.name].accepts(value, run)


ANYTHING = Simple("Any")


def built_in(reference: str) -> DataType | None:
    """Find a type of the language by the name that a file gives it."""
    name = reference.removeprefix("feel:").removeprefix("feel.")
    name = ALIASES.get(name, name)
    return Simple(name) if name in SIMPLE else None


@dataclass(slots=True)
class Misfit(Note):
    """A value did not fit the type of its variable, whose name is the sign."""

    @property
    def sentence(self) -> Sentence:
        return say("“%(name)s” does not fit its type and counts as null.", name=self.sign)


def coerce(name: str, value: Any, wanted: DataType, run: Run) -> Any:
    """Make a value fit a type; what does not fit is null, and a note says so."""
    try:
        fit = fitted(value, lambda part: wanted.accepts(part, run))
    except RecursionError:
        raise LimitExceeded(say("The formula or its values are nested too deeply.")) from None
    if fit is None and value is not None:
        run.keep(Misfit(name, 0, ""))
    return fit

"""The types that a formula or a decision may name, and which values belong to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel.values import Function, Range, YearsMonths


@dataclass(frozen=True, slots=True)
class Type:
    """A built-in or declared type by name; `parts` are what a list, range or function consists of."""

    name: str
    parts: tuple["Type", ...] = ()
    entries: tuple[tuple[str, "Type"], ...] = ()
    """The entries of a `context<…>`."""


ANY = Type("Any")

SIMPLE: Mapping[str, Callable[[Any], bool]] = {
    "Any": lambda value: value is not None,
    "Null": lambda value: value is None,
    "number": lambda value: type(value) is Decimal,
    "string": lambda value: type(value) is str,
    "boolean": lambda value: type(value) is bool,
    "date": lambda value: type(value) is date,
    "time": lambda value: type(value) is time,
    "date and time": lambda value: type(value) is datetime,
    "days and time duration": lambda value: type(value) is timedelta,
    "years and months duration": lambda value: type(value) is YearsMonths,
    "list": lambda value: type(value) is list,
    "context": lambda value: type(value) is dict,
    "range": lambda value: type(value) is Range,
    "function": lambda value: isinstance(value, Function),
}
"""Built-in type → does a value (not null) belong to it?"""

NAMES = tuple(SIMPLE)

Belonging = Callable[[str, Any], bool]
"""Name of a declared type and a value → does it belong?"""


def belongs(value: Any, wanted: Type, declared: Belonging | None = None) -> bool:
    """Tell whether a value is an instance of a type; null is one of `Null` only.

    `declared` answers for the types that are not of the language.
    """
    if wanted.name not in SIMPLE:
        return value is not None and declared is not None and declared(wanted.name, value)
    if not SIMPLE[wanted.name](value):
        return False
    if wanted.entries:
        return all(
            key in value and (value[key] is None or belongs(value[key], part, declared))
            for key, part in wanted.entries
        )
    if not wanted.parts or wanted.name == "function":
        return True
    inner = wanted.parts[0]
    if wanted.name == "range":
        return all(end is None or belongs(end, inner, declared) for end in (value.low, value.high))
    return all(item is None or belongs(item, inner, declared) for item in value)


def fitted(value: Any, accepts: Callable[[Any], bool]) -> Any:
    """Make a value fit a type where the standard converts implicitly; else null (DMN 1.5, 10.3.2.9.4)."""
    if value is None or accepts(value):
        return value
    if type(value) is list and len(value) == 1 and accepts(value[0]):
        return value[0]
    if accepts([value]):
        return [value]
    if type(value) is date:
        midnight = datetime.combine(value, time(), UTC)
        return midnight if accepts(midnight) else None
    return None

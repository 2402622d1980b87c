"""FEEL values are plain Python values; this module adds the kinds that Python lacks.

number `Decimal`, text `str`, boolean `bool`, null `None`, `date`, `time`, `datetime` (aware),
days-and-time duration `timedelta`, years-and-months duration `YearsMonths`, list `list`,
context `dict` with text keys, `Range`, `Function`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_EVEN, Context, Decimal
from functools import total_ordering
from types import NoneType
from typing import Any

from bpmn.feel.errors import LimitExceeded, NotAValue
from bpmn.wording import say

ARITHMETIC = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, traps=[])
"""Every number is computed in this context; what leaves it (infinity, not a number) is null."""

MAX_DEPTH = 100


@total_ordering
@dataclass(frozen=True, slots=True)
class YearsMonths:
    """A duration in whole months, such as `P1Y2M`; negative ones point backwards."""

    total: int

    @property
    def years(self) -> int:
        return abs(self.total) // 12 * (-1 if self.total < 0 else 1)

    @property
    def months(self) -> int:
        return abs(self.total) % 12 * (-1 if self.total < 0 else 1)

    def __lt__(self, other: "YearsMonths") -> bool:
        return self.total < other.total


@dataclass(frozen=True, slots=True)
class Range:
    """`[low..high]`; an end that is None is open towards infinity."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool
    is_point: bool = False
    """Written `(=10)`; it holds what `[10..10]` holds, but the standard tells the two apart."""


@dataclass(frozen=True, slots=True, eq=False)
class Function:
    """A function as a value: `call` takes the run and the positional arguments.

    `parameters` is None for a function of the language, which chooses among its forms itself.
    """

    parameters: tuple[str, ...] | None
    call: Callable[..., Any]
    call_named: Callable[..., Any] | None = None
    """How a function of the language is called by names: run, names, arguments."""

    def takes(self, count: int) -> bool:
        """Tell whether it can be called with so many arguments."""
        return self.parameters is None or len(self.parameters) == count


PLAIN = frozenset({str, bool, NoneType, date, datetime, time, timedelta, YearsMonths})


def from_python(value: Any, depth: int = 0) -> Any:
    """Make a FEEL value: whole and floating numbers become decimals, also inside lists.

    What is a FEEL value already comes back itself. Raises `NotAValue` for anything else.
    """
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is Decimal:
        return _number(value)
    if depth > MAX_DEPTH:
        raise LimitExceeded(say("A value is nested too deeply."))
    for python_type, convert in CONVERTERS:
        if isinstance(value, python_type):
            return convert(value, depth + 1)
    raise NotAValue(kind.__name__)


def _number(value: Decimal) -> Decimal:
    if not value.is_finite():
        raise NotAValue(str(value))
    return ARITHMETIC.plus(value)


def _list(items: list[Any] | tuple[Any, ...], depth: int) -> list[Any]:
    converted = [from_python(item, depth) for item in items]
    if type(items) is list and all(new is old for new, old in zip(converted, items, strict=True)):
        return items
    return converted


def _context(entries: Mapping[Any, Any], depth: int) -> dict[str, Any]:
    if not all(isinstance(key, str) for key in entries):
        raise NotAValue("mapping with keys that are no text")
    converted = {key: from_python(entry, depth) for key, entry in entries.items()}
    if type(entries) is dict and all(converted[key] is entries[key] for key in entries):
        return entries
    return converted


CONVERTERS: tuple[tuple[type | tuple[type, ...], Callable[[Any, int], Any]], ...] = (
    (int, lambda value, _: _number(Decimal(value))),
    (float, lambda value, _: _number(Decimal(repr(float(value))))),
    (Decimal, lambda value, _: _number(Decimal(value))),
    (str, lambda value, _: str.__str__(value)),
    ((list, tuple), _list),
    (Mapping, _context),
    ((Range, Function), lambda value, _: value),
)

"""What a cell asks for, as far as it can be told without evaluating it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Any

from bpmn.feel import OFFICE, FeelError, YearsMonths
from bpmn.feel.builtins import FUNCTIONS
from bpmn.feel.constants import UNKNOWN, constant_of
from bpmn.feel.operations.comparing import order
from bpmn.feel.syntax.nodes import (
    RangeLiteral,
    Test,
    UnaryTests,
)
from bpmn.feel.syntax.parser import parse_unary_tests
from bpmn.feel.syntax.vocabulary import known_names
from bpmn.host import BERLIN

MEASURED = frozenset({Decimal, date, time, datetime, timedelta, YearsMonths})
"""Kinds of values with an order that tables cut into ranges."""


@dataclass(frozen=True, slots=True)
class Point:
    """Exactly this value."""

    value: Any

    @property
    def ends(self) -> tuple[Any, ...]:
        return (self.value,)


@dataclass(frozen=True, slots=True)
class Span:
    """All values between two ends; an end that is None is open."""

    low: Any
    high: Any
    low_included: bool
    high_included: bool

    @property
    def ends(self) -> tuple[Any, ...]:
        return tuple(end for end in (self.low, self.high) if end is not None)


Piece = Point | Span


@dataclass(frozen=True, slots=True)
class Cell:
    """Any of the pieces, or all but them; a cell without pieces asks for nothing."""

    wanted: tuple[Piece, ...] = ()
    unwanted: tuple[Piece, ...] = ()
    """Each of these is an answer of its own: everything of its kind but the piece."""
    negated: bool = False

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return self.wanted + self.unwanted


ANYTHING = Cell()


def kind_of(value: Any) -> object:
    """Values of one kind can be compared with each other."""
    if isinstance(value, datetime | time):
        return type(value), value.tzinfo is None
    return type(value)


@lru_cache(maxsize=4096)
def read_cell(text: str) -> Cell | None:
    """Read unary tests that compare with constants; None for any other."""
    if text.strip() in {"", "-"}:
        return ANYTHING
    try:
        tree = parse_unary_tests(text, known_names(frozenset(FUNCTIONS)), OFFICE)
    except FeelError:
        return None
    assert isinstance(tree, UnaryTests)
    tests = [test for test in tree.tests if isinstance(test, Test)]
    pieces = [_piece(test) for test in tests]
    known = [piece for piece in pieces if piece is not None]
    if len(known) < len(pieces):
        return None
    denied = [test.operator == "!=" for test in tests]
    return Cell(
        tuple(piece for piece, no in zip(known, denied, strict=True) if not no),
        tuple(piece for piece, no in zip(known, denied, strict=True) if no),
        tree.negated,
    )


def constant(text: str) -> Any:
    """Return the value of a text that is one constant, else UNKNOWN."""
    cell = read_cell(text)
    if cell is None or cell.negated or cell.unwanted or len(cell.wanted) != 1:
        return UNKNOWN
    piece = cell.wanted[0]
    return piece.value if isinstance(piece, Point) else UNKNOWN


def _piece(test: Test) -> Piece | None:
    if isinstance(test.operand, RangeLiteral) and test.operator == "in":
        return _range(test.operand)
    value = constant_of(test.operand, BERLIN)
    if value is UNKNOWN:
        return None
    if test.operator in {"in", "=", "!="}:
        return Point(value)
    if type(value) not in MEASURED:
        return None
    if test.operator.startswith("<"):
        return Span(None, value, low_included=False, high_included=test.operator == "<=")
    return Span(value, None, low_included=test.operator == ">=", high_included=False)


def _range(node: RangeLiteral) -> Piece | None:
    ends = [constant_of(end, BERLIN) for end in (node.low, node.high) if end is not None]
    if any(type(end) not in MEASURED for end in ends):
        return None
    if len(ends) == 2 and order(*ends) is None:
        return None
    low = None if node.low is None else ends[0]
    high = None if node.high is None else ends[-1]
    return Span(low, high, node.low_included, node.high_included)

"""The values of one column, cut where its cells cut them.

Inside a region all values are alike: every cell takes all of them or none. So a set of regions,
written as the bits of a number, says exactly what a cell takes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cmp_to_key
from types import NoneType
from typing import Any, Protocol

from bpmn.dmn.cells import MEASURED, Cell, Piece, Point, kind_of
from bpmn.feel import YearsMonths
from bpmn.feel.operations.comparing import order
from bpmn.feel.values import ARITHMETIC

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Region:
    example: Any
    named: bool
    """The table itself names the value."""


class Scale(Protocol):
    """All regions of one kind of values, empty ones included as None."""

    @property
    def regions(self) -> tuple[Region | None, ...]: ...

    def covers(self, piece: Piece) -> int: ...


class Measured:
    """Values with an order: each end is a region, and so is what lies between two ends."""

    def __init__(self, ends: Iterable[Any]) -> None:
        ranked = sorted(ends, key=cmp_to_key(lambda one, other: order(one, other) or 0))
        self.ends: list[Any] = []
        for end in ranked:
            if not self.ends or order(self.ends[-1], end) != 0:
                self.ends.append(end)
        self._places = {end: 2 * place + 1 for place, end in enumerate(self.ends)}
        self.regions = tuple(self._regions())

    def _regions(self) -> Iterator[Region | None]:
        for low, high in zip([None, *self.ends], [*self.ends, None], strict=True):
            between = example_between(low, high)
            yield None if between is None else Region(between, named=False)
            if high is not None:
                yield Region(high, named=True)

    def covers(self, piece: Piece) -> int:
        if isinstance(piece, Point):
            return 1 << self._places[piece.value]
        first, last = 0, 2 * len(self.ends)
        if piece.low is not None:
            first = self._places[piece.low] + (not piece.low_included)
        if piece.high is not None:
            last = self._places[piece.high] - (not piece.high_included)
        return (1 << (last + 1)) - (1 << first) if first <= last else 0


class Listed:
    """Values without an order: each is a region, and one stands for all others."""

    def __init__(self, values: Iterable[Any]) -> None:
        known = list(dict.fromkeys(values))
        self._places = {value: place for place, value in enumerate(known)}
        self.regions: tuple[Region | None, ...] = tuple(Region(each, named=True) for each in known)
        if type(known[0]) is bool:
            self.regions += tuple(
                Region(each, named=True) for each in (True, False) if each not in self._places
            )
        elif type(known[0]) is str:
            self.regions += (Region(_another(known), named=False),)

    def covers(self, piece: Piece) -> int:
        assert isinstance(piece, Point)
        return 1 << self._places[piece.value]


def _another(texts: list[str]) -> str:
    return next(
        name for name in ("other", *(f"other {n}" for n in range(2, 99))) if name not in texts
    )


class Regions:
    """The regions of a column, over all kinds of values that its cells speak of."""

    def __init__(self, cells: Iterable[Cell]) -> None:
        ends: dict[object, list[Any]] = {}
        for cell in cells:
            for piece in cell.pieces:
                for end in piece.ends:
                    ends.setdefault(kind_of(end), []).append(end)
        self._scales: dict[object, tuple[Scale, int]] = {}
        self.regions: tuple[Region | None, ...] = ()
        for kind, values in ends.items():
            scale = Measured(values) if type(values[0]) in MEASURED else Listed(values)
            self._scales[kind] = (scale, len(self.regions))
            self.regions += scale.regions
        if not self.regions:
            self.regions = (Region(None, named=False),)
        elif ends.keys() == {NoneType}:
            self.regions += (Region(_another([]), named=False),)
        self.all = sum(1 << place for place, each in enumerate(self.regions) if each is not None)

    def covers(self, cell: Cell) -> int:
        """Return the regions whose values pass the cell."""
        if not cell.pieces:
            return self.all
        if not cell.negated:
            found = 0
            for piece in cell.wanted:
                found |= self._covers(piece)
            for piece in cell.unwanted:
                found |= self._but(piece)
            return found & self.all
        left = self.all
        for piece in cell.wanted:
            left &= self._but(piece)
        for piece in cell.unwanted:
            left &= self._covers(piece)
        return left

    def example(self, regions: int) -> Any:
        """Name a value out of these regions, one that the table itself names if there is one."""
        inside = [each for place, each in enumerate(self.regions) if each and regions >> place & 1]
        return next((each for each in inside if each.named), inside[0]).example

    def _covers(self, piece: Piece) -> int:
        scale, start = self._scales[kind_of(piece.ends[0])]
        return scale.covers(piece) << start

    def _but(self, piece: Piece) -> int:
        """Return what fails a piece; a value of another kind neither passes nor fails it."""
        if piece == Point(None):
            return self.all & ~self._covers(piece)
        scale, start = self._scales[kind_of(piece.ends[0])]
        kind = (1 << len(scale.regions)) - 1 << start
        if isinstance(piece, Point):
            kind |= self._null()
        return self.all & kind & ~self._covers(piece)

    def _null(self) -> int:
        found = self._scales.get(type(None))
        return 0 if found is None else 1 << found[1]


def example_between(low: Any, high: Any) -> Any:
    """Name a value between two ends, round if possible; None when there is none."""
    end = high if low is None else low
    for candidate in _candidates(type(end), low, high):
        above = low is None or order(low, candidate) == -1
        below = high is None or order(candidate, high) == -1
        if above and below:
            return candidate
    return None


def _candidates(kind: type, low: Any, high: Any) -> Iterator[Any]:
    for suggest in SUGGESTIONS[kind]:
        try:
            yield suggest(low, high)
        except (OverflowError, TypeError, AttributeError):
            continue  # an end is open, or lies at the end of time


def _middle_time(low: time, high: time) -> time:
    seconds = (low.hour + high.hour) * 1800 + (low.minute + high.minute) * 30
    seconds += (low.second + high.second) // 2
    return time(seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=low.tzinfo)


Suggest = Callable[[Any, Any], Any]
A_STEP_OF_A_DAY: tuple[Suggest, ...] = (
    lambda low, _: low + DAY,
    lambda _, high: high - DAY,
    lambda low, high: low + (high - low) / 2,
)
SUGGESTIONS: Mapping[type, tuple[Suggest, ...]] = {
    Decimal: (
        lambda low, _: ARITHMETIC.add(low.to_integral_value(ROUND_FLOOR), Decimal(1)),
        lambda _, high: ARITHMETIC.subtract(high.to_integral_value(ROUND_CEILING), Decimal(1)),
        lambda low, high: ARITHMETIC.divide(ARITHMETIC.add(low, high), Decimal(2)),
    ),
    date: A_STEP_OF_A_DAY[:2],
    datetime: A_STEP_OF_A_DAY,
    timedelta: A_STEP_OF_A_DAY,
    time: (
        _middle_time,
        lambda _, high: time(tzinfo=high.tzinfo),
        lambda low, _: time(23, 59, 59, tzinfo=low.tzinfo),
    ),
    YearsMonths: (
        lambda low, _: YearsMonths(low.total + 1),
        lambda _, high: YearsMonths(high.total - 1),
    ),
}

"""What a loop runs through: lists, and ranges of whole numbers or days, up or down."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel.values import Range

LARGEST = Decimal(10) ** 34
"""Beyond it numbers of 34 digits leave some out, so that nothing counts from one to the next."""


def items_of(value: Any) -> Iterable[Any] | None:
    """Return what a loop over the value runs through; None when nothing can be run through."""
    if type(value) is list:
        return value
    if type(value) is not Range:
        return None if value is None else [value]
    if type(value.low) is Decimal and type(value.high) is Decimal:
        return _numbers(value)
    if type(value.low) is date and type(value.high) is date:
        return _days(value)
    return None


def _numbers(bounds: Range) -> Iterator[Decimal] | None:
    low, high = bounds.low, bounds.high
    if not all(end == end.to_integral_value() and abs(end) < LARGEST for end in (low, high)):
        return None
    return (Decimal(number) for number in _whole(bounds, int(low), int(high)))


def _days(bounds: Range) -> Iterator[date]:
    start = bounds.low
    distance = (bounds.high - bounds.low).days
    return (start + timedelta(days=day) for day in _whole(bounds, 0, distance))


def _whole(bounds: Range, low: int, high: int) -> range:
    step = 1 if low <= high else -1
    first = low if bounds.low_included else low + step
    last = high if bounds.high_included else high - step
    return range(first, last + step, step)

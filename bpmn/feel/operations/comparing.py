"""Equality and order. Values of different kinds have neither: the answer is null."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from bpmn.feel.frames import Run
from bpmn.feel.operations.moments import instant, same_kind_of_zone
from bpmn.feel.operations.passing import between_times, position
from bpmn.feel.values import Range, YearsMonths

DIRECT = frozenset({Decimal, str, date, timedelta, YearsMonths})
"""Kinds whose Python order is FEEL's order."""

MOMENTS_A_STEP = 10


def equal(left: Any, right: Any, run: Run) -> bool | None:
    if left is None or right is None:
        return left is right
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in DIRECT or kind is bool:
        return bool(left == right)
    compare = EQUALITIES.get(kind)
    return left is right if compare is None else compare(left, right, run)


def is_equal(left: Any, right: Any, run: Run) -> bool:
    return equal(left, right, run) is True


def _equal_lists(left: list[Any], right: list[Any], run: Run) -> bool:
    run.charge(1 + len(left) // 50)
    return len(left) == len(right) and all(
        is_equal(one, other, run) for one, other in zip(left, right, strict=True)
    )


def _equal_contexts(left: dict[str, Any], right: dict[str, Any], run: Run) -> bool:
    run.charge(1 + len(left) // 50)
    return left.keys() == right.keys() and all(
        is_equal(value, right[key], run) for key, value in left.items()
    )


def _equal_ranges(left: Range, right: Range, run: Run) -> bool:
    return (
        left.low_included == right.low_included
        and left.high_included == right.high_included
        and left.is_point == right.is_point
        and is_equal(left.low, right.low, run)
        and is_equal(left.high, right.high, run)
    )


def _equal_moments(left: Any, right: Any, _run: Run) -> bool:
    return same_kind_of_zone(left, right) and _order_of_moments(left, right) == 0


class Met:
    """Values met so far, told apart as FEEL tells them apart; plain ones are found at once."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._plain: set[Any] = set()
        self._others: list[Any] = []

    def add(self, value: Any) -> bool:
        """Remember a value; False when it was met before."""
        kind = type(value)
        if value is None or kind in DIRECT or kind is bool:
            key = (kind, value)
            new = key not in self._plain
            self._plain.add(key)
            return new
        self._run.charge(1 + len(self._others) // 5)
        if any(is_equal(value, other, self._run) for other in self._others):
            return False
        self._others.append(value)
        return True


EQUALITIES: Mapping[type, Callable[[Any, Any, Run], bool]] = {
    list: _equal_lists,
    dict: _equal_contexts,
    Range: _equal_ranges,
    datetime: _equal_moments,
    time: _equal_moments,
}


def order(left: Any, right: Any) -> int | None:
    """Return -1, 0 or 1 as left is before, at or after right; None when they have no order."""
    kind = type(left)
    if kind is not type(right):
        return None
    if kind in DIRECT:
        return int(left > right) - int(left < right)
    if (kind is datetime or kind is time) and same_kind_of_zone(left, right):
        return _order_of_moments(left, right)
    return None


def sort_keys(items: Sequence[Any], run: Run) -> list[Any] | None:
    """Return for each item what Python orders as FEEL orders the items; None where they have no order."""
    if len({_kind_in_order(item) for item in items}) > 1:
        return None
    kind = type(items[0]) if items else str
    if kind in DIRECT:
        return list(items)
    if kind is not datetime and kind is not time:
        return None
    keys = []
    for number, item in enumerate(items):
        if number % MOMENTS_A_STEP == 0:
            run.charge(1)
        keys.append(instant(item) if kind is datetime else position(item))
    return keys


def _kind_in_order(value: Any) -> tuple[type, bool]:
    kind = type(value)
    return kind, (kind is datetime or kind is time) and value.tzinfo is None


def _order_of_moments(left: Any, right: Any) -> int:
    if isinstance(left, datetime):
        distance = instant(left) - instant(right)
    else:
        distance = between_times(left, right) or timedelta()
    return int(distance > timedelta()) - int(distance < timedelta())


def less(left: Any, right: Any) -> bool | None:
    found = order(left, right)
    return None if found is None else found < 0


def less_or_equal(left: Any, right: Any) -> bool | None:
    found = order(left, right)
    return None if found is None else found <= 0


def greater(left: Any, right: Any) -> bool | None:
    found = order(left, right)
    return None if found is None else found > 0


def greater_or_equal(left: Any, right: Any) -> bool | None:
    found = order(left, right)
    return None if found is None else found >= 0


def within(value: Any, bounds: Range) -> bool | None:
    """Tell whether a value lies in a range."""
    return both(_above(value, bounds), _below(value, bounds))


def _above(value: Any, bounds: Range) -> bool | None:
    if bounds.low is None:
        return True
    return (
        greater_or_equal(value, bounds.low) if bounds.low_included else greater(value, bounds.low)
    )


def _below(value: Any, bounds: Range) -> bool | None:
    if bounds.high is None:
        return True
    return less_or_equal(value, bounds.high) if bounds.high_included else less(value, bounds.high)


def both(one: bool | None, other: bool | None) -> bool | None:  # noqa: FBT001 - values of the language
    """Three-valued and."""
    if one is False or other is False:
        return False
    return True if one is True and other is True else None


def matches(value: Any, test: Any, run: Run) -> bool | None:
    """Tell whether a value passes a test that is itself a value: a range, a list or an equal."""
    if type(test) is Range and type(value) is not Range:
        return within(value, test)
    if type(test) is list and type(value) is not list:
        run.charge(1 + len(test) // 25)
        return any(matches(value, each, run) is True for each in test)
    if type(test) is list and type(value) is list:
        return is_equal(value, test, run) or any(is_equal(value, each, run) for each in test)
    return equal(value, test, run)

"""Order among the items of a list, and figures about lists of numbers."""

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.operations.comparing import sort_keys
from bpmn.feel.operations.computing import add, finite
from bpmn.feel.values import ARITHMETIC, Function, YearsMonths

LIBRARY = Library()


@LIBRARY.function("sort", "list: list, precedes: function")
def sort_by(run: Run, items: list[Any], precedes: Function) -> list[Any] | None:
    """Sort by a function that tells whether its first argument comes before its second."""

    def compare(one: Any, other: Any) -> int:
        run.enter()
        before = precedes.call(run, one, other) is True
        after = not before and precedes.call(run, other, one) is True
        run.leave()
        return int(after) - int(before)

    if not precedes.takes(2):
        return None
    return sorted(items, key=cmp_to_key(compare))


@LIBRARY.function("sort", "list: list")
def sort(run: Run, items: list[Any]) -> list[Any] | None:
    keys = sort_keys(items, run)
    if keys is None:
        return None
    return [items[place] for place in sorted(range(len(items)), key=keys.__getitem__)]


@LIBRARY.function("min", "list: list")
def minimum(run: Run, items: list[Any]) -> Any:
    return _extreme(items, min, run)


@LIBRARY.function("min", "c: any*")
def minimum_argument(run: Run, *items: Any) -> Any:
    return _extreme(items, min, run)


@LIBRARY.function("max", "list: list")
def maximum(run: Run, items: list[Any]) -> Any:
    return _extreme(items, max, run)


@LIBRARY.function("max", "c: any*")
def maximum_argument(run: Run, *items: Any) -> Any:
    return _extreme(items, max, run)


def _extreme(items: Sequence[Any], choose: Callable[..., int], run: Run) -> Any:
    keys = sort_keys(items, run)
    return items[choose(range(len(items)), key=keys.__getitem__)] if keys else None


@LIBRARY.function("sum", "list: list")
def total(run: Run, items: list[Any]) -> Any:
    return _sum(run, items)


@LIBRARY.function("sum", "n: any*")
def total_of_arguments(run: Run, *items: Any) -> Any:
    return _sum(run, items)


def _sum(run: Run, items: Sequence[Any]) -> Any:
    if not items or not _alike(items, (Decimal, timedelta, YearsMonths)):
        return None
    result = items[0]
    for item in items[1:]:
        result = add(result, item, run)
    return result


def _alike(items: Sequence[Any], kinds: Iterable[type]) -> bool:
    return any(all(type(item) is kind for item in items) for kind in kinds)


def _numbers(items: Sequence[Any]) -> bool:
    return bool(items) and _alike(items, (Decimal,))


@LIBRARY.function("mean", "list: list")
def mean(run: Run, items: list[Any]) -> Decimal | None:
    if not _numbers(items):
        return None
    whole = _sum(run, items)
    return None if whole is None else finite(ARITHMETIC.divide(whole, Decimal(len(items))))


@LIBRARY.function("mean", "n: number*")
def mean_of_arguments(run: Run, *items: Any) -> Decimal | None:
    return mean(run, list(items))


@LIBRARY.function("product", "list: list")
def product(_run: Run, items: list[Any]) -> Decimal | None:
    if not _numbers(items):
        return None
    result = Decimal(1)
    for item in items:
        result = ARITHMETIC.multiply(result, item)
    return finite(result)


@LIBRARY.function("product", "n: number*")
def product_of_arguments(run: Run, *items: Any) -> Decimal | None:
    return product(run, list(items))


@LIBRARY.function("median", "list: list")
def median(run: Run, items: list[Any]) -> Decimal | None:
    if not _numbers(items):
        return None
    ordered = sorted(items)
    middle = len(ordered) // 2
    if len(ordered) % 2:
        return Decimal(ordered[middle])
    return mean(run, ordered[middle - 1 : middle + 1])


@LIBRARY.function("median", "n: number*")
def median_of_arguments(run: Run, *items: Any) -> Decimal | None:
    return median(run, list(items))


@LIBRARY.function("stddev", "list: list")
def deviation(run: Run, items: list[Any]) -> Decimal | None:
    """Return the standard deviation of a sample."""
    average = mean(run, items)
    if average is None or len(items) < 2:
        return None
    squares = [ARITHMETIC.power(ARITHMETIC.subtract(item, average), Decimal(2)) for item in items]
    whole = _sum(run, squares)
    if whole is None:
        return None
    return finite(ARITHMETIC.sqrt(ARITHMETIC.divide(whole, Decimal(len(items) - 1))))


@LIBRARY.function("stddev", "n: number*")
def deviation_of_arguments(run: Run, *items: Any) -> Decimal | None:
    return deviation(run, list(items))


@LIBRARY.function("mode", "list: list")
def mode(_run: Run, items: list[Any]) -> list[Decimal] | None:
    """Return the most frequent numbers, in ascending order."""
    if not _alike(items, (Decimal,)):
        return None
    counts: dict[Decimal, int] = {}
    for item in items:
        counts[item] = counts.get(item, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(item for item, count in counts.items() if count == most)


@LIBRARY.function("mode", "n: number*")
def mode_of_arguments(run: Run, *items: Any) -> list[Decimal] | None:
    return mode(run, list(items))

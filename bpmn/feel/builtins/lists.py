"""Functions on lists. Positions are counted from 1, and from -1 backwards."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.operations.comparing import Met, is_equal
from bpmn.feel.operations.computing import whole
from bpmn.feel.values import Function

LIBRARY = Library()


@LIBRARY.function("list contains", "list: list, element: any")
def list_contains(run: Run, items: list[Any], element: Any) -> bool:
    return any(is_equal(item, element, run) for item in items)


@LIBRARY.function("count", "list: list")
def count(_run: Run, items: list[Any]) -> Decimal:
    return Decimal(len(items))


@LIBRARY.function("all", "list: list")
def every(_run: Run, items: list[Any]) -> bool | None:
    return _conclude(items, deciding=False)


@LIBRARY.function("all", "b: any*")
def every_argument(_run: Run, *items: Any) -> bool | None:
    return _conclude(items, deciding=False)


@LIBRARY.function("any", "list: list")
def some(_run: Run, items: list[Any]) -> bool | None:
    return _conclude(items, deciding=True)


@LIBRARY.function("any", "b: any*")
def some_argument(_run: Run, *items: Any) -> bool | None:
    return _conclude(items, deciding=True)


def _conclude(items: Iterable[bool | None], *, deciding: bool) -> bool | None:
    result: bool | None = not deciding
    for item in items:
        if item is deciding:
            return deciding
        if item is not result:
            result = None
    return result


@LIBRARY.function("sublist", "list: list, start position: number, length: number?")
def sublist(
    _run: Run, items: list[Any], start: Decimal, length: Decimal | None = None
) -> list[Any] | None:
    first = whole(start)
    if first == 0 or abs(first) > len(items) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(items) + first
    if length is not None and begin + whole(length) > len(items):
        return None
    return items[begin:] if length is None else items[begin : begin + whole(length)]


@LIBRARY.function("append", "list: list, item: any*")
def append(_run: Run, items: list[Any], *added: Any) -> list[Any]:
    return [*items, *added]


@LIBRARY.function("concatenate", "list: list*")
def concatenate(run: Run, *lists: list[Any]) -> list[Any]:
    run.limits.check_items(sum(map(len, lists)))
    return [item for each in lists for item in each]


@LIBRARY.function("insert before", "list: list, position: number, newItem: any")
def insert_before(_run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], item, *items[index:]]


@LIBRARY.function("remove", "list: list, position: number")
def remove(_run: Run, items: list[Any], position: Decimal) -> list[Any] | None:
    index = _index(items, position)
    return None if index is None else items[:index] + items[index + 1 :]


@LIBRARY.function("list replace", "list: list, position: number, newItem: any")
def replace_at(_run: Run, items: list[Any], position: Decimal, item: Any) -> list[Any] | None:
    index = _index(items, position)
    return None if index is None else [*items[:index], item, *items[index + 1 :]]


@LIBRARY.function("list replace", "list: list, match: function, newItem: any")
def replace_matching(run: Run, items: list[Any], match: Function, item: Any) -> list[Any] | None:
    if not match.takes(2):
        return None
    replaced = []
    for each in items:
        run.enter()
        found = match.call(run, each, item)
        run.leave()
        if type(found) is not bool:
            return None
        replaced.append(item if found else each)
    return replaced


def _index(items: list[Any], position: Decimal) -> int | None:
    if not 1 <= abs(position) <= len(items):
        return None
    return int(position) - 1 if position > 0 else len(items) + int(position)


@LIBRARY.function("reverse", "list: list")
def reverse(_run: Run, items: list[Any]) -> list[Any]:
    return items[::-1]


@LIBRARY.function("index of", "list: list, match: any")
def index_of(run: Run, items: list[Any], match: Any) -> list[Decimal]:
    return [
        Decimal(position) for position, item in enumerate(items, 1) if is_equal(item, match, run)
    ]


@LIBRARY.function("distinct values", "list: list")
def distinct_values(run: Run, items: list[Any]) -> list[Any]:
    run.charge(len(items) // 25)
    met = Met(run)
    return [item for item in items if met.add(item)]


@LIBRARY.function("union", "list: list*")
def union(run: Run, *lists: list[Any]) -> list[Any]:
    return distinct_values(run, concatenate(run, *lists))


@LIBRARY.function("duplicate values", "list: list")
def duplicate_values(run: Run, items: list[Any]) -> list[Any]:
    run.charge(len(items) // 25)
    once, twice = Met(run), Met(run)
    return [item for item in items if not once.add(item) and twice.add(item)]


@LIBRARY.function("flatten", "list: list")
def flatten(run: Run, items: list[Any]) -> list[Any]:
    flat: list[Any] = []
    waiting = [iter(items)]
    while waiting:
        item = next(waiting[-1], waiting)
        if item is waiting:
            waiting.pop()
        elif type(item) is list:
            run.charge(1)
            waiting.append(iter(item))
        else:
            flat.append(item)
            run.limits.check_items(len(flat))
    return flat


@LIBRARY.function("partition", "list: list, size: number")
def partition(_run: Run, items: list[Any], size: Decimal) -> list[Any] | None:
    width = whole(size)
    if width < 1:
        return None
    return [items[start : start + width] for start in range(0, len(items), width)]

"""Values as text, the way `string()` shows them."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any

from bpmn.feel.frames import Run
from bpmn.feel.operations import moments
from bpmn.feel.values import ARITHMETIC, Function, Range, YearsMonths

PIECES_A_STEP = 5


def text_of(value: Any, run: Run) -> str:
    """Write a value; a text stays itself, only inside lists and contexts it is quoted."""
    if type(value) is str:
        return value
    pieces: list[str] = []
    length = 0
    for piece in _pieces(value):
        length += len(piece)
        run.limits.check_text(length)
        pieces.append(piece)
        if len(pieces) % PIECES_A_STEP == 0:
            run.charge(1)
    return "".join(pieces)


def written(value: Any) -> str:
    """Write a value as it stands in a formula, texts in quotes. For values that exist already."""
    return "".join(_pieces(value))


def number_text(number: Decimal) -> str:
    if not number:
        return "0"
    if number == number.to_integral_value():
        return f"{number.to_integral_value():f}"
    return f"{number.normalize(ARITHMETIC):f}"


def _pieces(value: Any) -> Iterator[str]:
    if type(value) is list:
        yield from _list_pieces(value)
    elif type(value) is dict:
        yield from _context_pieces(value)
    elif type(value) is Range:
        yield from _range_pieces(value)
    else:
        yield WRITERS.get(type(value), lambda _: "function")(value)


def _list_pieces(items: list[Any]) -> Iterator[str]:
    yield "["
    for index, item in enumerate(items):
        if index:
            yield ", "
        yield from _pieces(item)
    yield "]"


def _context_pieces(entries: dict[str, Any]) -> Iterator[str]:
    yield "{"
    for index, (key, entry) in enumerate(entries.items()):
        yield f"{', ' if index else ''}{key if key.isidentifier() else quoted(key)}: "
        yield from _pieces(entry)
    yield "}"


def _range_pieces(bounds: Range) -> Iterator[str]:
    yield "[" if bounds.low_included else "("
    yield from () if bounds.low is None else _pieces(bounds.low)
    yield ".."
    yield from () if bounds.high is None else _pieces(bounds.high)
    yield "]" if bounds.high_included else ")"


def quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


WRITERS: Mapping[type, Callable[[Any], str]] = {
    NoneType: lambda _: "null",
    bool: lambda value: "true" if value else "false",
    Decimal: number_text,
    str: quoted,
    date: date.isoformat,
    time: moments.write_time,
    datetime: moments.write_datetime,
    timedelta: moments.write_duration,
    YearsMonths: moments.write_months,
    Function: lambda _: "function",
}

"""FEEL values to JSON and back, every type kept.

Text, booleans, null, lists and short whole numbers are themselves; anything else is an object
with one entry whose key names the type, so what a person typed is never taken for a type.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from types import NoneType
from typing import Any
from zoneinfo import ZoneInfo

from bpmn.errors import Invalid
from bpmn.feel.values import YearsMonths
from bpmn.wording import say

MICROSECOND = timedelta(microseconds=1)
SHORT = 15
"""Whole numbers up to this many digits are exact in every JSON reader."""


class Unstorable(Invalid):
    def __init__(self, kind: str) -> None:
        super().__init__(say("A value of type %(type)s cannot be kept in a process.", type=kind))


def encode(value: Any) -> Any:
    """Make a value that JSON holds; raises `Unstorable` for functions, ranges and strangers."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    writer = _WRITERS.get(kind)
    if writer is None:
        raise Unstorable(kind.__name__)
    return writer(value)


def check_storable(value: Any) -> None:
    """Raise `Unstorable` for what `encode` would refuse."""
    kind = type(value)
    if kind is list:
        for item in value:
            check_storable(item)
    elif kind is dict:
        for item in value.values():
            check_storable(item)
    elif kind not in _PLAIN and kind not in _WRITERS:
        raise Unstorable(kind.__name__)


def decode(value: Any) -> Any:
    kind = type(value)
    if kind is int:
        return Decimal(value)
    if kind is list:
        return [decode(item) for item in value]
    if kind is dict:
        ((tag, content),) = value.items()
        return _READERS[tag](content)
    return value


def encode_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: encode(value) for name, value in values.items()}


def decode_all(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: decode(value) for name, value in values.items()}


def _number(value: Decimal) -> Any:
    text = str(value)
    if len(text) <= SHORT and text.lstrip("-").isdigit() and text != "-0":
        return int(text)
    return {"n": text}


def _moment(value: datetime) -> Any:
    if isinstance(value.tzinfo, ZoneInfo):
        local = value.replace(tzinfo=None, fold=0).isoformat()
        return {"z": [local, value.tzinfo.key, value.fold]}
    return {"t": value.isoformat()}


def _read_zoned(parts: list[Any]) -> datetime:
    local, zone, fold = parts
    return datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone), fold=fold)


def _clock_time(value: time) -> Any:
    if isinstance(value.tzinfo, ZoneInfo):
        return {"k": [value.replace(tzinfo=None).isoformat(), value.tzinfo.key]}
    return {"k": [value.isoformat(), None]}


def _read_clock_time(parts: list[Any]) -> time:
    text, zone = parts
    found = time.fromisoformat(text)
    return found.replace(tzinfo=ZoneInfo(zone)) if zone else found


_PLAIN = frozenset({str, bool, NoneType})

_WRITERS: Mapping[type, Callable[[Any], Any]] = {
    Decimal: _number,
    list: lambda items: [encode(item) for item in items],
    dict: lambda entries: {"c": encode_all(entries)},
    date: lambda value: {"d": value.isoformat()},
    datetime: _moment,
    time: _clock_time,
    timedelta: lambda value: {"s": value // MICROSECOND},
    YearsMonths: lambda value: {"m": value.total},
}

_READERS: Mapping[str, Callable[[Any], Any]] = {
    "n": Decimal,
    "c": decode_all,
    "d": date.fromisoformat,
    "t": datetime.fromisoformat,
    "z": _read_zoned,
    "k": _read_clock_time,
    "s": lambda amount: amount * MICROSECOND,
    "m": YearsMonths,
}

"""What a part of a formula says without being evaluated: literals, and dates written as calls."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from decimal import Decimal
from typing import Any

from bpmn.feel.operations import moments
from bpmn.feel.syntax.nodes import AtLiteral, Call, Literal, Name, Negation, Node

UNKNOWN = object()
"""Not to be told from the text alone."""

READERS: Mapping[str, Callable[[str, tzinfo | None], Any]] = {
    "date": lambda text, _: moments.read_date(text),
    "time": lambda text, _: moments.read_time(text),
    "date and time": moments.read_datetime,
    "duration": lambda text, _: moments.read_duration(text),
}
"""`date("…")` and its like: how they read their text."""


def constant_of(node: Node, local: tzinfo | None) -> Any:
    """Return the value of a literal, a number with its sign, or a moment; else UNKNOWN."""
    match node:
        case Literal():
            return node.value
        case Negation(operand=Literal(value=Decimal() as number)):
            return number.copy_negate()
        case AtLiteral():
            return _or_unknown(moments.read_any(node.text, local))
        case Call(function=Name(name=name), arguments=(Literal(value=str() as text),), names=()):
            read = READERS.get(name)
            return UNKNOWN if read is None else _or_unknown(read(text, local))
    return UNKNOWN


def _or_unknown(value: Any) -> Any:
    return UNKNOWN if value is None else value

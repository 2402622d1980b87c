"""Logic, and turning values into other kinds."""

from datetime import datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.operations.comparing import is_equal
from bpmn.feel.operations.moments import write_time
from bpmn.feel.operations.writing import text_of
from bpmn.feel.values import ARITHMETIC

LIBRARY = Library()
SEPARATORS = frozenset({" ", ",", "."})


@LIBRARY.function("not", "negand: any")
def negated(_run: Run, negand: Any) -> bool | None:
    return not negand if type(negand) is bool else None


@LIBRARY.function("is defined", "value: any")
def is_defined(_run: Run, value: Any) -> bool:
    return value is not None


@LIBRARY.function("is", "value1: any?, value2: any?")
def is_same(run: Run, one: Any = None, other: Any = None) -> bool:
    """Tell whether two values are the same in every respect, for moments the zone included."""
    if not is_equal(one, other, run):
        return False
    if isinstance(one, (datetime, time)):
        return write_time(one) == write_time(other)
    return True


@LIBRARY.function("string", "from: any")
def string(run: Run, value: Any) -> str | None:
    return None if value is None else text_of(value, run)


@LIBRARY.function("number", "from: text")
def number(_run: Run, text: str) -> Decimal | None:
    return _read(text)


@LIBRARY.function("number", "from: text, grouping separator: any, decimal separator: any?")
def number_with_separators(
    _run: Run, text: str, grouping: Any, decimal: Any = None
) -> Decimal | None:
    known = grouping in (None, *SEPARATORS) and decimal in (None, ".", ",")
    if not known:
        return None
    if grouping is not None and grouping == decimal:
        return None
    if grouping is not None:
        text = text.replace(grouping, "")
    if decimal is not None:
        text = text.replace(decimal, ".")
    return _read(text)


def _read(text: str) -> Decimal | None:
    if not text.strip() or not text.isascii() or "_" in text or len(text) > 1_000:
        return None
    try:
        value = ARITHMETIC.create_decimal(text.strip())
    except InvalidOperation:
        return None
    return value if value.is_finite() else None

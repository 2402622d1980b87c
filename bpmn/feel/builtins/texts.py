"""Functions on texts. Characters are counted from 1, and from -1 backwards."""

from decimal import Decimal
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.operations.computing import whole

LIBRARY = Library()


@LIBRARY.function("substring", "string: text, start position: number, length: number?")
def substring(_run: Run, text: str, start: Decimal, length: Decimal | None = None) -> str | None:
    first = whole(start)
    if first == 0 or abs(first) > len(text) or (length is not None and length < 1):
        return None
    begin = first - 1 if first > 0 else len(text) + first
    return text[begin:] if length is None else text[begin : begin + whole(length)]


@LIBRARY.function("string length", "string: text")
def string_length(_run: Run, text: str) -> Decimal:
    return Decimal(len(text))


@LIBRARY.function("upper case", "string: text")
def upper_case(_run: Run, text: str) -> str:
    return text.upper()


@LIBRARY.function("lower case", "string: text")
def lower_case(_run: Run, text: str) -> str:
    return text.lower()


@LIBRARY.function("substring before", "string: text, match: text")
def substring_before(_run: Run, text: str, match: str) -> str:
    return text.partition(match)[0] if match and match in text else ""


@LIBRARY.function("substring after", "string: text, match: text")
def substring_after(_run: Run, text: str, match: str) -> str:
    if not match:
        return text
    return text.partition(match)[2]


@LIBRARY.function("contains", "string: text, match: text")
def contains(_run: Run, text: str, match: str) -> bool:
    return match in text


@LIBRARY.function("starts with", "string: text, match: text")
def starts_with(_run: Run, text: str, match: str) -> bool:
    return text.startswith(match)


@LIBRARY.function("ends with", "string: text, match: text")
def ends_with(_run: Run, text: str, match: str) -> bool:
    return text.endswith(match)


@LIBRARY.function("trim", "string: text")
def trim(_run: Run, text: str) -> str:
    return text.strip()


@LIBRARY.function("string join", "list: list, delimiter: any?")
def string_join(run: Run, parts: list[Any], delimiter: Any = None) -> str | None:
    if delimiter is not None and type(delimiter) is not str:
        return None
    if not all(part is None or type(part) is str for part in parts):
        return None
    present = [part for part in parts if part is not None]
    between = delimiter or ""
    run.limits.check_text(sum(map(len, present)) + len(between) * len(present))
    return between.join(present)


@LIBRARY.function("is blank", "string: text")
def is_blank(_run: Run, text: str) -> bool:
    return not text.strip()

"""What a person sent becomes a typed value, or a sentence that says what to write instead."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any

from bpmn.errors import Invalid
from bpmn.forms.form import UPLOADS, Field, FieldKind, TextType, fields_of
from bpmn.forms.patterns import LinearPattern
from bpmn.host import Host
from bpmn.wording import Sentence, say

MOST_DIGITS = 34
MOST_CHOSEN = 200

Choices = Callable[[str], Mapping[str, str]]
"""Options of a reference list by its name: id → label, only what the person may choose."""


class Unacceptable(Invalid):
    """What was sent is no answer to the question."""


@dataclass(frozen=True)
class Asking:
    """The surroundings in which a form is answered."""

    choices: Choices
    host: Host
    variables: Mapping[str, Any]


def typed(field: Field, raw: Any, asking: Asking) -> Any:
    """Return the value of an answer; None (or an empty list) when nothing was answered."""
    if field.takes_several:
        return _several(field, raw, asking)
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    return _READERS[field.kind](field, raw, asking)


def as_far_as_typed(
    fields: Iterable[Field], raw: Mapping[str, Any], asking: Asking
) -> dict[str, Any]:
    """Type what can be typed, so that conditions see it; a wrong answer counts as none."""
    return {field.key: _lenient(field, raw.get(field.key), asking) for field in fields}


def is_blank(columns: Iterable[Field], row: Mapping[str, Any], asking: Asking) -> bool:
    """Tell whether a row says nothing that it did not begin with; what cannot be read says something."""
    return all(_is_untouched(column, row.get(column.key), asking) for column in columns)


def _is_untouched(column: Field, raw: Any, asking: Asking) -> bool:
    try:
        return says_nothing(column, typed(column, raw, asking))
    except Unacceptable:
        return False


def says_nothing(column: Field, value: Any) -> bool:
    """Tell whether a cell is as it was when its row was added."""
    return is_unanswered(column, value) or value == column.default


def _lenient(field: Field, raw: Any, asking: Asking) -> Any:
    if field.kind is FieldKind.ROWS:
        rows = raw if isinstance(raw, list) else []
        columns = tuple(fields_of(field.components))
        return [as_far_as_typed(columns, row, asking) for row in rows if isinstance(row, Mapping)]
    try:
        return typed(field, raw, asking)
    except Unacceptable:
        return None


def is_unanswered(field: Field, value: Any) -> bool:
    """Tell whether nothing was said: a box must be ticked, a list must hold something."""
    return value is None or value == [] or (field.kind is FieldKind.YES_NO and value is False)


def _text(field: Field, raw: Any, _asking: Asking) -> str:
    if not isinstance(raw, str):
        raise Unacceptable(say("This must be text."))
    text = unicodedata.normalize("NFC", raw.replace("\r\n", "\n").replace("\r", "\n")).strip()
    if field.kind is FieldKind.TEXT and "\n" in text:
        raise Unacceptable(say("This must fit on one line."))
    if any(unicodedata.category(char) in {"Cc", "Cs"} and char not in "\n\t" for char in text):
        raise Unacceptable(say("This text holds invisible control characters."))
    rules = field.rules
    if rules.max_length is not None and len(text) > rules.max_length:
        raise Unacceptable(
            say(
                "This is %(length)s characters long; at most %(most)s are possible.",
                length=len(text),
                most=rules.max_length,
            )
        )
    if rules.min_length is not None and len(text) < rules.min_length:
        raise Unacceptable(
            say("Please write at least %(least)s characters.", least=rules.min_length)
        )
    if rules.pattern and not _pattern(rules.pattern).matches(text):
        raise Unacceptable(said(field))
    if rules.text_type is not None and not _TYPED_TEXTS[rules.text_type].fullmatch(text):
        raise Unacceptable(_said_of_type(field, rules.text_type))
    return text


_TYPED_TEXTS = {
    TextType.EMAIL: re.compile(r"[^\s@<>\"]{1,64}@[^\s@<>\".]+(\.[^\s@<>\".]+)+"),
    TextType.PHONE: re.compile(r"\+?[0-9](?:[ ()/.-]{0,3}[0-9]){4,19}"),
}


def _said_of_type(field: Field, kind: TextType) -> Sentence:
    if field.rules.message:
        return said(field)
    if kind is TextType.EMAIL:
        return say("This must be an e-mail address, such as name@example.org.")
    return say("This must be a telephone number, such as 0221 1234567.")


def said(field: Field) -> Sentence:
    """Return the sentence the form itself has for a wrong answer."""
    if field.rules.message:
        return say("%(message)s", message=field.rules.message)
    return say("This does not have the expected form.")


@lru_cache(maxsize=256)
def _pattern(text: str) -> LinearPattern:
    return LinearPattern(text)


def _number(field: Field, raw: Any, _asking: Asking) -> Decimal:
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal):
        raise Unacceptable(say("This must be a number."))
    text = str(raw).strip()
    if isinstance(raw, str) and _reads_as_thousands(field, text):
        raise Unacceptable(
            say("Please write the number without dots between thousands, such as 1500 or 2,5.")
        )
    number = _decimal(text.replace(",", "."))
    exponent = number.normalize().as_tuple().exponent
    places = -exponent if isinstance(exponent, int) else 0
    if field.rules.decimals is not None and places > field.rules.decimals:
        raise Unacceptable(
            say("At most %(places)s decimal places are possible.", places=field.rules.decimals)
            if field.rules.decimals
            else say("This must be a whole number.")
        )
    return number


def _reads_as_thousands(field: Field, text: str) -> bool:
    """Tell whether dots may part thousands: “1.500” is fifteen hundred to one and 1.5 to another."""
    fine = field.rules.decimals is not None and field.rules.decimals >= _THOUSAND
    return not fine and _THOUSANDS.fullmatch(text) is not None


_THOUSAND = 3
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2}(\.\d{3})+(,\d*)?")


def _decimal(text: str) -> Decimal:
    try:
        number = Decimal(text if len(text) <= MOST_DIGITS and "_" not in text else "NaN")
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > MOST_DIGITS:
        raise Unacceptable(say("This must be a number."))
    return number or Decimal(0)  # there is no -0


def _date(_field: Field, raw: Any, _asking: Asking) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    for form in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return datetime.strptime(str(raw).strip(), form).date()  # noqa: DTZ007 - a date alone
        except ValueError:
            continue
    raise Unacceptable(say("This must be a date, such as 04.05.2027."))


def _time(_field: Field, raw: Any, _asking: Asking) -> time:
    try:
        value = raw if isinstance(raw, time) else _clock_time(str(raw).strip())
    except ValueError:
        raise Unacceptable(say("This must be a time, such as 15:30.")) from None
    return value.replace(microsecond=0, tzinfo=None)


_CLOCK = re.compile(r"(\d{1,2})(?:[:.](\d{2}))?(?:\s*Uhr)?")
_MOMENT = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}),?\s+(\S.*)")
_LENGTH_OF_A_DAY = len("2027-05-04")


def _clock_time(text: str) -> time:
    """Read 15:30, 15.30 Uhr and 15 Uhr as people write them, and ISO times."""
    said = _CLOCK.fullmatch(text)
    return time(int(said[1]), int(said[2] or 0)) if said else time.fromisoformat(text)


_NO_MOMENT = say("This must be a date and a time, such as 04.05.2027 15:30.")


def _moment(text: str) -> datetime:
    """Read 04.05.2027 15:30 and ISO moments; a day alone is none."""
    if said := _MOMENT.fullmatch(text):
        day = date(int(said[3]), int(said[2]), int(said[1]))
        return datetime.combine(day, _clock_time(said[4]))
    if len(text) <= _LENGTH_OF_A_DAY:
        raise ValueError
    return datetime.fromisoformat(text)


def _date_time(_field: Field, raw: Any, asking: Asking) -> datetime:
    try:
        value = raw if isinstance(raw, datetime) else _moment(str(raw).strip())
    except ValueError:
        raise Unacceptable(_NO_MOMENT) from None
    zone = asking.host.zone
    try:
        instant = value.replace(tzinfo=value.tzinfo or zone).astimezone(UTC)
        local = instant.astimezone(zone)
    except OverflowError:
        raise Unacceptable(_NO_MOMENT) from None
    if value.tzinfo is None and local.replace(tzinfo=None) != value:
        raise Unacceptable(say("This time does not exist: the clocks are put forward that night."))
    return local


def _yes_no(_field: Field, raw: Any, _asking: Asking) -> bool:
    if isinstance(raw, bool):
        return raw
    answers = {"on": True, "true": True, "1": True, "off": False, "false": False, "0": False}
    if not isinstance(raw, str) or raw.lower() not in answers:
        raise Unacceptable(say("This must be yes or no."))
    return answers[raw.lower()]


def _choice(field: Field, raw: Any, asking: Asking) -> str | bool | Decimal:
    text = str(raw).lower() if isinstance(raw, bool) else str(raw)
    source = UPLOADS if field.kind is FieldKind.FILES else field.source
    if source is not None:
        if text in asking.choices(source):
            return text
    else:
        for option in field.options:
            if option.text == text:
                return option.value if isinstance(option.value, str | bool) else Decimal(text)
    raise Unacceptable(say("This is not among the options (any more). Please choose again."))


def _several(field: Field, raw: Any, asking: Asking) -> list[Any]:
    answers = raw if isinstance(raw, list | tuple) else [raw]
    answers = [answer for answer in answers if answer is not None and answer != ""]
    if len(answers) > MOST_CHOSEN:
        raise Unacceptable(say("Too many options are chosen."))
    return list(dict.fromkeys(_choice(field, answer, asking) for answer in answers))


_READERS: Mapping[FieldKind, Callable[[Field, Any, Asking], Any]] = {
    FieldKind.TEXT: _text,
    FieldKind.LONG_TEXT: _text,
    FieldKind.NUMBER: _number,
    FieldKind.DATE: _date,
    FieldKind.TIME: _time,
    FieldKind.DATE_TIME: _date_time,
    FieldKind.YES_NO: _yes_no,
    FieldKind.RADIO: _choice,
    FieldKind.SELECT: _choice,
}

"""Rules that the fields of several entrances share, and how marshmallow's messages are told."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, date, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from bpmn.host import BERLIN
from bpmn.wording import Sentence, say
from web import library_words

LONGEST_TEXT = 4_000
LONGEST_LINE = 250
MOST = 2**31 - 1
"""The largest number that a column holds, on every database."""

MISSING = say("Please answer this.").template
ANSWERED: dict[str, Any] = {"required": MISSING, "null": MISSING}
_NO_OPTION = say("Please choose one of the options.").template
_NO_MOMENT = say("This must be a date and a time, such as 04.05.2027 15:30.").template
NO_MONTH = say("This must be a month, such as 2027-01, or a day of it: 2027-01-31.")
"""`MONTH_FORMS`, in words."""
MONTH_FORMS = ("%Y-%m-%d", "%Y-%m")
TOO_LONG = say("This is too long.").template
_NO_NUMBER = say("This must be a whole number from 0 to 2147483647.").template


class LocalMoment(fields.Field[datetime]):
    """An instant; without an offset it is meant in Berlin."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> datetime:
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            raise ValidationError(_NO_MOMENT) from None
        local = moment if moment.tzinfo else moment.replace(tzinfo=BERLIN)
        try:
            return local.astimezone(UTC)
        except OverflowError:  # within a day of the years 1 and 9999
            raise ValidationError(_NO_MOMENT) from None


def read_month(text: str) -> date | None:
    """Read a month, or a day of it, as programs and the command line write them."""
    for form in MONTH_FORMS:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=UTC).date()
    return None


class Month(fields.String):
    """A month, or a day of it."""

    def _deserialize(self, value: Any, *given: Any, **more: Any) -> Any:
        day = read_month(super()._deserialize(value, *given, **more))
        if day is None:
            raise ValidationError(NO_MONTH.template)
        return day


class WholeNumber(fields.Integer):
    """A whole number, written as one: of 1.9 nobody knows which was meant."""

    def _validated(self, value: Any) -> int:
        if isinstance(value, float):
            raise self.make_error("invalid", input=value)
        return super()._validated(value)


def choice(of: Any, **options: Any) -> fields.Enum[Any]:
    messages = {**ANSWERED, "unknown": _NO_OPTION}
    return fields.Enum(of, by_value=True, error_messages=messages, **options)


def text(longest: int, **options: Any) -> fields.String:
    limit = validate.Length(max=longest, error=TOO_LONG)
    return fields.String(validate=limit, error_messages=ANSWERED, **options)


def number(**options: Any) -> WholeNumber:
    """Ask for a number by which something is known here; none is larger than a column."""
    limit = validate.Range(0, MOST, error=_NO_NUMBER)
    messages = {**ANSWERED, "invalid": _NO_NUMBER, "too_large": _NO_NUMBER}
    return WholeNumber(validate=limit, error_messages=messages, **options)


def sentences(messages: Any, field: str = "") -> dict[str, list[Sentence]]:
    """Return marshmallow's messages as sentences of the house, by field: `parties.0.name`."""
    if isinstance(messages, Mapping):
        found: dict[str, list[Sentence]] = {}
        for key, inner in messages.items():
            found.update(sentences(inner, f"{field}.{key}" if field else str(key)))
        return found
    told = messages if isinstance(messages, list) else [messages]
    return {field: [library_words.sentence(str(text)) for text in told]}

"""What an answer must obey, read from `validate` and from our own properties."""

from decimal import Decimal, InvalidOperation
from typing import Any

from bpmn.forms.form import COUNTED_KINDS, FieldKind, Rules, TextType
from bpmn.forms.patterns import LinearPattern, UnfitPattern
from bpmn.forms.settings import Settings
from bpmn.forms.vocabulary import VALIDATIONS
from bpmn.wording import say

LONGEST_LINE = 250
LONGEST_TEXT = 4_000
MOST_DECIMALS = 10

_LONGEST = {FieldKind.TEXT: LONGEST_LINE, FieldKind.LONG_TEXT: LONGEST_TEXT}
_ONLY_REQUIRED = frozenset({"required"})


def rules_of(settings: Settings, properties: Settings, kind: FieldKind) -> Rules:
    known = VALIDATIONS.get(str(settings.raw["type"]), _ONLY_REQUIRED)
    validate = settings.within("validate", known)
    rules = Rules(
        required=validate.flag("required"),
        required_when=properties.formula("required"),
        min_length=validate.whole("minLength", 0, LONGEST_TEXT),
        max_length=validate.whole("maxLength", 1, LONGEST_TEXT) or _LONGEST.get(kind),
        minimum=_bound(validate, properties, "min", kind),
        maximum=_bound(validate, properties, "max", kind),
        decimals=settings.whole("decimalDigits", 0, MOST_DECIMALS),
        increment=_increment(settings),
        not_past=_not_past(settings, kind),
        text_type=_text_type(validate),
        pattern=_pattern(validate),
        check=_check(properties),
        message=properties.words("message") or None,
    )
    _refuse_crossed(settings, rules.min_length, rules.max_length)
    _refuse_crossed(settings, _number(rules.minimum), _number(rules.maximum))
    return rules


def _refuse_crossed(settings: Settings, least: Any, most: Any) -> None:
    """Refuse limits that no answer can keep; those of formulas are known later."""
    if least is not None and most is not None and least > most:
        settings.complain(
            say(
                "“%(component)s”: nothing can be at least %(least)s and at most %(most)s at once.",
                component=settings.id,
                least=least,
                most=most,
            )
        )


def _bound(validate: Settings, properties: Settings, name: str, kind: FieldKind) -> str | None:
    """Accept FEEL, for numbers also a number, for what is counted a whole one."""
    given = [each for each in (validate, properties) if each.raw.get(name) not in (None, "")]
    if not given:
        return None
    if len(given) > 1:
        validate.complain(
            say("“%(component)s” has two limits “%(name)s”.", component=validate.id, name=name)
        )
    text = str(given[0].raw[name])
    if not text.startswith("=") and not _fits(text, kind):
        given[0].complain(
            say(
                "“%(component)s”: the limit “%(value)s” does not fit here. Dates and times need "
                "a formula that starts with “=”, everything else a number.",
                component=validate.id,
                value=text[:80],
            )
        )
    return text


def _fits(text: str, kind: FieldKind) -> bool:
    number = _number(text)
    if number is None:
        return False
    if kind in COUNTED_KINDS:
        return number >= 0 and number == number.to_integral_value()
    return kind is FieldKind.NUMBER


def _number(value: Any) -> Decimal | None:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _increment(settings: Settings) -> Decimal | None:
    value = settings.raw.get("increment")
    if value is None or value == "":
        return None
    number = None if isinstance(value, bool) else _number(value)
    if number is None or number <= 0 or abs(number.adjusted()) > MOST_DECIMALS:
        settings.refuse("increment")
        return None
    return number


def _not_past(settings: Settings, kind: FieldKind) -> bool:
    if settings.flag("disallowPassedDates") and kind is FieldKind.TIME:
        settings.refuse("disallowPassedDates")
    return settings.raw.get("disallowPassedDates") is True


def _text_type(validate: Settings) -> TextType | None:
    value = validate.raw.get("validationType")
    if value is None or value in ("", "custom"):
        return None
    if value not in list(TextType):
        validate.refuse("validationType")
        return None
    return TextType(value)


def _pattern(validate: Settings) -> str | None:
    pattern = validate.raw.get("pattern")
    if not pattern:
        return None
    try:
        LinearPattern(str(pattern))
    except UnfitPattern as error:
        validate.complain(error.sentence)
    return str(pattern)


def _check(properties: Settings) -> str | None:
    check = properties.formula("check")
    if check and not properties.raw.get("message"):
        properties.complain(
            say(
                "“%(component)s”: a check starts with “=” and needs a “message” beside it.",
                component=properties.id,
            )
        )
    return check

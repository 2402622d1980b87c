"""One question of a form, read from its JSON."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from bpmn.forms.form import Component, Field, FieldKind, Layout, Option, Rules
from bpmn.forms.patterns import LinearPattern, UnfitPattern
from bpmn.forms.problems import Problems
from bpmn.wording import say

FIELD_TYPES = frozenset(kind.value for kind in FieldKind) - {"date", "time"}

LONGEST_LINE = 250
LONGEST_TEXT = 4_000
MOST_OPTIONS = 300
MOST_ROWS = 50

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}(\.[A-Za-z][A-Za-z0-9_]{0,60}){0,3}")
_BASE = {
    "id",
    "type",
    "key",
    "path",
    "label",
    "description",
    "layout",
    "conditional",
    "properties",
    "validate",
    "readonly",
    "disabled",
    "defaultValue",
}
_LOOKS = {
    "textfield": set[str](),
    "textarea": set[str](),
    "number": {"decimalDigits", "increment"},
    "datetime": {"subtype", "dateLabel", "timeLabel", "timeInterval", "use24h"},
    "checkbox": set[str](),
    "radio": {"values"},
    "select": {"values", "searchable"},
    "checklist": {"values"},
    "taglist": {"values"},
    "dynamiclist": {"components", "isRepeating", "defaultRepetitions", "showOutline"}
    | {"verticalAlignment", "disableCollapse", "nonCollapsedItems"},
}
_LENGTHS = {"required", "minLength", "maxLength", "pattern"}
_VALIDATIONS = {
    "textfield": _LENGTHS,
    "textarea": _LENGTHS,
    "number": {"required", "min", "max"},
}
_PROPERTIES = {"source", "min", "max", "check", "message"}


def question(
    raw: Mapping[str, Any], prefix: str, problems: Problems, columns: tuple[Component, ...]
) -> Field:
    """Read a field; what is wrong goes to `problems` and the field is then of no use."""
    name, type_ = raw["id"], raw["type"]
    problems.refuse_others(name, "", set(raw), _BASE | _LOOKS[type_])
    properties = _properties(raw, problems)
    return Field(
        id=name,
        key=_key(raw, prefix, problems),
        kind=_kind(raw, problems),
        label=str(raw.get("label") or ""),
        description=str(raw.get("description") or ""),
        rules=_rules(raw, properties, problems),
        options=_options(raw, properties, problems),
        source=properties.get("source"),
        default=raw.get("defaultValue"),
        readonly=_is_readonly(raw, problems),
        hide=condition_of(raw, problems),
        layout=layout_of(raw),
        components=columns,
        properties=properties,
    )


def _properties(raw: Mapping[str, Any], problems: Problems) -> Mapping[str, str]:
    properties = _mapping(raw, "properties", problems)
    problems.refuse_others(raw["id"], "properties.", set(properties), _PROPERTIES)
    return {key: str(value) for key, value in properties.items() if value is not None}


def condition_of(raw: Mapping[str, Any], problems: Problems) -> str | None:
    """Return the FEEL text ("=…") that hides a component."""
    condition = _mapping(raw, "conditional", problems)
    problems.refuse_others(raw["id"], "conditional.", set(condition), {"hide"})
    hide = condition.get("hide")
    if hide and not str(hide).startswith("="):
        problems.add(
            raw["id"],
            say("“%(component)s”: the condition must start with “=”.", component=raw["id"]),
        )
    return str(hide) if hide else None


def layout_of(raw: Mapping[str, Any]) -> Layout:
    layout = raw.get("layout")
    if not isinstance(layout, dict):
        return Layout()
    columns = layout.get("columns")
    fits = isinstance(columns, int) and 1 <= columns <= 16
    return Layout(row=layout.get("row"), columns=columns if fits else None)


def _mapping(raw: Mapping[str, Any], name: str, problems: Problems) -> Mapping[str, Any]:
    value = raw.get(name)
    if value is None or isinstance(value, dict):
        return value or {}
    problems.add(
        raw["id"], say("“%(component)s”: “%(name)s” is wrong.", component=raw["id"], name=name)
    )
    return {}


def _key(raw: Mapping[str, Any], prefix: str, problems: Problems) -> str:
    key = prefix + str(raw.get("path" if raw["type"] == "dynamiclist" else "key") or "")
    if not _KEY.fullmatch(key):
        problems.add(
            raw["id"],
            say(
                "“%(component)s”: the key “%(key)s” must be made of letters, digits and “_”.",
                component=raw.get("label") or raw["id"],
                key=key,
            ),
        )
    return key


def _kind(raw: Mapping[str, Any], problems: Problems) -> FieldKind:
    if raw["type"] != "datetime":
        return FieldKind(raw["type"])
    subtype = raw.get("subtype", "date")
    if subtype in ("date", "time", "datetime"):
        return FieldKind(subtype)
    problems.add(raw["id"], say("“%(component)s” is neither date nor time.", component=raw["id"]))
    return FieldKind.DATE


def _is_readonly(raw: Mapping[str, Any], problems: Problems) -> bool:
    if isinstance(raw.get("readonly"), str):
        problems.add(
            raw["id"],
            say("“%(component)s”: read-only is yes or no, not an expression.", component=raw["id"]),
        )
    return bool(raw.get("readonly") or raw.get("disabled"))


def _rules(raw: Mapping[str, Any], properties: Mapping[str, Any], problems: Problems) -> Rules:
    validate = _mapping(raw, "validate", problems)
    known = _VALIDATIONS.get(raw["type"], {"required"})
    problems.refuse_others(raw["id"], "validate.", set(validate), known)
    longest = {"textfield": LONGEST_LINE, "textarea": LONGEST_TEXT}.get(raw["type"])
    return Rules(
        required=validate.get("required") is True,
        min_length=_count(raw, validate.get("minLength"), problems),
        max_length=_count(raw, validate.get("maxLength"), problems) or longest,
        minimum=_bound(raw, validate.get("min", properties.get("min")), problems),
        maximum=_bound(raw, validate.get("max", properties.get("max")), problems),
        decimals=_count(raw, raw.get("decimalDigits"), problems),
        pattern=_pattern(raw, validate.get("pattern"), problems),
        check=_check(raw, properties, problems),
        message=properties.get("message"),
    )


def _count(raw: Mapping[str, Any], value: Any, problems: Problems) -> int | None:
    if value is None or (type(value) is int and 0 <= value <= LONGEST_TEXT):
        return value
    problems.add(
        raw["id"],
        say(
            "“%(component)s”: %(value)s is no length from 0 to 4000.",
            component=raw["id"],
            value=str(value),
        ),
    )
    return None


def _bound(raw: Mapping[str, Any], value: Any, problems: Problems) -> str | None:
    """Accept a number or FEEL text; dates have no literal and are written as FEEL."""
    if value is None or value == "":
        return None
    text = str(value)
    if text.startswith("="):
        return text
    if not _is_number(text):
        problems.add(
            raw["id"],
            say(
                "“%(component)s”: the limit “%(value)s” must be a number or start with “=”.",
                component=raw["id"],
                value=text,
            ),
        )
    return text


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _check(raw: Mapping[str, Any], properties: Mapping[str, Any], problems: Problems) -> str | None:
    check = properties.get("check")
    if not check:
        return None
    if not str(check).startswith("=") or not properties.get("message"):
        problems.add(
            raw["id"],
            say(
                "“%(component)s”: a check starts with “=” and needs a “message” beside it.",
                component=raw["id"],
            ),
        )
    return str(check)


def _pattern(raw: Mapping[str, Any], pattern: Any, problems: Problems) -> str | None:
    if not pattern:
        return None
    try:
        LinearPattern(str(pattern))
    except UnfitPattern as error:
        problems.add(raw["id"], error.sentence)
    return str(pattern)


def _options(
    raw: Mapping[str, Any], properties: Mapping[str, Any], problems: Problems
) -> tuple[Option, ...]:
    if "values" not in _LOOKS[raw["type"]]:
        return ()
    values = raw.get("values")
    source = properties.get("source")
    if source and not values:
        return ()
    if source or not _are_options(values):
        problems.add(
            raw["id"],
            say(
                "“%(component)s” needs either a list of options or a “source”, and no option twice.",
                component=raw.get("label") or raw["id"],
            ),
        )
        return ()
    return tuple(Option(option["value"], str(option["label"])) for option in values or ())


def _are_options(values: Any) -> bool:
    if not isinstance(values, list) or not 0 < len(values) <= MOST_OPTIONS:
        return False
    if not all(
        isinstance(option, dict)
        and set(option) == {"label", "value"}
        and isinstance(option["value"], str | bool | int)
        for option in values
    ):
        return False
    texts = [Option(option["value"], "").text for option in values]
    return len(set(texts)) == len(texts) and "" not in texts

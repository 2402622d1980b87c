"""One question of a form, read from its JSON."""

import re
from collections.abc import Mapping
from typing import Any

from bpmn.feel.syntax.lexer import KEYWORDS
from bpmn.forms.constraints import rules_of
from bpmn.forms.defaults import typed_default
from bpmn.forms.form import Component, Field, FieldKind, Option
from bpmn.forms.looks import looks_of
from bpmn.forms.settings import Settings
from bpmn.forms.vocabulary import PLAIN_PROPERTIES, PROPERTIES, SETTINGS
from bpmn.wording import say

MOST_OPTIONS = 300

_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,60}(\.[A-Za-z][A-Za-z0-9_]{0,60}){0,3}")


def question(settings: Settings, prefix: str, columns: tuple[Component, ...]) -> Field:
    """Read a field; what is wrong is noted and the field is then of no use."""
    raw = settings.raw
    properties = _properties(settings)
    kind = _kind(settings)
    field = Field(
        id=settings.id,
        key=_key(settings, prefix),
        kind=kind,
        label=_label(settings),
        description=settings.words("description"),
        rules=rules_of(settings, properties, kind),
        options=_options(settings, properties),
        source=properties.words("source") or None,
        readonly=settings.flag("disabled") or raw.get("readonly") is True,
        readonly_when=_readonly_when(settings),
        hide=settings.hide(),
        looks=looks_of(settings, kind),
        layout=settings.layout(),
        components=columns,
        properties={name: str(value) for name, value in properties.raw.items()},
    )
    return typed_default(field, settings)


def _properties(settings: Settings) -> Settings:
    known = PROPERTIES.get(str(settings.raw["type"]), PLAIN_PROPERTIES)
    properties = settings.within("properties", known)
    wrong = [
        name
        for name, value in properties.raw.items()
        if not isinstance(value, str | int) or isinstance(value, bool)
    ]
    for name in wrong:
        properties.refuse(name)
    sound = {name: value for name, value in properties.raw.items() if name not in wrong}
    return Settings(sound, settings.problems, settings.id, properties.place)


def _kind(settings: Settings) -> FieldKind:
    if settings.raw["type"] != "datetime":
        return FieldKind(settings.raw["type"])
    subtype = settings.raw.get("subtype", "date")
    if subtype in ("date", "time", "datetime"):
        return FieldKind(subtype)
    settings.complain(say("“%(component)s” is neither date nor time.", component=settings.id))
    return FieldKind.DATE


def _key(settings: Settings, prefix: str) -> str:
    raw = settings.raw
    key = prefix + str(raw.get("path" if raw["type"] == "dynamiclist" else "key") or "")
    if not _KEY.fullmatch(key) or not KEYWORDS.isdisjoint(key.split(".")):
        settings.complain(
            say(
                "“%(component)s”: the key “%(key)s” must be made of letters, digits and “_”, a letter "
                "first, and be no word of the formula language such as “if” or “true”.",
                component=raw.get("label") or settings.id,
                key=key,
            )
        )
    return key


def _label(settings: Settings) -> str:
    label = settings.words("label")
    if not label and not settings.raw.get("label"):
        settings.complain(
            say(
                "“%(component)s” has no label: nobody would know what to answer.",
                component=settings.id,
            )
        )
    return label


def _readonly_when(settings: Settings) -> str | None:
    value = settings.raw.get("readonly")
    return None if value is None or isinstance(value, bool) else settings.formula("readonly")


def _options(settings: Settings, properties: Settings) -> tuple[Option, ...]:
    if "values" not in SETTINGS[settings.raw["type"]]:
        return ()
    values = settings.raw.get("values")
    source = properties.raw.get("source")
    if source and not values:
        return ()
    if source or not _are_options(values):
        settings.complain(
            say(
                "“%(component)s” needs either a list of options or a “source”, and no option twice.",
                component=settings.raw.get("label") or settings.id,
            )
        )
        return ()
    return tuple(Option(option["value"], str(option["label"])) for option in values or ())


def _are_options(values: Any) -> bool:
    if not isinstance(values, list) or not 0 < len(values) <= MOST_OPTIONS:
        return False
    if not all(_is_option(option) for option in values):
        return False
    texts = [Option(option["value"], "").text for option in values]
    return len(set(texts)) == len(texts) and "" not in texts


def _is_option(option: Any) -> bool:
    return (
        isinstance(option, Mapping)
        and set(option) == {"label", "value"}
        and isinstance(option["value"], str | bool | int)
        and isinstance(option["label"], str | int)
        and bool(str(option["label"]).strip())
    )

"""Form-js JSON becomes a form. What would not be shown or checked is refused by name."""

from codecs import BOM_UTF8
from collections.abc import Mapping
from typing import Any

import orjson

from bpmn.forms.form import Component, FieldKind, Form, Group, Prose, fields_of
from bpmn.forms.grid import COLUMNS, rows_of, width_of
from bpmn.forms.looks import aligned
from bpmn.forms.problems import Problem, Problems, UnreadableForm
from bpmn.forms.prose import UnsafeProse, html_of_markdown, safe_html
from bpmn.forms.questions import question
from bpmn.forms.settings import Settings
from bpmn.forms.vocabulary import FIELD_TYPES, FORM, REASONS, SETTINGS
from bpmn.wording import Sentence, say

MOST_BYTES = 2_000_000
MOST_COMPONENTS = 200
DEEPEST = 6


def read_form(content: bytes) -> Form:
    """Read a `*.form` file; raises `UnreadableForm` with everything that is wrong with it."""
    document = _document(content)
    reader = _Reader()
    reader.problems.refuse_others(str(document["id"]), "", set(document), set(FORM))
    components = reader.tree(document.get("components"), prefix="", depth=1)
    if reader.problems.found:
        raise UnreadableForm(reader.problems.found)
    return Form(
        id=document["id"], title=document.get("title") or document["id"], components=components
    )


def _document(content: bytes) -> Mapping[str, Any]:
    if len(content) > MOST_BYTES:
        raise _unreadable(say("The form is larger than 2 MB."))
    if not content.strip():
        raise _unreadable(say("The file is empty."))
    try:
        document = orjson.loads(content.removeprefix(BOM_UTF8))
    except orjson.JSONDecodeError as error:
        raise _unreadable(
            say("The form is not valid JSON (line %(line)s).", line=error.lineno)
        ) from None
    if not isinstance(document, dict) or document.get("type") != "default":
        raise _unreadable(say("The file is no form: it needs “type”: “default”."))
    if not isinstance(document.get("id"), str) or not document["id"]:
        raise _unreadable(say("The form has no id."))
    if not isinstance(document.get("title", ""), str):
        raise _unreadable(say("The title of the form must be text."))
    return document


def _unreadable(sentence: Sentence) -> UnreadableForm:
    return UnreadableForm([Problem(None, sentence)])


class _Reader:
    def __init__(self) -> None:
        self.problems = Problems()
        self.ids: set[str] = set()
        self.keys: set[str] = set()

    def tree(self, raw: Any, prefix: str, depth: int) -> tuple[Component, ...]:
        if not isinstance(raw, list):
            self.problems.add(None, say("The form has no list of components."))
            return ()
        if depth > DEEPEST:
            self.problems.add(None, say("The form nests its groups too deeply."))
            return ()
        read = (self._component(component, prefix, depth) for component in raw)
        components = tuple(component for component in read if component is not None)
        self._refuse_wide_rows(components)
        return components

    def _component(self, raw: Any, prefix: str, depth: int) -> Component | None:
        name = raw.get("id") if isinstance(raw, dict) else None
        if not isinstance(name, str) or not name or not self._is_new(name):
            self.problems.add(None, say("A component has no id, or one used twice."))
            return None
        if len(self.ids) > MOST_COMPONENTS:
            self.problems.add(None, say("The form has more than 200 components."))
            return None
        kind = raw.get("type")
        if not isinstance(kind, str) or kind not in SETTINGS:
            self._refuse_kind(raw, str(kind))
            return None
        self.problems.refuse_others(name, "", set(raw), set(SETTINGS[kind]))
        known = {key: value for key, value in raw.items() if key in SETTINGS[kind]}
        settings = Settings(known, self.problems, name)
        if kind in FIELD_TYPES:
            return self._question(settings, prefix, depth)
        return self._group(settings, prefix, depth) if kind == "group" else self._prose(settings)

    def _refuse_kind(self, raw: Mapping[str, Any], kind: str) -> None:
        self.problems.add(
            raw["id"],
            say(
                "“%(component)s” is a “%(kind)s”; forms do not support that. %(reason)s",
                component=str(raw.get("label") or raw["id"]),
                kind=kind,
                reason=REASONS.get(kind, say("Please remove it.")),
            ),
        )

    def _is_new(self, name: str) -> bool:
        known = name in self.ids
        self.ids.add(name)
        return not known

    def _prose(self, settings: Settings) -> Prose:
        return Prose(
            id=settings.id,
            type=settings.raw["type"],
            html=self._html(settings),
            height=settings.whole("height", 1, 1000) or 0,
            hide=settings.hide(),
            layout=settings.layout(),
        )

    def _html(self, settings: Settings) -> str:
        raw = settings.raw
        name = "content" if raw["type"] == "html" else "text"
        text = raw.get(name) or ""
        if not isinstance(text, str):
            settings.refuse(name)
            return ""
        try:
            return safe_html(text) if name == "content" else html_of_markdown(text)
        except UnsafeProse as error:
            settings.complain(error.sentence)
            return ""

    def _group(self, settings: Settings, prefix: str, depth: int) -> Group:
        raw = settings.raw
        path = str(raw.get("path") or "")
        inside = f"{prefix}{path}." if path else prefix
        return Group(
            id=settings.id,
            label=settings.words("label"),
            components=self.tree(raw.get("components"), inside, depth + 1),
            outlined=settings.flag("showOutline"),
            aligned=aligned(settings),
            hide=settings.hide(),
            layout=settings.layout(),
        )

    def _question(self, settings: Settings, prefix: str, depth: int) -> Component:
        field = question(settings, prefix, self._columns(settings, depth))
        if field.key in self.keys:
            settings.complain(say("The key “%(key)s” is used by two fields.", key=field.key))
        if inner := [key for key in self.keys if _is_inside(key, field.key)]:
            settings.complain(
                say(
                    "“%(key)s” cannot be a field and the beginning of “%(inner)s” at once.",
                    key=min(field.key, inner[0], key=len),
                    inner=max(field.key, inner[0], key=len),
                )
            )
        self.keys.add(field.key)
        return field

    def _columns(self, settings: Settings, depth: int) -> tuple[Component, ...]:
        if settings.raw["type"] != "dynamiclist":
            return ()
        outside, self.keys = self.keys, set()
        columns = self.tree(settings.raw.get("components"), prefix="", depth=depth + 1)
        self.keys = outside
        for column in fields_of(columns):
            if column.kind in (FieldKind.ROWS, FieldKind.FILES):
                settings.complain(
                    say(
                        "“%(component)s” stands in a list of rows, which holds neither lists nor files.",
                        component=column.label or column.id,
                    )
                )
        return columns

    def _refuse_wide_rows(self, components: tuple[Component, ...]) -> None:
        for row in rows_of(components):
            if width_of(row) > COLUMNS:
                self.problems.add(
                    row[0].id,
                    say(
                        "The row that begins with “%(component)s” is wider than 16 columns.",
                        component=row[0].id,
                    ),
                )


def _is_inside(key: str, other: str) -> bool:
    return key.startswith(f"{other}.") or other.startswith(f"{key}.")

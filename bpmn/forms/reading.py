"""Form-js JSON becomes a form. What would not be shown or checked is refused by name."""

from collections.abc import Mapping
from typing import Any

import orjson

from bpmn.forms.form import Component, Form, Group, Prose
from bpmn.forms.problems import Problem, Problems, UnreadableForm
from bpmn.forms.prose import UnsafeProse, html_of_markdown, safe_html
from bpmn.forms.questions import FIELD_TYPES, condition_of, layout_of, question
from bpmn.wording import Sentence, say

MOST_BYTES = 2_000_000
MOST_COMPONENTS = 200
DEEPEST = 6

_FORM_SETTINGS = {
    "type",
    "id",
    "title",
    "components",
    "schemaVersion",
    "exporter",
    "executionPlatform",
    "executionPlatformVersion",
}
_PROSE_SETTINGS = {"id", "type", "label", "text", "content", "height", "layout", "conditional"}
_GROUP_SETTINGS = {
    "id",
    "type",
    "label",
    "path",
    "showOutline",
    "verticalAlignment",
    "components",
    "layout",
    "conditional",
}


def read_form(content: bytes) -> Form:
    """Read a `*.form` file; raises `UnreadableForm` with everything that is wrong with it."""
    document = _document(content)
    reader = _Reader()
    reader.problems.refuse_others(str(document["id"]), "", set(document), _FORM_SETTINGS)
    components = reader.tree(document.get("components"), prefix="", depth=1)
    if reader.problems.found:
        raise UnreadableForm(reader.problems.found)
    return Form(
        id=document["id"], title=str(document.get("title") or document["id"]), components=components
    )


def _document(content: bytes) -> Mapping[str, Any]:
    if len(content) > MOST_BYTES:
        raise _unreadable(say("The form is larger than 2 MB."))
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise _unreadable(
            say("The form is not valid JSON (line %(line)s).", line=error.lineno)
        ) from None
    if not isinstance(document, dict) or document.get("type") != "default":
        raise _unreadable(say("The file is no form: it needs “type”: “default”."))
    if not isinstance(document.get("id"), str) or not document["id"]:
        raise _unreadable(say("The form has no id."))
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
        return tuple(component for component in read if component is not None)

    def _component(self, raw: Any, prefix: str, depth: int) -> Component | None:
        name = raw.get("id") if isinstance(raw, dict) else None
        if not isinstance(name, str) or not self._is_new(name):
            self.problems.add(None, say("A component has no id, or one used twice."))
            return None
        if len(self.ids) > MOST_COMPONENTS:
            self.problems.add(None, say("The form has more than 200 components."))
            return None
        match raw.get("type"):
            case "text" | "html" | "separator" | "spacer":
                return self._prose(raw)
            case "group":
                return self._group(raw, prefix, depth)
            case str() as kind if kind in FIELD_TYPES:
                return self._question(raw, prefix, depth)
            case kind:
                self.problems.add(
                    name,
                    say(
                        "“%(component)s” is a “%(kind)s”; forms do not support that.",
                        component=raw.get("label") or name,
                        kind=str(kind),
                    ),
                )
                return None

    def _is_new(self, name: str) -> bool:
        known = name in self.ids
        self.ids.add(name)
        return not known

    def _prose(self, raw: Mapping[str, Any]) -> Prose:
        self.problems.refuse_others(raw["id"], "", set(raw), _PROSE_SETTINGS)
        return Prose(
            id=raw["id"],
            type=raw["type"],
            html=self._html(raw),
            hide=condition_of(raw, self.problems),
            layout=layout_of(raw),
        )

    def _html(self, raw: Mapping[str, Any]) -> str:
        text = str(raw.get("text") or raw.get("content") or "")
        try:
            return safe_html(text) if raw["type"] == "html" else html_of_markdown(text)
        except UnsafeProse as error:
            self.problems.add(raw["id"], error.sentence)
            return ""

    def _group(self, raw: Mapping[str, Any], prefix: str, depth: int) -> Group:
        self.problems.refuse_others(raw["id"], "", set(raw), _GROUP_SETTINGS)
        path = str(raw.get("path") or "")
        inside = f"{prefix}{path}." if path else prefix
        return Group(
            id=raw["id"],
            label=str(raw.get("label") or ""),
            components=self.tree(raw.get("components"), inside, depth + 1),
            outlined=bool(raw.get("showOutline")),
            hide=condition_of(raw, self.problems),
            layout=layout_of(raw),
        )

    def _question(self, raw: Mapping[str, Any], prefix: str, depth: int) -> Component | None:
        field = question(raw, prefix, self.problems, self._columns(raw, depth))
        if field.key in self.keys:
            self.problems.add(
                field.id, say("The key “%(key)s” is used by two fields.", key=field.key)
            )
        if inner := [key for key in self.keys if _is_inside(key, field.key)]:
            self.problems.add(
                field.id,
                say(
                    "“%(key)s” cannot be a field and the beginning of “%(inner)s” at once.",
                    key=min(field.key, inner[0], key=len),
                    inner=max(field.key, inner[0], key=len),
                ),
            )
        self.keys.add(field.key)
        return field

    def _columns(self, raw: Mapping[str, Any], depth: int) -> tuple[Component, ...]:
        if raw["type"] != "dynamiclist":
            return ()
        outside, self.keys = self.keys, set()
        columns = self.tree(raw.get("components"), prefix="", depth=depth + 1)
        self.keys = outside
        return columns


def _is_inside(key: str, other: str) -> bool:
    return key.startswith(f"{other}.") or other.startswith(f"{key}.")

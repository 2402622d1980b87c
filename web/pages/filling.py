"""How the form of a task is filled: as stored, or as just sent and not accepted."""

from collections.abc import Iterator, Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from bpmn.errors import Invalid
from bpmn.forms import Component, Field, Form, Group
from bpmn.forms.gathering import raw_answers
from web.pages.questions import Filling
from workflows.inbox import OpenTask

_OWN = frozenset({"csrf_token", "back"})


def of_stored(opened: OpenTask) -> Filling:
    """Return a draft before the case file before process variables, as the inbox found it."""
    conditions = opened.conditions(opened.values)
    return Filling(opened.values, choices=opened.choices, conditions=conditions)


def of_sent(opened: OpenTask, sent: MultiDict[str, str], refusal: Invalid | None = None) -> Filling:
    """Return the very texts a person typed, with what is wrong about them."""
    if opened.form is None:
        return Filling()
    answers = raw_answers(opened.form.fields(), sent)
    extra: dict[str, int] = {}
    if "_add" in sent:
        extra[sent["_add"]] = 1
    if "_remove" in sent:
        _drop_row(answers, sent["_remove"])
    errors = refusal.fields if refusal else {}
    return Filling(answers, errors, opened.choices, opened.conditions(answers), extra)


def asks_more(opened: OpenTask, sent: MultiDict[str, str]) -> bool:
    """Whether the answers bring up questions that were not on the page that sent them."""
    if opened.form is None or "_shown" not in sent:
        return False
    hidden = opened.conditions(raw_answers(opened.form.fields(), sent)).hidden
    shown = set(sent["_shown"].split())
    return any(field.id not in hidden | shown for field in opened.form.fields())


def answers_sent(sent: MultiDict[str, str]) -> Mapping[str, Any]:
    """Return what was typed, without the page's own fields."""
    return MultiDict(
        (key, text)
        for key, text in sent.items(multi=True)
        if key not in _OWN and not key.startswith("_")
    )


def has_conditions(form: Form | None) -> bool:
    return form is not None and any(part.hide for part in _all(form.components))


def _all(components: tuple[Component, ...]) -> Iterator[Component]:
    for component in components:
        yield component
        if isinstance(component, Field | Group):
            yield from _all(component.components)


def _drop_row(answers: dict[str, Any], place: str) -> None:
    key, _dot, number = place.rpartition(".")
    rows = answers.get(key)
    if isinstance(rows, list) and number.isdecimal() and int(number) < len(rows):
        answers[key] = rows[: int(number)] + rows[int(number) + 1 :]

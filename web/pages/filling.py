"""How the form of a task is filled: as stored, or as just sent and not accepted."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from werkzeug.datastructures import MultiDict

from bpmn.errors import Invalid
from bpmn.forms import (
    Conditions,
    Field,
    FieldKind,
    Form,
    asks_more,
    begin_lists,
    new_row,
    shown_names,
)
from bpmn.forms.form import fields_of
from bpmn.forms.gathering import raw_answers
from bpmn.wording import Sentence
from web.pages.questions import Filling, as_text, questions, state_of
from workflows.inbox import SentPage

_WAS = "_was."
"""Inputs with this prefix carry what was typed into a question that is not on the page now."""


class Asked(Protocol):
    """A form that somebody fills in: of a task, or on trial."""

    @property
    def form(self) -> Form | None: ...

    @property
    def values(self) -> Mapping[str, Any]: ...

    @property
    def choices(self) -> Mapping[str, Mapping[str, str]]: ...

    @property
    def conditions(self) -> Callable[[Mapping[str, Any]], Conditions]: ...


Errors = Mapping[str, Sequence[Sentence]]


def of_stored(opened: Asked) -> Filling:
    """Return a draft before the case file before process variables, as the inbox found it."""
    return _filling(opened, dict(opened.values), {})


def of_sent(opened: Asked, sent: MultiDict[str, str], refusal: Invalid | None = None) -> Filling:
    """Return the very texts a person typed, with what is wrong about them."""
    if opened.form is None:
        return Filling()
    answers = raw_answers(opened.form.fields(), came_back(sent))
    if "_remove" in sent:
        _drop_row(answers, sent["_remove"])
    _add_row(opened.form, answers, sent.get("_add", ""))
    return _filling(opened, answers, refusal.fields if refusal else {})


def page_of(opened: Asked, filled: Filling, again: str) -> dict[str, Any]:
    """Return what `_questions.html` needs; `again` is where the page asks for the questions anew."""
    parts = questions(opened.form, filled) if opened.form else ()
    return {
        "opened": opened,
        "questions": parts,
        "shown": " ".join(_shown(opened.form, filled)),
        "state": state_of(parts),
        "carried": filled.carried,
        "again": again,
    }


def _shown(form: Form | None, filled: Filling) -> Iterator[str]:
    return shown_names(form.components if form else (), filled.answers, filled.conditions)


def changes_rows(sent: MultiDict[str, str]) -> bool:
    """Whether a button beside a row was pressed: nothing is sent yet."""
    return "_add" in sent or "_remove" in sent


def _filling(opened: Asked, answers: dict[str, Any], errors: Errors) -> Filling:
    form = opened.form
    if form is None:
        return Filling()
    begin_lists(form, answers)
    conditions = opened.conditions(answers)
    absent = conditions.hidden | conditions.locked
    carried = tuple(
        entry
        for asked in form.fields()
        if asked.id in absent and not asked.readonly
        for entry in _entries(asked, _WAS + asked.key, answers.get(asked.key))
    )
    known = {
        asked.key: opened.values.get(asked.key)
        for asked in form.fields()
        if asked.id in conditions.locked
    }
    return Filling(answers | known, errors, opened.choices, conditions, carried)


def came_back(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was sent, with what the page carried for questions that it did not show."""
    told = MultiDict((key, text) for key, text in sent.items(multi=True) if not _is_carried(key))
    for key, text in sent.items(multi=True):
        if _is_carried(key) and key.removeprefix(_WAS) not in sent:
            told.add(key.removeprefix(_WAS), text)
    return told


def _is_carried(key: str) -> bool:
    return key.startswith(_WAS)


def brings_up_more(opened: Asked, sent: MultiDict[str, str]) -> bool:
    """Whether the answers bring up questions that were not on the page that sent them."""
    form, shown = opened.form, shown_before(sent)
    if form is None or shown is None:
        return False
    raw = raw_answers(form.fields(), came_back(sent))
    return asks_more(form, raw, opened.conditions, shown)


def shown_before(sent: MultiDict[str, str]) -> frozenset[str] | None:
    """Return the questions that were on the page that was sent, if it says so."""
    return frozenset(sent["_shown"].split()) if "_shown" in sent else None


def page_sent(sent: MultiDict[str, str]) -> Mapping[str, Any] | SentPage:
    """Return what was typed, with the questions that were on the page, if it says which."""
    answers, shown = answers_sent(sent), shown_before(sent)
    return answers if shown is None else SentPage(answers, shown)


def answers_sent(sent: MultiDict[str, str]) -> MultiDict[str, str]:
    """Return what was typed, without the page's own fields: no key of a form begins with “_”."""
    return MultiDict(
        (key, text) for key, text in came_back(sent).items(multi=True) if not key.startswith("_")
    )


def has_conditions(form: Form | None) -> bool:
    """Whether the questions depend on the answers."""
    decide = {"hide", "readonly", "required"}
    return form is not None and any(formula.place in decide for formula in form.formulas())


def takes_files(form: Form | None) -> bool:
    return form is not None and any(asked.kind is FieldKind.FILES for asked in form.fields())


def _add_row(form: Form, answers: dict[str, Any], key: str) -> None:
    asked = form.field(key)
    if asked is not None and asked.kind is FieldKind.ROWS:
        answers[key] = [*(answers.get(key) or ()), new_row(asked)]


def _drop_row(answers: dict[str, Any], place: str) -> None:
    key, _dot, number = place.rpartition(".")
    rows = answers.get(key)
    if isinstance(rows, list):
        answers[key] = [row for at, row in enumerate(rows) if str(at) != number]


def _entries(asked: Field, name: str, answer: Any) -> Iterator[tuple[str, str]]:
    """Write an answer as the inputs of a page would send it."""
    if asked.kind is FieldKind.ROWS:
        for number, row in enumerate(answer or ()):
            for column in fields_of(asked.components):
                place = f"{name}.{number}.{column.key}"
                yield from _entries(column, place, row.get(column.key))
    elif isinstance(answer, list | tuple):
        yield from ((name, as_text(each)) for each in answer)
    elif answer not in (None, "", False):
        yield name, as_text(answer)

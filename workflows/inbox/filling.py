"""What a form shows first, and what of its answers goes where."""

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bpmn.forms import (
    UPLOADS,
    Conditions,
    Field,
    FieldKind,
    Form,
    asks_more,
    belongs_to_case_file,
    conditions_of,
    raw_answers,
)
from bpmn.forms.limits import number_text
from bpmn.forms.values import Asking, as_far_as_typed
from bpmn.host import Host
from engine import clock
from workflows import sealing
from workflows.access import Actor
from workflows.calendar import ZONE
from workflows.cases import details
from workflows.cases import queries as case_queries
from workflows.cases.filing import FilledField, FilledForm
from workflows.cases.forms import last_answers_to
from workflows.cases.models import Case, Party
from workflows.inbox.choices import Offer
from workflows.inbox.scene import Scene
from workflows.inbox.views import SentPage

_PARTY_LANGUAGES = {1: "party.a_languages", 2: "party.b_languages"}


def known_values(scene: Scene, form: Form) -> dict[str, Any]:
    """Return what is known for the fields: the case file before the process's variables."""
    known = {key: value for key, value in scene.variables.items() if form.field(key) is not None}
    if scene.case is not None:
        asked = {field.key for field in form.fields()}
        about = {key for key in asked if key.startswith("incident.")}
        known |= last_answers_to(scene.reading.session, scene.case, about)
        known |= _party_languages(scene, scene.case, asked)
    return known


def _party_languages(scene: Scene, case: Case, asked: AbstractSet[str]) -> dict[str, list[str]]:
    if asked.isdisjoint(_PARTY_LANGUAGES.values()):
        return {}
    session = scene.reading.session
    key = sealing.key_of(session, case.id)
    found = {}
    for party in case_queries.parties(session, case.id):
        told = details.unseal_with(key, (Party.__tablename__, party.id), party.details)
        if party.position in _PARTY_LANGUAGES and told.get("languages"):
            tags = [language["tag"] for language in told["languages"]]
            found[_PARTY_LANGUAGES[party.position]] = tags
    return found


def conditions_by(
    scene: Scene, form: Form, offer: Offer
) -> Callable[[Mapping[str, Any]], Conditions]:
    """Return the function that says what raw or typed answers hide, lock and require."""
    asking = Asking(offer, _host(scene), scene.variables)
    fields = tuple(form.fields())

    def decide(answers: Mapping[str, Any]) -> Conditions:
        typed = as_far_as_typed(fields, answers, asking)
        return conditions_of(form, typed, scene.variables, _host(scene))

    return decide


def brings_up_more(scene: Scene, form: Form, offer: Offer, sent: SentPage) -> bool:
    """Whether the answers ask for more than what the person was shown."""
    raw = raw_answers(form.fields(), sent.answers)
    return asks_more(form, raw, conditions_by(scene, form, offer), sent.shown)


def filled_form(
    scene: Scene, actor: Actor, form: Form, offer: Offer, answers: Mapping[str, Any]
) -> FilledForm:
    """Return the answers as the case file takes them: typed, with the words they were given in."""
    host = _host(scene)
    fields = {
        field.key: FilledField(
            field.label, answers[field.key], worded(field, answers[field.key], offer)
        )
        for field in form.fields()
        if belongs_to_case_file(field, host) and answers.get(field.key) not in (None, [], "")
    }
    return FilledForm(
        task_id=scene.task.id,
        task_name=scene.task.name,
        by=actor.person_id,
        at=clock.now(),
        fields=fields,
        answered=process_answers(scene, form, answers),
        known=scene.variables,
    )


def process_answers(scene: Scene, form: Form, answers: Mapping[str, Any]) -> dict[str, Any]:
    host = _host(scene)
    return {
        field.key: answers[field.key]
        for field in form.fields()
        if field.key in answers and not belongs_to_case_file(field, host)
    }


def sources(form: Form) -> set[str]:
    """Name the reference lists that a form asks for, in rows too."""
    columns = (c for field in form.fields() for c in field.components if isinstance(c, Field))
    named = {field.source for field in (*form.fields(), *columns) if field.source}
    return named | ({UPLOADS} if file_fields(form) else set())


def file_fields(form: Form) -> tuple[Field, ...]:
    return tuple(field for field in form.fields() if field.kind is FieldKind.FILES)


def worded(field: Field, value: Any, offer: Offer) -> str:
    """Word an answer as the person saw it."""
    if field.kind is FieldKind.ROWS:
        return "; ".join(_row(field, row, offer) for row in value)
    if isinstance(value, list):
        return ", ".join(worded(field, each, offer) for each in value)
    if field.kind is FieldKind.FILES:
        return offer(UPLOADS).get(str(value), "–")
    if field.source is not None:
        return offer(field.source).get(str(value), str(value))
    option = next((option for option in field.options if option.value == value), None)
    return option.label if option else _text(value)


def _row(field: Field, row: Mapping[str, Any], offer: Offer) -> str:
    columns = (column for column in field.components if isinstance(column, Field))
    return ", ".join(
        worded(column, row[column.key], offer)
        for column in columns
        if row.get(column.key) is not None
    )


def _text(value: Any) -> str:
    match value:
        case bool():
            return "Ja" if value else "Nein"
        case datetime():
            return value.astimezone(ZONE).strftime("%d.%m.%Y %H:%M")
        case date():
            return value.strftime("%d.%m.%Y")
        case Decimal():
            return number_text(value)
        case _:
            return str(value)


def _host(scene: Scene) -> Host:
    return scene.definitions.host

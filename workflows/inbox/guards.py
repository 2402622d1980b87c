"""What no form can decide: who has to be a second person, what needs parties, what a lock forbids."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bpmn.forms import Component, Field, Form, Group
from workflows.access import Actor
from workflows.cases import queries as case_queries
from workflows.cases.models import Case
from workflows.inbox import queries
from workflows.inbox.errors import MediationNotPossible, PartiesMissing, SecondPersonNeeded
from workflows.inbox.scene import Scene

MEDIATING = {
    "route": frozenset({"clarification", "clarification_with_institution", "shuttle", "mediation"}),
    "next_step": frozenset({"mediation"}),
    "approval": frozenset({"approved"}),
}
"""Answers that lead to a talk between the parties."""

FOUR_EYES = {"mediation_approval": "triage_route"}
"""Forms that approve what another form has chosen; nobody approves their own choice."""

ABOUT_PARTIES = frozenset({"first_contact_a", "first_contact_b", "resume_talks"})
"""Forms after which the parties are talked to one by one."""


def require_second_person(scene: Scene, actor: Actor) -> None:
    chosen_with = FOUR_EYES.get(scene.task.form or "")
    if chosen_with is None or scene.case is None:
        return
    chosen_by = queries.last_to_complete(scene.reading.session, scene.case.id, chosen_with)
    if chosen_by == actor.person_id:
        raise SecondPersonNeeded


def require_parties(scene: Scene) -> None:
    if scene.task.form not in ABOUT_PARTIES or scene.case is None:
        return
    if not case_queries.parties(scene.reading.session, scene.case.id):
        raise PartiesMissing


def require_possible(case: Case | None, answers: Mapping[str, Any]) -> None:
    """Refuse to mediate a case under lock, whatever was sent."""
    if case is None or not case.mediation_locked:
        return
    for field, refused in MEDIATING.items():
        if answers.get(field) in refused:
            raise MediationNotPossible(field)
    if answers.get("appointment_at") is not None:
        raise MediationNotPossible("appointment_at")


def possible(form: Form, case: Case | None) -> Form:
    """Return the form without the answers that a lock forbids."""
    if case is None or not case.mediation_locked:
        return form
    return replace(form, components=tuple(_possible(each) for each in form.components))


def _possible(component: Component) -> Component:
    if isinstance(component, Group):
        return replace(component, components=tuple(_possible(c) for c in component.components))
    if not isinstance(component, Field) or component.key not in MEDIATING:
        return component
    refused = MEDIATING[component.key]
    options = tuple(option for option in component.options if option.value not in refused)
    return replace(component, options=options)

"""The reasons and proposals that stand above a form."""

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from bpmn.forms import Form
from bpmn.wording import Sentence, say
from engine import queries as engine_queries
from engine.models import TaskState
from workflows.calendar import ZONE
from workflows.cases.labels import label
from workflows.cases.values import Route
from workflows.inbox.scene import Scene


def hints(form: Form, scene: Scene) -> tuple[Sentence, ...]:
    variables = scene.variables
    return (
        *_suspended(scene),
        *_matching(form, variables),
        *_proposal(form, variables),
        *_late(scene),
    )


def _suspended(scene: Scene) -> Iterator[Sentence]:
    if scene.instance.suspended_at is not None:
        yield say(
            "This process is suspended for the moment. "
            "Save a draft; you can complete the task once it goes on."
        )


def _matching(form: Form, variables: Mapping[str, Any]) -> Iterator[Sentence]:
    if form.field("mediator") is None or variables.get("with_language") is None:
        return
    yield say(
        "%(count)s with the language, %(free)s of them free.",
        count=variables["with_language"],
        free=variables.get("available", 0),
    )


def _proposal(form: Form, variables: Mapping[str, Any]) -> Iterator[Sentence]:
    proposal = variables.get("route_proposal")
    if form.field("route") is None or proposal not in frozenset(Route):
        return
    stage = variables.get("glasl_stage")
    reason = (
        say("stage %(stage)s and power imbalance", stage=stage)
        if variables.get("power_gap") is True
        else say("stage %(stage)s", stage=stage)
    )
    yield say(
        "Proposal: %(route)s, because of %(reason)s.", route=label(Route(proposal)), reason=reason
    )


def _late(scene: Scene) -> Iterator[Sentence]:
    """Name the step that is to be looked into because it is overdue."""
    late = scene.variables.get("overdue_task")
    task = engine_queries.task(scene.reading.session, UUID(late)) if late else None
    if task is None or task.due_at is None:
        return
    if task.state is not TaskState.OPEN:
        yield say("“%(task)s” is done meanwhile.", task=task.name)
        return
    yield say("Overdue step: %(task)s.", task=task.name)
    yield say("It was due on %(day)s.", day=f"{task.due_at.astimezone(ZONE):%d.%m.%Y}")
    person = scene.name_of(task.assignee)
    if person is not None:
        yield say("It is with %(name)s.", name=person)

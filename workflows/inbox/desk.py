"""One task on the desk: open, claim, release, save a draft, complete."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from bpmn.forms import FieldKind, Form, form_schema, initial_answers, read_answers
from bpmn.forms.gathering import raw_answers
from engine import clock, tasks
from engine.models import TaskState
from engine.unit_of_work import UnitOfWork
from workflows import access, audit
from workflows.access import Action, Actor, Role
from workflows.cases import attachments, details
from workflows.cases import queries as case_queries
from workflows.cases.forms import file_form
from workflows.cases.uploads import KindNotWanted, Upload
from workflows.inbox import filling, queries
from workflows.inbox.choices import Offer
from workflows.inbox.errors import DraftTooLarge, MoreQuestions
from workflows.inbox.guards import (
    possible,
    require_parties,
    require_possible,
    require_second_person,
)
from workflows.inbox.hints import hints
from workflows.inbox.lists import next_tasks, opened_tasks, task_row
from workflows.inbox.models import TaskDraft
from workflows.inbox.scene import Scene, lock_scene, read_scene
from workflows.inbox.views import Completed, OpenTask, SentPage, TaskRow, unconditional
from workflows.reading import Reading

LARGEST_DRAFT = 100_000
SUMMARY = "incident.summary"
TAKEOVER = "takeover"
"""The form with which the coordination takes a case over; whoever does, may read it whole."""


def open_task(reading: Reading, actor: Actor, task_id: UUID) -> OpenTask:
    """Open a task; to those who have nothing to do with it it is unknown."""
    scene = read_scene(reading, actor, task_id)
    if not scene.is_known_to(actor):
        raise access.NoSuchThing
    task, is_open = scene.task, scene.task.state is TaskState.OPEN
    may_complete = is_open and access.may_work_on(actor, scene.scope)
    form = possible(scene.form, scene.case) if may_complete and scene.form else None
    offer = Offer(
        reading, actor, scene.case, scene.variables if form else {}, scene.quarter, task_id
    )
    draft = scene.draft if form else None
    return OpenTask(
        task=_row(scene, actor),
        process=task.process,
        element=task.element,
        form=form,
        values=_values(scene, form, draft) if form else {},
        choices=_choices(form, offer) if form else {},
        hints=hints(form, scene) if form else (),
        reported=_reported(scene, actor, form) if form else (),
        draft_saved_at=draft.saved_at if draft else None,
        may_claim=may_complete and task.assignee is None,
        may_release=may_complete and task.assignee is not None and _has_group(scene),
        may_complete=may_complete,
        closed_by=None if is_open else scene.name_of(task.closed_by) or "–",
        conditions=filling.conditions_by(scene, form, offer) if form else unconditional,
    )


def _has_group(scene: Scene) -> bool:
    return bool(scene.scope.candidate_groups or scene.scope.candidate_people)


def _reported(scene: Scene, actor: Actor, form: Form) -> tuple[str, ...]:
    case, session = scene.case, scene.reading.session
    if case is None or form.field(SUMMARY) is None:
        return ()
    if not access.may(actor, Action.READ_NAMES, case.scope):
        return ()
    return tuple(
        told["text"]
        for row in case_queries.incidents(session, case.id)
        if (told := details.unseal(session, case.id, (row.__tablename__, row.id), row.details))
    )


def _values(scene: Scene, form: Form, draft: TaskDraft | None) -> dict[str, Any]:
    values = initial_answers(form, filling.known_values(scene, form))
    if draft is not None and scene.case is not None:
        place = (TaskDraft.__tablename__, draft.task_id)
        values |= details.unseal(scene.reading.session, scene.case.id, place, draft.details)
    return values


def _choices(form: Form, offer: Offer) -> dict[str, Mapping[str, str]]:
    return {source: dict(offer(source)) for source in sorted(filling.sources(form))}


def _row(scene: Scene, actor: Actor) -> TaskRow:
    holder = scene.name_of(scene.task.assignee)
    return task_row(scene.task, scene.case, scene.quarter, actor, holder)


def claim(uow: UnitOfWork, actor: Actor, task_id: UUID) -> None:
    """Take a group's task; claiming one's own again changes nothing."""
    scene = lock_scene(uow, task_id)
    scene.require_worker(actor)
    if scene.task.assignee == str(actor.person_id):
        return
    require_second_person(scene, actor)
    tasks.claim(uow, task_id, str(actor.person_id))
    _note_takeover(uow, actor, scene)
    _audit(uow, actor, scene, "claim_task", [scene.task.element])


def release(uow: UnitOfWork, actor: Actor, task_id: UUID) -> None:
    """Give a claimed task back to its group."""
    scene = lock_scene(uow, task_id)
    scene.require_worker(actor)
    tasks.release(uow, task_id, str(actor.person_id))
    _note_handing_back(actor, scene)
    _audit(uow, actor, scene, "release_task", [scene.task.element])


def save_draft(uow: UnitOfWork, actor: Actor, task_id: UUID, answers: Mapping[str, Any]) -> None:
    """Keep half-filled answers as they were sent, sealed, for this person and task."""
    scene = read_scene(uow, actor, task_id)
    scene.require_worker(actor)
    if scene.form is None or scene.case is None:
        return
    raw = raw_answers(scene.form.fields(), answers)
    if len(orjson.dumps(raw)) > LARGEST_DRAFT:
        raise DraftTooLarge
    place = (TaskDraft.__tablename__, task_id)
    sealed = details.seal(uow.session, scene.case.id, place, raw)
    queries.store_draft(
        uow.session,
        TaskDraft(task_id=task_id, person_id=actor.person_id, saved_at=clock.now(), details=sealed),
    )


def keep_file(uow: UnitOfWork, actor: Actor, task_id: UUID, key: str, upload: Upload) -> UUID:
    """Keep a file for a question of the task until the form is sent; its id is the answer.

    `uploads.taken` has made it, before the unit of work began: that may take seconds.
    """
    scene = read_scene(uow, actor, task_id)
    scene.require_worker(actor)
    asked = scene.form.field(key) if scene.form else None
    if asked is None or asked.kind is not FieldKind.FILES or scene.case is None:
        raise access.NoSuchThing
    if upload.kind.value not in asked.looks.file_kinds:
        raise KindNotWanted(key, upload.name, asked.looks.file_kinds)
    place = attachments.Place(scene.case.id, task_id, key)
    return attachments.keep(uow, actor, place, upload)


def complete(
    uow: UnitOfWork,
    actor: Actor,
    task_id: UUID,
    answers: Mapping[str, Any] | SentPage,
    command_id: str | None,
) -> Completed:
    """Finish a person's task and let the process move on.

    `answers` are raw form values (MultiDict or JSON object). Repeating the same command returns
    the first result; another person's or a second completion is refused, naming who was first. So
    is a page whose answers bring up questions that it did not show.
    """
    command = command_id and f"{actor.person_id}:{command_id}"
    scene = lock_scene(uow, task_id)
    case, name = scene.case, scene.task.name
    if command is not None and scene.task.command == command:
        following = next_tasks(uow, actor, case.id) if case else ()
        return Completed(task_id, name, case.id if case else None, following)
    scene.require_worker(actor)
    before = case.quarter_id if case else None
    written, variables = _answered(uow, actor, scene, answers)
    _note_takeover(uow, actor, scene)
    _audit(uow, actor, scene, "complete_task", [scene.task.element, *written])
    tasks.complete(uow, task_id, variables, str(actor.person_id), command)
    if case is None:
        return Completed(task_id, name, None, ())
    if scene.is_alone and case.quarter_id == before:
        following = opened_tasks(uow, actor, case, scene.quarter)
        return Completed(task_id, name, case.id, following)
    uow.flush()
    return Completed(task_id, name, case.id, next_tasks(uow, actor, case.id))


def _answered(
    uow: UnitOfWork,
    actor: Actor,
    scene: Scene,
    answers: Mapping[str, Any] | SentPage,
) -> tuple[frozenset[str], dict[str, Any]]:
    """Check the answers and store the case-file part; returns its keys and the process part."""
    form = scene.form
    if form is None:
        return frozenset(), {}
    offer = Offer(uow, actor, scene.case, scene.variables, scene.quarter, scene.task.id)
    if isinstance(answers, SentPage) and filling.brings_up_more(scene, form, offer, answers):
        raise MoreQuestions
    require_second_person(scene, actor)
    require_parties(scene)
    schema = form_schema(form, offer, scene.definitions.host, scene.variables)
    given = answers.answers if isinstance(answers, SentPage) else answers
    values = read_answers(schema, given)
    require_possible(scene.case, values)
    variables = filling.process_answers(scene, form, values)
    if scene.case is None:
        return frozenset(), variables
    filled = filling.filled_form(scene, actor, form, offer, values)
    written = file_form(uow.session, scene.case, filled)
    if asked := filling.file_fields(form):
        chosen = [UUID(each) for field in asked for each in values.get(field.key) or ()]
        attachments.file(uow.session, actor, scene.task.id, chosen)
    return written, variables


def _note_takeover(uow: UnitOfWork, actor: Actor, scene: Scene) -> None:
    case = scene.case
    if case is None or scene.task.form != TAKEOVER or not actor.has(Role.COORDINATION):
        return
    if case.coordinator_id != actor.person_id:
        case.coordinator_id = actor.person_id
        audit.record(uow, actor.person_id, case.id, "take_over")


def _note_handing_back(actor: Actor, scene: Scene) -> None:
    """Whoever gives a takeover back has no further business in the confidential room."""
    case = scene.case
    if case and scene.task.form == TAKEOVER and case.coordinator_id == actor.person_id:
        case.coordinator_id = None


def _audit(uow: UnitOfWork, actor: Actor, scene: Scene, action: str, fields: list[str]) -> None:
    if scene.case is not None:
        audit.record(uow, actor.person_id, scene.case.id, action, fields)

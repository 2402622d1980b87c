"""A person's tasks: list, read, claim, release, draft, complete."""

from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, fields

from web import current
from web.api.reading import ApiBlueprint, PageSchema, command
from web.api.schemas import CompletedSchema, CreatedSchema, OpenTaskSchema, TaskPageSchema
from web.guard import takes_files
from web.permissions import signed_in
from workflows import inbox
from workflows.cases.uploads import taken
from workflows.inbox import Completed, OpenTask, Shelf, TaskPage

blueprint = ApiBlueprint("tasks", __name__, description="Work that waits for a person")


class TaskFilterSchema(PageSchema):
    shelf = fields.Enum(Shelf, by_value=True, load_default=Shelf.MINE)
    case_id = fields.UUID(load_default=None)


class AnswersSchema(Schema):
    answers = fields.Dict(keys=fields.String(), required=True)


class UploadSchema(Schema):
    key = fields.String(required=True)
    name = fields.String(required=True)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(TaskFilterSchema, location="query")
@blueprint.response(200, TaskPageSchema)
@signed_in
def listing(wanted: dict[str, Any]) -> TaskPage:
    """List tasks, the earliest due date first."""
    with current.reading() as reading:
        return inbox.list_tasks(
            reading,
            current.actor(),
            wanted["shelf"],
            case_id=wanted["case_id"],
            after=wanted.get("after"),
        )


@blueprint.route("/<uuid:task_id>", methods=["GET"])
@blueprint.response(200, OpenTaskSchema)
@signed_in
def show(task_id: UUID) -> OpenTask:
    """Read a task with its form and what is filled in already."""
    with current.reading() as reading:
        return inbox.open_task(reading, current.actor(), task_id)


@blueprint.route("/<uuid:task_id>/claim", methods=["POST"])
@blueprint.response(204)
@signed_in
def claim(task_id: UUID) -> None:
    """Take a group's task."""
    with current.begin() as uow:
        inbox.claim(uow, current.actor(), task_id)


@blueprint.route("/<uuid:task_id>/release", methods=["POST"])
@blueprint.response(204)
@signed_in
def release(task_id: UUID) -> None:
    """Give a task back to its group."""
    with current.begin() as uow:
        inbox.release(uow, current.actor(), task_id)


@blueprint.route("/<uuid:task_id>/draft", methods=["PUT"])
@blueprint.arguments(AnswersSchema)
@blueprint.response(204)
@signed_in
def save_draft(body: dict[str, Any], task_id: UUID) -> None:
    """Keep half-filled answers."""
    with current.begin() as uow:
        inbox.save_draft(uow, current.actor(), task_id, body["answers"])


@blueprint.route("/<uuid:task_id>/files", methods=["POST"])
@blueprint.arguments(UploadSchema, location="query")
@blueprint.response(201, CreatedSchema)
@signed_in
@takes_files
def upload(wanted: dict[str, Any], task_id: UUID) -> dict[str, UUID]:
    """Keep a file, sent as it is, for a question of the task; its id is the answer."""
    key = wanted["key"]
    file = taken(key, wanted["name"], request.get_data())
    with current.begin() as uow:
        return {"id": inbox.keep_file(uow, current.actor(), task_id, key, file)}


@blueprint.act("/<uuid:task_id>/completion", AnswersSchema, 200, CompletedSchema)
def complete(body: dict[str, Any], task_id: UUID) -> Completed:
    """Finish a task; the answer names the tasks of the case that come next."""
    with current.begin() as uow:
        return inbox.complete(uow, current.actor(), task_id, body["answers"], command())

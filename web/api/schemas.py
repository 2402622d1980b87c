"""What programs get to read."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields

from bpmn.wording import Sentence
from web.language import spoken
from workflows.inbox import OpenTask


class Told(fields.Field[Any]):
    """A sentence, in the language that the program asked for."""

    def _serialize(self, value: Sentence | str | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else spoken(value)


class Code(fields.Field[StrEnum]):
    """A value of a closed list, by its code."""

    def _serialize(self, value: StrEnum | None, *_: Any, **__: Any) -> str | None:
        return None if value is None else value.value


class ReportedSchema(Schema):
    case_id = fields.UUID()
    number = fields.String()


class CreatedSchema(Schema):
    id = fields.UUID()


class CaseRowSchema(Schema):
    id = fields.UUID()
    number = fields.String()
    state = Code()
    context = Code()
    conflict_type = Code()
    quarter = fields.String()
    priority = Code()
    route = Code()
    received_at = fields.DateTime()
    mediator = fields.String()
    next_due = fields.DateTime()


class CasePageSchema(Schema):
    items = fields.List(fields.Nested(CaseRowSchema), attribute="rows")
    next = fields.String(attribute="next_cursor")


class CaseShellSchema(Schema):
    id = fields.UUID()
    number = fields.String()
    state = Code()
    context = Code()
    conflict_type = Code()
    quarter_id = fields.UUID()
    quarter = fields.String()
    priority = Code()
    route = Code()
    glasl_start = fields.Integer()
    glasl_end = fields.Integer()
    mediation_locked = fields.Boolean()
    received_at = fields.DateTime()
    closed_at = fields.DateTime()
    outcome = Code()
    mediator = fields.String()
    tandem = fields.String()


class PartySchema(Schema):
    id = fields.UUID()
    label = Told()
    kind = Code()
    minor = fields.Boolean()
    oral_only = fields.Boolean()
    name = fields.String()


class CaseTaskSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    due_at = fields.DateTime()
    overdue = fields.Boolean()
    waits_for = Told()
    mine = fields.Boolean()


class DeadlineSchema(Schema):
    task_id = fields.UUID()
    name = fields.String()
    due_at = fields.DateTime()
    state = Code()
    extended = fields.Boolean()


class PlaceSchema(Schema):
    process = fields.String()
    element = fields.String()
    name = fields.String()
    since = fields.DateTime()
    waits_for = Told()


class TimelineSchema(Schema):
    at = fields.DateTime()
    kind = Code()
    title = Told()
    by = fields.String()
    detail = fields.List(fields.List(Told()))


class AttachmentSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    kind = Code()
    size = fields.Integer()
    at = fields.DateTime()
    by = fields.String()


class CaseFileSchema(CaseShellSchema):
    """The case file as far as the reader may see it."""

    room_open = fields.Boolean()
    parties = fields.List(fields.Nested(PartySchema))
    tasks = fields.List(fields.Nested(CaseTaskSchema))
    deadlines = fields.List(fields.Nested(DeadlineSchema))
    here = fields.List(fields.Nested(PlaceSchema))
    timeline = fields.List(fields.Nested(TimelineSchema))
    attachments = fields.List(fields.Nested(AttachmentSchema))

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        owner = obj.shell if attr in CaseShellSchema._declared_fields else obj  # noqa: SLF001 - marshmallow has no other list of a schema's own fields
        return super().get_attribute(owner, attr, default)


class TaskRowSchema(Schema):
    id = fields.UUID()
    name = fields.String()
    case_id = fields.UUID()
    case_number = fields.String()
    conflict_type = Code()
    quarter = fields.String()
    priority = Code()
    due_at = fields.DateTime()
    overdue = fields.Boolean()
    assignee = fields.String()
    mine = fields.Boolean()
    opened_at = fields.DateTime()


class TaskPageSchema(Schema):
    items = fields.List(fields.Nested(TaskRowSchema), attribute="rows")
    next = fields.String(attribute="next_cursor")


class OptionSchema(Schema):
    value = fields.String(attribute="text")
    label = fields.String()


class QuestionSchema(Schema):
    """A field of the task's form."""

    key = fields.String()
    kind = Code()
    label = fields.String()
    description = fields.String()
    required = fields.Boolean(attribute="rules.required")
    options = fields.List(fields.Nested(OptionSchema))
    source = fields.String()
    readonly = fields.Boolean()


class OpenTaskSchema(Schema):
    task = fields.Nested(TaskRowSchema)
    process = fields.String()
    element = fields.String()
    questions = fields.Method("_questions")
    values = fields.Raw()
    choices = fields.Dict(keys=fields.String(), values=fields.Dict())
    hints = fields.List(Told())
    may_claim = fields.Boolean()
    may_release = fields.Boolean()
    may_complete = fields.Boolean()

    def _questions(self, opened: OpenTask) -> Any:
        asked = list(opened.form.fields()) if opened.form else []
        return QuestionSchema(many=True).dump(asked)


class CompletedSchema(Schema):
    task_id = fields.UUID()
    case_id = fields.UUID()
    next_tasks = fields.List(fields.Nested(TaskRowSchema))


class FindingSchema(Schema):
    file = fields.String()
    severity = fields.String()
    element = fields.String()
    label = fields.String()
    line = fields.Integer()
    rule = fields.String()
    message = fields.String()


class DeploymentSchema(Schema):
    id = fields.UUID()
    version = fields.Integer()
    digest = fields.String()
    published_at = fields.DateTime()
    published_by = fields.String()
    comment = fields.String()
    running = fields.Integer()


class FileSchema(Schema):
    name = fields.String()
    kind = Code()
    title = fields.String()
    size = fields.Integer()
    changed = fields.Boolean()
    added = fields.Boolean()
    removed = fields.Boolean()

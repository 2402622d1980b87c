"""What programs hand in and get to read about faults and instances."""

from typing import Any

from marshmallow import Schema, fields, validate

from engine.models import InstanceState
from web import rules
from web.api.reading import PageSchema
from web.api.schemas import Code, Told
from workflows.tending.acts import LONGEST_REASON
from workflows.tending.faults import MOST_AT_ONCE

_FEEL = {"description": 'JSON values, or {"feel": "date(\\"2027-04-01\\")"} for what JSON lacks.'}


class ReasonSchema(Schema):
    reason = fields.String(
        required=True,
        metadata={"description": f"Kept with the act; at most {LONGEST_REASON} characters."},
    )


class ValuesSchema(ReasonSchema):
    variables = fields.Dict(keys=fields.String(), required=True, metadata=_FEEL)


class SkipSchema(ReasonSchema):
    results = fields.Dict(keys=fields.String(), load_default=dict, metadata=_FEEL)


class AlikeSchema(Schema):
    """Which open faults are meant; what is not given does not matter."""

    process = fields.String()
    element = fields.String()
    error = fields.String()
    instance_id = fields.UUID()


class FaultFilterSchema(PageSchema, AlikeSchema):
    """Open faults, page by page."""


class ManySchema(ReasonSchema):
    """Faults by their ids, or by what they have in common: the oldest of these first; never both."""

    action = fields.String(required=True, validate=validate.OneOf(["retry", "skip", "cancel"]))
    ids = fields.List(fields.UUID(), validate=validate.Length(max=MOST_AT_ONCE))
    alike = fields.Nested(AlikeSchema)
    results = fields.Dict(keys=fields.String(), load_default=dict, metadata=_FEEL)


class OutcomeSchema(Schema):
    fault_id = fields.UUID()
    refused = Told()


class OutcomesSchema(Schema):
    outcomes = fields.List(fields.Nested(OutcomeSchema))


class FaultSchema(Schema):
    """A fault, with the ids of the element and of the deployment whose picture shows it."""

    id = fields.UUID()
    state = Code()
    sentence = Told()
    error = fields.String()
    place = fields.String()
    attempts = fields.Integer()
    job_kind = fields.String()
    raised_at = fields.DateTime()
    closed_at = fields.DateTime()
    instance_id = fields.UUID()
    case_id = fields.UUID()
    deployment_id = fields.UUID()
    process = fields.String()
    process_name = fields.String()
    element = fields.String()
    element_name = fields.String()


class FaultGroupSchema(Schema):
    process = fields.String()
    element = fields.String()
    error = fields.String()
    count = fields.Integer()


class FaultPageSchema(Schema):
    items = fields.List(fields.Nested(FaultSchema), attribute="rows")
    groups = fields.List(fields.Nested(FaultGroupSchema))
    next = fields.String(attribute="next_cursor")


class InstanceFilterSchema(PageSchema):
    case_id = fields.UUID()
    process = fields.String()
    state = fields.Enum(InstanceState, by_value=True)
    suspended = fields.Boolean()


class InstanceRowSchema(Schema):
    id = fields.UUID()
    process = fields.String()
    state = Code()
    case_id = fields.UUID(attribute="business_key")
    deployment_id = fields.UUID()
    deployment = fields.Integer()
    version = fields.Integer()
    started_at = fields.DateTime()
    suspended_at = fields.DateTime()
    ended_at = fields.DateTime()


class InstancePageSchema(Schema):
    items = fields.List(fields.Nested(InstanceRowSchema), attribute="rows")
    next = fields.String(attribute="next_cursor")


class PlaceInInstanceSchema(Schema):
    token = fields.Integer()
    process = fields.String()
    element = fields.String()
    name = fields.String()
    kind = fields.String()
    inside = fields.Integer()
    watches = fields.Boolean()


class ActSchema(Schema):
    at = fields.DateTime()
    by = fields.String()
    action = fields.String()
    about = fields.List(fields.String())
    reason = fields.String()


class ActPageSchema(Schema):
    items = fields.List(fields.Nested(ActSchema), attribute="rows")
    next = fields.String(attribute="next_cursor")


class InstanceSchema(InstanceRowSchema):
    """Where a process stands, by what it routes, what is wrong and what was done about it."""

    process_name = fields.String()
    readable = fields.Boolean()
    places = fields.List(fields.Nested(PlaceInInstanceSchema))
    variables = fields.Dict(keys=fields.String(), values=fields.String())
    faults = fields.List(fields.Nested(FaultSchema))
    acts = fields.List(fields.Nested(ActSchema), attribute="acts.rows")
    acts_next = fields.String(
        attribute="acts.next_cursor", metadata={"description": "Where `…/acts` goes on."}
    )

    def get_attribute(self, obj: Any, attr: str, default: Any) -> Any:
        owner = obj.row if attr in _ROW_ATTRIBUTES else obj
        return super().get_attribute(owner, attr, default)


_ROW_ATTRIBUTES = {
    field.attribute or name
    for name, field in InstanceRowSchema._declared_fields.items()  # noqa: SLF001 - marshmallow has no other list of a schema's own fields
}


class EntrySchema(Schema):
    element = fields.String(required=True)
    process = fields.String(load_default=None)
    inside = rules.number(load_default=None)


class MoveSchema(Schema):
    """Tokens to take away, elements at which to place one, and variables to set before."""

    cancel = fields.List(rules.number(), load_default=list)
    create = fields.List(fields.Nested(EntrySchema), load_default=list)
    variables = fields.Dict(keys=fields.String(), load_default=dict, metadata=_FEEL)


class UnheardSchema(Schema):
    """A place that is left though a signal has come for it; it is dropped."""

    token = rules.number(required=True)
    process = fields.String()
    element = fields.String()
    name = fields.String()
    signal = fields.String(required=True)


class ModificationSchema(MoveSchema, ReasonSchema):
    version = rules.number(
        required=True, metadata={"description": "Of the instance, as the preview told it."}
    )
    unheard = fields.List(
        fields.Nested(UnheardSchema),
        load_default=list,
        metadata={"description": "As the preview told it: no other signals are dropped."},
    )


class StepSchema(Schema):
    process = fields.String()
    element = fields.String()
    name = fields.String()
    passage = fields.String()


class ForecastSchema(Schema):
    """What moving a process cancels and creates, and what it passes through."""

    version = fields.Integer()
    cancelled = fields.List(fields.Nested(PlaceInInstanceSchema))
    left = fields.List(fields.Nested(PlaceInInstanceSchema))
    created = fields.List(fields.Nested(PlaceInInstanceSchema))
    passed = fields.List(fields.Nested(StepSchema))
    signals = fields.List(fields.String())
    unheard = fields.List(fields.Nested(UnheardSchema))
    ends = fields.Boolean()

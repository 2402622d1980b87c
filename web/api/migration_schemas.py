"""What programs hand in and get to read about migrations."""

from typing import Any

from marshmallow import Schema, fields, post_load, validate

from bpmn.migration import Wishes
from bpmn.wording import say
from engine.migration_queries import Selection
from engine.migration_table import ItemState
from web import rules
from web.api.reading import PageSchema
from web.api.schemas import Code, Told
from web.api.tending_schemas import ReasonSchema
from workflows.tending.migrations import Wanted

SOME = validate.Length(
    1, 10_000, error=say("Name 1 to 10,000 of them, or leave this out.").template
)
"""A program's empty list does not mean all, and a longer one is better said in another way."""


class WishSchema(Schema):
    process = fields.String(required=True)
    element = fields.String(required=True)
    becomes = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The element that takes its place; null: nothing does."},
    )


class WantedSchema(Schema):
    """Which processes are to go where; what is not given does not matter."""

    target = rules.number(
        load_default=None,
        metadata={"description": "Number of a deployment; the current one when it is not given."},
    )
    source = rules.number(load_default=None)
    process = fields.String(load_default=None)
    instance_ids = fields.List(fields.UUID(), load_default=list, validate=SOME)
    case_ids = fields.List(fields.UUID(), load_default=list, validate=SOME)
    elements = fields.List(fields.Nested(WishSchema), load_default=list)
    processes = fields.Dict(
        keys=fields.String(),
        values=fields.String(),
        load_default=dict,
        metadata={"description": "Processes that have another id in the new deployment."},
    )

    @post_load
    def gather(self, given: dict[str, Any], **_: Any) -> dict[str, Any]:
        elements = {(one["process"], one["element"]): one["becomes"] for one in given["elements"]}
        selection = Selection(
            instances=tuple(given["instance_ids"]),
            cases=tuple(given["case_ids"]),
            process=given["process"],
            source=given["source"],
        )
        wanted = Wanted(given["target"], selection, Wishes(given["processes"], elements))
        return {**given, "wanted": wanted}


class ForetellSchema(WantedSchema, PageSchema):
    """A page of what would happen."""


class StartSchema(WantedSchema, ReasonSchema):
    """The reason is kept with the act."""


class ChangeSchema(Schema):
    kind = Code()
    process = fields.String()
    element = fields.String()
    aspect = fields.String()
    before = fields.String()
    sentence = Told()


class SourceSchema(Schema):
    deployment = fields.Integer()
    instances = fields.Integer()
    changes = fields.List(fields.Nested(ChangeSchema))
    hindrance = Told(
        allow_none=True,
        metadata={"description": "Why none of them can go over: its diagrams run no more."},
    )


class PlanSchema(Schema):
    target = fields.Integer()
    instances = fields.Integer()
    sources = fields.List(fields.Nested(SourceSchema))


class NoticeSchema(Schema):
    process = fields.String()
    element = fields.String()
    sentence = Told()


class NodePlaceSchema(Schema):
    token = fields.Integer()
    before = fields.List(fields.String(), allow_none=True)
    after = fields.List(fields.String(), allow_none=True)


class ForetoldSchema(Schema):
    """What would happen to one instance; the outcome is moves, stays or fails."""

    instance_id = fields.UUID()
    case_id = fields.UUID(attribute="business_key")
    process = fields.String()
    outcome = Code()
    notices = fields.List(fields.Nested(NoticeSchema))
    places = fields.List(fields.Nested(NodePlaceSchema))
    moved_on = fields.Boolean()
    ends = fields.Boolean()


class ForetoldPageSchema(Schema):
    plan = fields.Nested(PlanSchema)
    items = fields.List(fields.Nested(ForetoldSchema), attribute="rows")
    next = fields.String(attribute="next_cursor")


class MigrationSchema(Schema):
    id = fields.UUID()
    target = fields.Integer()
    direction = Code()
    started_at = fields.DateTime()
    started_by = fields.String()
    counts = fields.Dict(keys=Code(), values=fields.Integer())
    open = fields.Integer()


class MigrationPageSchema(Schema):
    items = fields.List(fields.Nested(MigrationSchema), attribute="rows")
    next = fields.String(attribute="next_cursor")


class MigratedFilterSchema(PageSchema):
    state = fields.Enum(ItemState, by_value=True, load_default=None)


class MigratedSchema(Schema):
    instance_id = fields.UUID()
    case_id = fields.UUID()
    process = fields.String()
    source = fields.Integer()
    state = Code()
    done_at = fields.DateTime()
    notices = fields.List(fields.Nested(NoticeSchema))


class MigratedPageSchema(Schema):
    items = fields.List(fields.Nested(MigratedSchema), attribute="rows")
    next = fields.String(attribute="next_cursor")

"""What programs ask and get to read about how processes go."""

from marshmallow import Schema, fields, validate

from web import rules
from web.api.schemas import Code

_FEWER = {"description": "null: fewer than 5, but not 0."}
_NAME = validate.Length(max=250)


class AskedSchema(Schema):
    """Which processes are meant; what is not given does not matter."""

    deployment = rules.number(metadata={"description": "The number of a version of the diagrams."})
    process = fields.String(validate=_NAME)


class PeriodSchema(AskedSchema):
    since = rules.Month(metadata={"description": "The first month: 2027-01, or a day of it."})
    until = rules.Month(metadata={"description": "The last month: 2027-03, or a day of it."})


class CycleAskedSchema(PeriodSchema):
    process = fields.String(required=True, validate=_NAME)
    source = fields.String(
        load_default="",
        validate=_NAME,
        metadata={"description": "From first entering this element; else from the start."},
    )
    target = fields.String(
        load_default="",
        validate=_NAME,
        metadata={"description": "To first completing this element after that; else to the end."},
    )


class AgeingAskedSchema(AskedSchema):
    element = fields.String(validate=_NAME)


class SpreadSchema(Schema):
    """How long things took, in seconds. Median and p90 are off by 9.1 percent at most."""

    count = fields.Integer(metadata=_FEWER)
    mean = fields.Float()
    median = fields.Float()
    p90 = fields.Float()


class HeatSchema(Schema):
    deployment = fields.Integer()
    process = fields.String()
    element = fields.String()
    name = fields.String()
    kind = fields.String()
    entered = fields.Integer(metadata=_FEWER)
    here = fields.Integer(metadata=_FEWER)
    completed = fields.Integer(metadata=_FEWER)
    cancelled = fields.Integer(metadata=_FEWER)
    took = fields.Nested(SpreadSchema, metadata={"description": "Of completed stays."})


class HeatMapSchema(Schema):
    items = fields.List(fields.Nested(HeatSchema))


class CycleSchema(Schema):
    month = fields.Date(metadata={"description": "In which the processes came to their end."})
    took = fields.Nested(SpreadSchema)


class CyclesSchema(Schema):
    items = fields.List(fields.Nested(CycleSchema))


class AgeSchema(Schema):
    deployment = fields.Integer()
    process = fields.String()
    element = fields.String()
    name = fields.String()
    counts = fields.List(
        fields.Integer(allow_none=True),
        metadata={"description": "By days: up to 1, 3, 7, 30, 90, longer. null: fewer than 5."},
    )


class StandstillSchema(Schema):
    instance_id = fields.UUID()
    case_id = fields.UUID(attribute="business_key")
    deployment_id = fields.UUID()
    process = fields.String()
    element = fields.String()
    since = fields.DateTime()
    suspended = fields.Boolean()


class AgeingSchema(Schema):
    places = fields.List(fields.Nested(AgeSchema))
    oldest = fields.List(fields.Nested(StandstillSchema))


class StaySchema(Schema):
    """A token at an element, from when to when, how that ended and by whom."""

    token = fields.Integer()
    process = fields.String()
    element = fields.String()
    name = fields.String()
    kind = fields.String()
    deployment_id = fields.UUID()
    entered_at = fields.DateTime()
    left_at = fields.DateTime()
    seconds = fields.Integer()
    ended = Code()
    by_person = fields.Boolean()
    by = fields.String(metadata={"description": "For those who may know who works on the case."})
    rules = fields.List(fields.String())


class HistoryPageSchema(Schema):
    items = fields.List(fields.Nested(StaySchema), attribute="rows")
    next = fields.String(attribute="next_cursor")

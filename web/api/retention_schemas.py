"""What programs hand in and get to read about how long history is kept."""

from marshmallow import Schema, fields, validate

from bpmn.wording import say
from web import rules
from web.api.tending_schemas import ReasonSchema

_NO_VERSION = say("This must be a whole number from 1 to 2147483647.").template
_VERSION = validate.Range(1, rules.MOST, error=_NO_VERSION)


class SubjectSchema(ReasonSchema):
    """A process, a version of the diagrams, or both."""

    process = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=rules.LONGEST_LINE, error=rules.TOO_LONG),
        metadata={"description": "null: every process."},
    )
    deployment = rules.WholeNumber(
        load_default=None,
        allow_none=True,
        validate=_VERSION,
        error_messages={"invalid": _NO_VERSION, "too_large": _NO_VERSION},
        metadata={"description": "The number of a version; null: every version."},
    )


class SetRuleSchema(SubjectSchema):
    days = rules.number(
        required=True,
        allow_none=True,
        metadata={"description": "So many days after the end; null: for ever."},
    )


class RuleSchema(Schema):
    process = fields.String(metadata={"description": "null: every process."})
    deployment = fields.Integer(metadata={"description": "null: every version."})
    days = fields.Integer(metadata={"description": "null: for ever."})


class RulesSchema(Schema):
    items = fields.List(
        fields.Nested(RuleSchema),
        metadata={"description": "First what holds where no rule says otherwise."},
    )


class AmountSchema(Schema):
    instances = fields.Integer(metadata={"description": "Processes deleted whole."})
    histories = fields.Integer(
        metadata={"description": "Processes of closed cases that lose their history only."}
    )
    complete = fields.Boolean(
        metadata={"description": "false: there is too much to look at; at least so many."}
    )

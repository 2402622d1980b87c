"""Throw a signal to every process that waits for it."""

from typing import Any

from marshmallow import Schema, fields

from web import current
from web.api.given import values, why
from web.api.reading import ApiBlueprint
from workflows.tending import announcing

blueprint = ApiBlueprint("signals", __name__, description="Signals to running processes")


class SignalSchema(Schema):
    name = fields.String(required=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    reason = fields.String(required=True)


class HeardSchema(Schema):
    receivers = fields.Integer(metadata={"description": "How many places waited for it."})


@blueprint.act("", SignalSchema, 202, HeardSchema)
def throw(signal: dict[str, Any]) -> dict[str, int]:
    """Let everything that waits for this signal now hear it, each in a step of its own."""
    name, carried = signal["name"], values(signal["variables"])
    with current.begin() as uow:
        heard = announcing.throw_signal(uow, current.actor(), name, carried, why(signal))
    return {"receivers": heard}

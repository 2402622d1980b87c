"""Throw a signal to every process that waits for it."""

from typing import Any

from marshmallow import Schema, fields

from web import current
from web.api.reading import ApiBlueprint, IdempotencySchema, command
from web.permissions import signed_in
from workflows.tending import announcing
from workflows.tending.acts import Why
from workflows.tending.values import read_values

blueprint = ApiBlueprint("signals", __name__, description="Signals to running processes")


class SignalSchema(Schema):
    name = fields.String(required=True)
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    reason = fields.String(required=True)


class HeardSchema(Schema):
    receivers = fields.Integer(metadata={"description": "How many places waited for it."})


@blueprint.route("", methods=["POST"])
@blueprint.arguments(SignalSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(202, HeardSchema)
@signed_in
def throw(signal: dict[str, Any], _headers: dict[str, Any]) -> dict[str, int]:
    """Let everything that waits for this signal now hear it, each in a step of its own."""
    values = read_values(current.application().host, signal["variables"])
    why = Why(signal["reason"], command())
    with current.begin() as uow:
        heard = announcing.throw_signal(uow, current.actor(), signal["name"], values, why)
    return {"receivers": heard}

"""Tell a running case that something happened."""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields

from web import current
from web.api.reading import ApiBlueprint, IdempotencySchema, command
from web.permissions import signed_in
from workflows.cases import operations

blueprint = ApiBlueprint("messages", __name__, description="Messages to running cases")


class Message(StrEnum):
    SAFETY_EXIT = "safety_exit"
    WITHDRAWAL = "withdrawal"


class MessageSchema(Schema):
    name = fields.Enum(Message, by_value=True, required=True)
    case_id = fields.UUID(required=True)


_DEEDS: Mapping[Message, Callable[..., None]] = {
    Message.SAFETY_EXIT: operations.leave_for_safety,
    Message.WITHDRAWAL: operations.withdraw,
}


@blueprint.route("", methods=["POST"])
@blueprint.arguments(MessageSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(202)
@signed_in
def send(message: dict[str, Any], _headers: dict[str, Any]) -> None:
    """Send a message to a case."""
    with current.begin() as uow:
        _DEEDS[message["name"]](uow, current.actor(), message["case_id"], command())

"""Tell a running case that something happened."""

from enum import StrEnum
from typing import Any

from marshmallow import Schema, fields

from web import current
from web.api.reading import ApiBlueprint, IdempotencySchema, command
from web.permissions import signed_in
from workflows.cases import operations
from workflows.safety import leave_for_safety

blueprint = ApiBlueprint("messages", __name__, description="Messages to running cases")


class Message(StrEnum):
    SAFETY_EXIT = "safety_exit"
    WITHDRAWAL = "withdrawal"


class MessageSchema(Schema):
    name = fields.Enum(Message, by_value=True, required=True)
    case_id = fields.UUID(required=True)


@blueprint.route("", methods=["POST"])
@blueprint.arguments(MessageSchema)
@blueprint.arguments(IdempotencySchema, location="headers")
@blueprint.response(202)
@signed_in
def send(message: dict[str, Any], _headers: dict[str, Any]) -> None:
    """Send a message to a case."""
    sender, case_id, notices = current.actor(), message["case_id"], current.application().notices
    with current.begin() as uow:
        match message["name"]:
            case Message.SAFETY_EXIT:
                leave_for_safety(uow, sender, case_id, command(), notices)
            case Message.WITHDRAWAL:
                operations.withdraw(uow, sender, case_id, command())

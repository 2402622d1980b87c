"""Tell a running case that something happened."""

from enum import StrEnum
from typing import Any
from uuid import UUID

from marshmallow import Schema, fields

from web import current
from web.api.given import values, why
from web.api.reading import ApiBlueprint, command
from workflows.cases import operations
from workflows.safety import leave_for_safety
from workflows.tending.announcing import Letter, read_life, send_message

blueprint = ApiBlueprint("messages", __name__, description="Messages to running cases")


class Message(StrEnum):
    SAFETY_EXIT = "safety_exit"
    WITHDRAWAL = "withdrawal"


class MessageSchema(Schema):
    name = fields.Enum(Message, by_value=True, required=True)
    case_id = fields.UUID(required=True)


class LetterSchema(Schema):
    name = fields.String(required=True)
    key = fields.String(required=True, metadata={"description": "Most often the id of a case."})
    variables = fields.Dict(keys=fields.String(), load_default=dict)
    life = fields.String(
        load_default="P7D", metadata={"description": "How long it waits for its receiver."}
    )
    reason = fields.String(required=True)


class SentSchema(Schema):
    id = fields.UUID()


@blueprint.act("", MessageSchema, 202)
def send(message: dict[str, Any]) -> None:
    """Send a message to a case."""
    sender, case_id, notices = current.actor(), message["case_id"], current.application().notices
    with current.begin() as uow:
        match message["name"]:
            case Message.SAFETY_EXIT:
                leave_for_safety(uow, sender, case_id, command(), notices)
            case Message.WITHDRAWAL:
                operations.withdraw(uow, sender, case_id, command())


@blueprint.act("/publications", LetterSchema, 202, SentSchema)
def publish(letter: dict[str, Any]) -> dict[str, UUID]:
    """Send any message to the one process that waits, or will wait, for it under its key."""
    carried = values(letter["variables"])
    written = Letter(letter["name"], letter["key"], carried, read_life(letter["life"]))
    with current.begin() as uow:
        return {"id": send_message(uow, current.actor(), written, why(letter))}

"""The shared draft of the next deployment: read, change, check, submit, publish, discard."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from flask import request
from marshmallow import Schema, fields

from web import current
from web.api.reading import ApiBlueprint
from web.api.schemas import CreatedSchema, FileSchema, FindingSchema
from web.findings import Line, etag, lines
from web.guard import takes_files
from web.permissions import signed_in
from workflows import studio
from workflows.studio import FileRow

blueprint = ApiBlueprint("drafts", __name__, description="The draft of the next deployment")


class SubmissionSchema(Schema):
    comment = fields.String(load_default="")


@blueprint.route("/current/files", methods=["GET"])
@blueprint.response(200, FileSchema(many=True))
@signed_in
def files() -> Sequence[FileRow]:
    """List the files as the draft has them, or as published when there is no draft."""
    with current.reading() as reading:
        return studio.open_studio(reading, current.actor()).files


@blueprint.route("/current/files/<name>", methods=["PUT"])
@blueprint.response(200, FindingSchema(many=True))
@signed_in
@takes_files
def put_file(name: str) -> Sequence[Line]:
    """Put a file, sent as it is, into the draft; the answer holds the findings."""
    content = request.get_data()
    with current.reading() as reading:
        studio.check_file(reading, current.actor(), name, content)
    with current.begin() as uow:
        return list(lines(studio.save_file(uow, current.actor(), name, content, etag())))


@blueprint.route("/current/files/<name>", methods=["DELETE"])
@blueprint.response(200, FindingSchema(many=True))
@signed_in
def remove_file(name: str) -> Sequence[Line]:
    """Take a file out of the next deployment."""
    with current.begin() as uow:
        return list(lines(studio.remove_file(uow, current.actor(), name)))


@blueprint.route("/current/findings", methods=["GET"])
@blueprint.response(200, FindingSchema(many=True))
@signed_in
def check() -> Sequence[Line]:
    """Check the draft, or what is published when there is none."""
    with current.reading() as reading:
        return list(lines(studio.check_draft(reading, current.actor())))


@blueprint.route("/current/submission", methods=["POST"])
@blueprint.arguments(SubmissionSchema)
@blueprint.response(204)
@signed_in
def submit(body: dict[str, Any]) -> None:
    """Ask a second person to publish."""
    with current.begin() as uow:
        studio.submit_draft(uow, current.actor(), body["comment"])


@blueprint.route("/current/publication", methods=["POST"])
@blueprint.response(201, CreatedSchema)
@signed_in
def publish() -> dict[str, UUID]:
    """Approve and publish what another person submitted."""
    with current.begin() as uow:
        return {"id": studio.publish_draft(uow, current.actor())}


@blueprint.route("/current", methods=["DELETE"])
@blueprint.response(204)
@signed_in
def discard() -> None:
    """Throw the draft away."""
    with current.begin() as uow:
        studio.discard_draft(uow, current.actor())

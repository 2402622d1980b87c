"""The morning screen."""

from uuid import UUID

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response as AnyResponse

from notifications import in_app
from web import current
from web.permissions import signed_in
from workflows import inbox
from workflows.access import Action, may
from workflows.today import today

blueprint = Blueprint("today", __name__)


@blueprint.get("/")
@signed_in
def show() -> str:
    actor = current.actor()
    with current.reading() as reading:
        return render_template(
            "today.html",
            today=today(reading, actor),
            counts=inbox.count_tasks(reading, actor),
            notices=in_app.unread(reading.session, actor.person_id),
            may_report=may(actor, Action.REPORT_INCIDENT),
        )


@blueprint.post("/notices/<uuid:notice_id>")
@signed_in
def mark_read(notice_id: UUID) -> AnyResponse:
    with current.begin() as uow:
        in_app.mark_read(uow, current.actor().person_id, notice_id)
    return redirect(url_for("today.show"))

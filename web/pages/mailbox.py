"""The mails of a demo installation, which nobody else receives."""

from flask import Blueprint, abort, render_template

from notifications import queries
from web import current
from web.permissions import signed_in
from workflows.access import Action, require

blueprint = Blueprint("mailbox", __name__)


@blueprint.get("/mailbox")
@signed_in
def show() -> str:
    if not current.application().settings.demo:
        abort(404)
    require(current.actor(), Action.READ_MAILBOX)
    with current.application().transactions.reading() as reading:
        return render_template("mailbox.html", letters=queries.mailbox(reading))

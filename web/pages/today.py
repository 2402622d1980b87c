"""The morning screen."""

from flask import Blueprint, render_template

from web import current
from web.permissions import signed_in
from workflows import inbox
from workflows.today import today

blueprint = Blueprint("today", __name__)


@blueprint.get("/")
@signed_in
def show() -> str:
    with current.begin() as uow:
        chosen = today(uow, current.actor())
        counts = inbox.count_tasks(uow, current.actor())
        return render_template("today.html", today=chosen, counts=counts)

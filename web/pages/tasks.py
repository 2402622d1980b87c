"""Tasks: the lists, one task with its form, claim, release, draft, completion."""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bpmn.errors import Invalid
from web import current
from web.guard import takes_attachments
from web.pages import filling
from web.pages.questions import Filling, mistakes
from web.pages.uploads import keep_files
from web.pages.ways import way_back
from web.permissions import signed_in
from workflows import inbox
from workflows.inbox import Completed, OpenTask, Shelf
from workflows.inbox.errors import MoreQuestions

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks")
_Answer = Response | AnyResponse | str | tuple[str, int]


@blueprint.get("")
@signed_in
def listing() -> str:
    wanted = request.args.get("shelf", Shelf.MINE)
    shelf = Shelf(wanted) if wanted in set(Shelf) else Shelf.MINE
    after = request.args.get("after")
    with current.reading() as reading:
        page = inbox.list_tasks(reading, current.actor(), shelf, after=after)
        here = url_for("tasks.listing", shelf=shelf.value, after=after)
        return render_template("tasks.html", page=page, shelf=shelf, here=here)


@blueprint.get("/<uuid:task_id>")
@signed_in
def show(task_id: UUID) -> _Answer:
    with current.reading() as reading:
        opened = inbox.open_task(reading, current.actor(), task_id)
        return _page(opened, filling.of_stored(opened))


@blueprint.post("/<uuid:task_id>")
@takes_attachments
@signed_in
def send(task_id: UUID) -> _Answer:
    sent = MultiDict(request.form)
    refused = keep_files(task_id, sent) if request.files else None
    if refused or "_resume" in sent or filling.changes_rows(request.form):
        return _again(task_id, sent, refused)
    if sent.get("_do") == "draft":
        return _keep(task_id, sent)
    return current.again(lambda: _complete(task_id, sent))


def _complete(task_id: UUID, sent: MultiDict[str, str]) -> _Answer:
    try:
        with current.begin() as uow:
            page = filling.page_sent(sent)
            done = inbox.complete(uow, current.actor(), task_id, page, current.command())
    except MoreQuestions:
        return _again(task_id, sent, more=True)
    except Invalid as refusal:
        return _again(task_id, sent, refusal)
    return _onward(done)


@blueprint.post("/<uuid:task_id>/questions")
@signed_in
def ask_again(task_id: UUID) -> _Answer:
    """Return the questions for the answers so far; nothing when they are those on the page."""
    with current.reading() as reading:
        opened = inbox.open_task(reading, current.actor(), task_id)
        asked = _asked(opened, filling.of_sent(opened, request.form))
        if asked["state"] == request.form.get("_state") and not filling.changes_rows(request.form):
            return "", HTTPStatus.NO_CONTENT
        return render_template("_questions.html", **asked)


@blueprint.post("/<uuid:task_id>/draft")
@signed_in
def draft(task_id: UUID) -> AnyResponse:
    with current.begin() as uow:
        inbox.save_draft(uow, current.actor(), task_id, filling.answers_sent(request.form))
    return Response(status=HTTPStatus.NO_CONTENT)


@blueprint.post("/<uuid:task_id>/claim")
@signed_in
def claim(task_id: UUID) -> AnyResponse:
    with current.begin() as uow:
        inbox.claim(uow, current.actor(), task_id)
    return redirect(url_for("tasks.show", task_id=task_id, back=way_back("") or None))


@blueprint.post("/<uuid:task_id>/release")
@signed_in
def release(task_id: UUID) -> AnyResponse:
    with current.begin() as uow:
        inbox.release(uow, current.actor(), task_id)
    flash(_("The task is back in its group."))
    return redirect(way_back(url_for("tasks.listing")))


def _keep(task_id: UUID, sent: MultiDict[str, str]) -> AnyResponse:
    with current.begin() as uow:
        inbox.save_draft(uow, current.actor(), task_id, filling.answers_sent(sent))
    flash(_("Your draft is saved."))
    return redirect(url_for("tasks.show", task_id=task_id, back=way_back("") or None))


def _again(
    task_id: UUID,
    sent: MultiDict[str, str],
    refusal: Invalid | None = None,
    *,
    more: bool = False,
) -> _Answer:
    with current.reading() as reading:
        opened = inbox.open_task(reading, current.actor(), task_id)
        page = _page(opened, filling.of_sent(opened, sent, refusal), refusal=refusal, more=more)
    return page, HTTPStatus.UNPROCESSABLE_ENTITY if refusal else HTTPStatus.OK


def _page(
    opened: OpenTask,
    filled: Filling,
    *,
    refusal: Invalid | None = None,
    more: bool = False,
) -> str:
    asked = _asked(opened, filled)
    facts: dict[str, Any] = {
        **asked,
        "task": opened.task,
        "takes_files": filling.takes_files(opened.form),
        "changes_itself": filling.has_conditions(opened.form),
        "problems": list(mistakes(asked["questions"])),
        "refusal": refusal,
        "more": more,
        "command": request.form.get("_command") or current.new_command(),
        "back": way_back(""),
    }
    return render_template("task.html", **facts)


def _onward(done: Completed) -> AnyResponse:
    message = escape(_("“%(task)s” is done.", task=done.task_name))
    for row in done.next_tasks[:3]:
        address = url_for("tasks.show", task_id=row.id)
        message += _link(address, _("Next: %(task)s", task=row.name))
    otherwise = url_for("today.show")
    if done.case_id is not None:
        otherwise = url_for("cases.show", case_id=done.case_id)
    if done.case_id is not None and not done.next_tasks:
        message += _link(otherwise, _("See how the case goes on"))
    flash(message)
    return redirect(way_back(otherwise))


def _link(address: str, text: str) -> Markup:
    return Markup(' <a class="kern-link" href="{}">{}</a>').format(address, text)


def _asked(opened: OpenTask, filled: Filling) -> dict[str, Any]:
    return filling.page_of(opened, filled, url_for("tasks.ask_again", task_id=opened.task.id))

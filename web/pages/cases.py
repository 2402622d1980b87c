"""Cases: the list, the case file, and what people do to a case outside its tasks."""

from collections.abc import Callable
from datetime import datetime, time
from http import HTTPStatus
from typing import Any
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bpmn.errors import Invalid
from bpmn.host import BERLIN
from engine import clock
from engine.unit_of_work import UnitOfWork
from web import current, entries
from web.language import spoken
from web.pages.questions import Mistake
from web.pages.tongues import languages_spoken
from web.permissions import signed_in
from workflows.cases import attachments, operations
from workflows.cases.casefile import list_cases, open_case
from workflows.cases.file_kinds import FileKind
from workflows.cases.values import (
    CaseState,
    ConflictType,
    ContactChannel,
    PartyKind,
    Reached,
)
from workflows.extending import extend_deadline
from workflows.safety import leave_for_safety as press_safety

blueprint = Blueprint("cases", __name__, url_prefix="/cases")
_Answer = AnyResponse | str | tuple[str, int]
_Deed = Callable[[UnitOfWork], object]

_MIME = {
    FileKind.PDF: "application/pdf",
    FileKind.JPEG: "image/jpeg",
    FileKind.PNG: "image/png",
}
_SHELVES = {
    "open": frozenset(CaseState) - {CaseState.CLOSED},
    "closed": frozenset({CaseState.CLOSED}),
}


@blueprint.get("")
@signed_in
def listing() -> str:
    shelf = request.args.get("shelf", "open")
    kind = request.args.get("type")
    wanted = ConflictType(kind) if kind in set(ConflictType) else None
    states = _SHELVES.get(shelf, _SHELVES["open"])
    with current.reading() as reading:
        page = list_cases(
            reading,
            current.actor(),
            states=states,
            conflict_type=wanted,
            after=request.args.get("after"),
        )
        return render_template(
            "cases.html", page=page, shelf=shelf, wanted=wanted, types=tuple(ConflictType)
        )


@blueprint.get("/<uuid:case_id>")
@signed_in
def show(case_id: UUID) -> str:
    return _page(case_id)


@blueprint.get("/<uuid:case_id>/attachments/<uuid:attachment_id>")
@signed_in
def attachment(case_id: UUID, attachment_id: UUID) -> AnyResponse:
    """Hand a file out to be saved; no page ever shows it."""
    with current.begin() as uow:
        file = attachments.read(uow, current.actor(), case_id, attachment_id)
    response = Response(file.content, mimetype=_MIME[file.kind])
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@blueprint.post("/<uuid:case_id>/notes")
@signed_in
def add_note(case_id: UUID) -> _Answer:
    def deed(uow: UnitOfWork) -> object:
        told = entries.read(entries.NoteSchema(), request.form)
        return operations.add_note(
            uow, current.actor(), case_id, told["text"], private=told["private"]
        )

    return _do(case_id, "note", deed, _("The note is saved."))


@blueprint.post("/<uuid:case_id>/parties")
@signed_in
def add_party(case_id: UUID) -> _Answer:
    def deed(uow: UnitOfWork) -> object:
        entry = entries.read(entries.PartyEntrySchema(), request.form)
        return operations.add_party(uow, current.actor(), case_id, entry)

    return _do(case_id, "party", deed, _("The party is added."))


@blueprint.post("/<uuid:case_id>/contacts")
@signed_in
def log_contact(case_id: UUID) -> _Answer:
    def deed(uow: UnitOfWork) -> object:
        contact = entries.read(entries.ContactSchema(), request.form)
        return operations.log_contact(uow, current.actor(), case_id, contact)

    return _do(case_id, "contact", deed, _("The contact is logged."))


@blueprint.post("/<uuid:case_id>/appointments")
@signed_in
def arrange(case_id: UUID) -> _Answer:
    def deed(uow: UnitOfWork) -> object:
        told = entries.read(entries.AppointmentSchema(), request.form)
        return operations.arrange_appointment(
            uow, current.actor(), case_id, told["starts_at"], told["place"]
        )

    return _do(case_id, "appointment", deed, _("The appointment is arranged."))


@blueprint.post("/<uuid:case_id>/deadlines/<uuid:task_id>")
@signed_in
def extend(case_id: UUID, task_id: UUID) -> _Answer:
    def deed(uow: UnitOfWork) -> object:
        told = entries.read(entries.ExtensionSchema(), request.form)
        last_minute = datetime.combine(told["due_on"], time(23, 59), BERLIN)
        extend_deadline(uow, current.actor(), task_id, last_minute, told["reason"])
        return None

    return _do(case_id, "deadline", deed, _("The deadline is extended."))


@blueprint.post("/<uuid:case_id>/safety")
@signed_in
def leave_for_safety(case_id: UUID) -> AnyResponse:
    with current.begin() as uow:
        press_safety(
            uow, current.actor(), case_id, current.command(), current.application().notices
        )
    flash(_("Mediation is stopped and the coordination has been told."))
    return redirect(url_for("safety.card"))


@blueprint.post("/<uuid:case_id>/withdrawal")
@signed_in
def withdraw(case_id: UUID) -> AnyResponse:
    with current.begin() as uow:
        operations.withdraw(uow, current.actor(), case_id, current.command())
    flash(_("The withdrawal is taken note of."))
    return redirect(url_for("cases.show", case_id=case_id))


def _do(case_id: UUID, what: str, deed: _Deed, done: str) -> _Answer:
    if "_resume" in request.form:
        return _page(case_id, open_entry=what, sent=request.form)
    command = current.command()
    try:
        with current.begin() as uow:
            uow.once(command and f"{request.path}:{command}", lambda: str(deed(uow)))
    except Invalid as refusal:
        page = _page(case_id, open_entry=what, sent=request.form, refusal=refusal)
        return page, HTTPStatus.UNPROCESSABLE_ENTITY
    flash(done)
    return redirect(url_for("cases.show", case_id=case_id))


def _page(
    case_id: UUID,
    *,
    open_entry: str = "",
    sent: MultiDict[str, str] | None = None,
    refusal: Invalid | None = None,
) -> str:
    with current.reading() as reading:
        file = open_case(reading, current.actor(), case_id)
    problems = [
        Mistake(f"{open_entry}-{key}", "", spoken(sentence))
        for key, wrong in (refusal.fields if refusal else {}).items()
        for sentence in wrong
    ]
    facts: dict[str, Any] = {
        "file": file,
        "case": file.shell,
        "open_entry": open_entry,
        "sent": sent or {},
        "refusal": refusal,
        "problems": problems,
        "kinds": tuple(PartyKind),
        "channels": tuple(ContactChannel),
        "answers": tuple(Reached),
        "languages_spoken": languages_spoken(
            "party-languages", "languages", sent.getlist("languages") if sent else ()
        ),
        "now": entries.local(clock.now().astimezone(BERLIN)),
        "command": current.new_command(),
    }
    return render_template("case.html", **facts)

"""Processes: what is published, the shared draft, the editor, upload, check, approval."""

from collections.abc import Iterator
from http import HTTPStatus
from uuid import UUID

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as AnyResponse

from bpmn.errors import Invalid
from engine import deployments
from web import current, findings
from web.guard import takes_files
from web.pages import trials
from web.permissions import signed_in
from workflows import studio
from workflows.access import Action, NoSuchThing, require
from workflows.studio import FileKind

blueprint = Blueprint("processes", __name__, url_prefix="/processes")
_INERT = "default-src 'none'; sandbox"
_TYPES = {"form": "application/json"}


@blueprint.get("")
@signed_in
def listing() -> str:
    return _desk()


@blueprint.get("/files/<name>")
@signed_in
def edit(name: str) -> str | tuple[str, int]:
    """Open a diagram in the editor; a form or a decision is shown, and can be tried."""
    with current.reading() as reading:
        file = studio.open_file(reading, current.actor(), name)
        if file.kind is FileKind.PROCESS:
            return render_template("studio.html", file=file)
        return trials.page(file, studio.examine(reading, current.actor(), name))


@blueprint.get("/files/<name>/content")
@signed_in
def content(name: str) -> Response:
    with current.reading() as reading:
        file = studio.open_file(reading, current.actor(), name)
    return _inert(name, file.content, file.etag)


@blueprint.post("/files/<name>/content")
@signed_in
@takes_files
def save(name: str) -> Response:
    sent = request.get_data()
    _check_first(name, sent)
    with current.begin() as uow:
        checked = studio.save_file(uow, current.actor(), name, sent, findings.etag())
        saved = studio.open_file(uow, current.actor(), name)
    answer = findings.as_json(checked, name)
    answer.set_etag(saved.etag)
    return answer


@blueprint.post("/files/<name>/check")
@signed_in
@takes_files
def check(name: str) -> Response:
    return findings.as_json(_check_first(name, request.get_data()), name)


def _check_first(name: str, content: bytes) -> studio.Checked:
    """Check outside of any transaction that writes: nobody has to wait for it."""
    with current.reading() as reading:
        return studio.check_file(reading, current.actor(), name, content)


@blueprint.get("/choices")
@signed_in
def choices() -> Response:
    with current.reading() as reading:
        return findings.choices(studio.offer_choices(reading, current.actor()))


@blueprint.post("/upload")
@signed_in
@takes_files
def upload() -> AnyResponse | tuple[str, int]:
    files = list(_uploaded())
    try:
        with current.begin() as uow:
            for name, content in files:
                studio.save_file(uow, current.actor(), name, content, None)
    except Invalid as refusal:
        return _desk(refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    if files:
        flash(_("In the draft: %(files)s.", files=", ".join(name for name, _content in files)))
    else:
        flash(_("Please choose a file first."), "warning")
    return redirect(url_for("processes.listing"))


@blueprint.post("/files/<name>/<any(remove, restore):deed>")
@signed_in
def change_draft(name: str, deed: str) -> AnyResponse:
    deeds = {"remove": studio.remove_file, "restore": studio.restore_file}
    with current.begin() as uow:
        deeds[deed](uow, current.actor(), name)
    return redirect(url_for("processes.listing"))


@blueprint.post("/draft/submission")
@signed_in
def submit() -> AnyResponse:
    _check_draft_first()
    with current.begin() as uow:
        studio.submit_draft(uow, current.actor(), request.form.get("comment", "").strip())
    flash(_("The draft waits for a second person to approve it."))
    return redirect(url_for("processes.listing"))


@blueprint.post("/draft/publication")
@signed_in
def publish() -> AnyResponse:
    _check_draft_first()
    with current.begin() as uow:
        studio.publish_draft(uow, current.actor())
    flash(_("Published. Cases that are running keep their version."))
    return redirect(url_for("processes.listing"))


def _check_draft_first() -> None:
    with current.reading() as reading:
        studio.check_draft(reading, current.actor())


@blueprint.post("/draft/<any(discard, rebase):deed>")
@signed_in
def settle_draft(deed: str) -> AnyResponse:
    deeds = {"discard": studio.discard_draft, "rebase": studio.rebase_draft}
    with current.begin() as uow:
        deeds[deed](uow, current.actor())
    return redirect(url_for("processes.listing"))


@blueprint.get("/deployments/<uuid:deployment_id>/files/<name>")
@signed_in
def published_file(deployment_id: UUID, name: str) -> Response:
    require(current.actor(), Action.READ_PROCESS)
    with current.application().transactions.reading() as reading:
        bundle = deployments.bundle_of(reading, deployment_id)
    if name not in bundle.files:
        raise NoSuchThing
    return _inert(name, bundle.files[name], None)


def _uploaded() -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each file that was sent; folders in a name mean nothing here."""
    for file in request.files.getlist("files"):
        with file.stream as stream:
            name = (file.filename or "").replace("\\", "/").rpartition("/")[2]
            if name:
                yield name, stream.read()


def _desk(refusal: Invalid | None = None) -> str:
    with current.reading() as reading:
        desk = studio.open_studio(reading, current.actor())
        checked = studio.check_draft(reading, current.actor()) if desk.draft else None
    found = list(findings.lines(checked)) if checked else []
    return render_template(
        "processes.html", desk=desk, checked=checked, findings=found, refusal=refusal
    )


def _inert(name: str, content: bytes, etag: str | None) -> Response:
    """Return a file of a diagram's author: shown as what it is, never run as a page."""
    answer = Response(content, HTTPStatus.OK)
    answer.content_type = _TYPES.get(name.rpartition(".")[2], "application/xml")
    answer.headers["Content-Security-Policy"] = _INERT
    if etag is not None:
        answer.set_etag(etag)
    return answer

"""Report an incident: one short page, three taps and a sentence."""

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response as AnyResponse

from bpmn.errors import Invalid
from web import current, reports
from web.language import spoken, tongues
from web.pages.questions import Mistake
from web.permissions import signed_in
from workflows import people
from workflows.access import Action, CaseScope, may, require
from workflows.cases.reporting import report_incident
from workflows.cases.values import TYPES, Anonymity, Channel, Context
from workflows.languages import LANGUAGES

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")

_CHANNELS = (Channel.IN_PERSON, Channel.PHONE, Channel.LETTER, Channel.SCHOOL, Channel.PARTNER)


@blueprint.get("/new")
@signed_in
def blank() -> str:
    return _page(MultiDict())


@blueprint.post("/new")
@signed_in
def report() -> AnyResponse | str | tuple[str, int]:
    if "_resume" in request.form:
        return _page(request.form)
    try:
        told = reports.from_page(request.form)
        with current.begin() as uow:
            opened = report_incident(uow, current.actor(), told, current.command())
    except Invalid as refusal:
        return _page(request.form, refusal), HTTPStatus.UNPROCESSABLE_ENTITY
    flash(_("Reported as %(number)s.", number=opened.number))
    scope = CaseScope(opened.case_id, told.quarter_id)
    if not may(current.actor(), Action.READ_SHELL, scope):
        flash(_("The quarter management responsible goes on from here."))
        return redirect(url_for("today.show"))
    return redirect(url_for("cases.show", case_id=opened.case_id))


def _page(sent: MultiDict[str, str], refusal: Invalid | None = None) -> str:
    require(current.actor(), Action.REPORT_INCIDENT)
    errors = {
        key: [spoken(sentence) for sentence in wrong]
        for key, wrong in (refusal.fields if refusal else {}).items()
    }
    with current.reading() as reading:
        return render_template(
            "incident.html",
            sent=sent,
            errors=errors,
            refusal=refusal,
            problems=[Mistake(key, "", text) for key, texts in errors.items() for text in texts],
            quarters=people.quarters(reading),
            own=current.actor().quarters,
            types=TYPES[Context.NEIGHBOURHOOD],
            channels=_CHANNELS,
            anonymities=tuple(Anonymity),
            tongues=tongues(LANGUAGES),
            parties=range(reports.PARTIES_ON_THE_PAGE),
            command=sent.get("_command") or current.new_command(),
        )

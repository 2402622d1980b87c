"""What forms say about parties, talks and agreements goes into their rows of the case file."""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine.database import new_id
from workflows.cases import details, queries
from workflows.cases.filing import FilledForm, Folder, reference
from workflows.cases.models import Party
from workflows.cases.records import Agreement, Commitment, FollowUpAnswer
from workflows.cases.values import AppointmentState, ContactChannel, Context, Kept, PartyKind

_SIDES = {"party.a_languages": 1, "party.b_languages": 2}
_HELD = {
    "yes": AppointmentState.HELD,
    "cancelled": AppointmentState.CANCELLED,
    "no_show": AppointmentState.NO_SHOW,
    "broken_off": AppointmentState.BROKEN_OFF,
}


def file_shell(folder: Folder, form: FilledForm) -> Iterator[str]:
    """Keep what a person corrected about the case as a whole."""
    if context := form.answered.get("context"):
        folder.case.context = Context(context)
    if quarter := reference(form.answered.get("quarter")):
        folder.case.quarter_id = quarter
    yield from ()


def file_parties(folder: Folder, form: FilledForm) -> Iterator[str]:
    """Keep the languages of both sides; a case that is assessed has two sides from then on."""
    sides = form.under("party")
    if not sides.keys() & _SIDES.keys():
        return
    known = {party.position: party for party in queries.parties(folder.session, folder.case.id)}
    for key, position in _SIDES.items():
        party = known.get(position) or _new_party(folder, position, form)
        add_languages(folder, party, form.value(key) or ())
        if position == 1 and form.answered.get("oral_only") is True:
            party.oral_only = True
    yield from sides.keys() & _SIDES.keys()


def file_reachability(folder: Folder, form: FilledForm) -> Iterator[str]:
    """Keep what a contact taught about the party: its language, its safe channel."""
    party_id = reference(form.value("contact.party"))
    language, channel = form.value("contact.language"), form.value("contact.safe_channel")
    if party_id is None or not (language or channel):
        return
    party = folder.session.get_one(Party, party_id)
    if channel:
        party.safe_channel = ContactChannel(channel)
    if language:
        add_languages(folder, party, (language,))
    yield from ()


def add_languages(folder: Folder, party: Party, tags: Iterable[str]) -> None:
    known = open_party(folder, party)
    languages: list[dict[str, Any]] = list(known.get("languages", ()))
    present = {language["tag"] for language in languages}
    new = [{"tag": tag} for tag in tags if tag not in present]
    if new:
        seal_party(folder, party, {**known, "languages": [*languages, *new]})


def open_party(folder: Folder, party: Party) -> dict[str, Any]:
    return details.unseal_with(folder.key, (Party.__tablename__, party.id), party.details)


def seal_party(folder: Folder, party: Party, values: Mapping[str, Any]) -> None:
    party.details = folder.seal(Party, party.id, values)


def _new_party(folder: Folder, position: int, form: FilledForm) -> Party:
    party = Party(
        id=new_id(),
        case_id=folder.case.id,
        position=position,
        kind=PartyKind.PERSON,
        minor=False,
        oral_only=False,
        created_at=form.at,
    )
    folder.session.add(party)
    return party


def file_session(folder: Folder, form: FilledForm) -> Iterator[str]:
    """Say of the last planned appointment what became of it."""
    held = form.answered.get("held")
    planned = queries.planned_appointments(folder.session, folder.case.id) if held in _HELD else ()
    if planned:
        planned[-1].state = _HELD[str(held)]
    yield from ()


def file_agreement(folder: Folder, form: FilledForm) -> Iterator[str]:
    agreed_on = form.answered.get("agreed_on")
    promises = form.value("agreement.commitments")
    if agreed_on is None or promises is None:
        return
    agreement_id = new_id()
    also = ("agreement.languages", "agreement.confirmations")
    known = {key.partition(".")[2]: form.value(key, ()) for key in also}
    folder.session.add(
        Agreement(
            id=agreement_id,
            case_id=folder.case.id,
            task_id=form.task_id,
            agreed_on=agreed_on,
            by=form.by,
            details=folder.seal(Agreement, agreement_id, known),
        )
    )
    folder.session.flush()  # the commitments refer to the agreement by id alone
    folder.session.add_all(_commitment(folder, agreement_id, promise) for promise in promises)
    yield from ("agreement.commitments", *also)


def _commitment(folder: Folder, agreement_id: UUID, promise: Mapping[str, Any]) -> Commitment:
    commitment_id = new_id()
    return Commitment(
        id=commitment_id,
        agreement_id=agreement_id,
        case_id=folder.case.id,
        party_id=reference(promise.get("who")),
        due_on=promise.get("due"),
        details=folder.seal(Commitment, commitment_id, {"what": promise.get("what", "")}),
    )


def file_follow_up(folder: Folder, form: FilledForm) -> Iterator[str]:
    """Answer the earliest follow-up day that is still open."""
    holds = form.answered.get("holds")
    if holds is None or "agreement.follow_ups" not in form.fields:
        return
    days = queries.follow_ups(folder.session, folder.case.id)
    day = next((day for day in days if day.done_at is None), None)
    if day is None:
        return
    day.done_at, day.kept = form.at, Kept(holds)
    day.new_incident = form.answered.get("new_incident")
    folder.session.add_all(
        FollowUpAnswer(
            follow_up_id=day.id,
            party_id=reference(answer["party"]),
            case_id=folder.case.id,
            kept=Kept(answer["holds"]),
            satisfaction=_whole(answer.get("satisfaction")),
        )
        for answer in form.value("agreement.follow_ups")
    )
    yield "agreement.follow_ups"


def _whole(value: Decimal | None) -> int | None:
    return int(value) if value is not None else None

"""What people do to a case outside its tasks.

Each operation holds the case until the transaction ends, and asks `access` before anything else.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from uuid import UUID

from engine import clock, messages
from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from workflows import access, audit
from workflows.access import Action, Actor
from workflows.cases import details, queries
from workflows.cases.errors import (
    AppointmentUnfit,
    CaseClosed,
    CaseUnknown,
    ContactUnfit,
    EntryTooLong,
    MediationLocked,
    NothingEntered,
    PartyUnknown,
    RecordUnknown,
)
from workflows.cases.models import Case, Party, PartyRelation
from workflows.cases.records import Appointment, ContactLog, Note
from workflows.cases.values import AppointmentState, CaseState, ContactChannel, PartyKind, Reached
from workflows.cases.views import ContactMade, LanguageSkill, Relation
from workflows.people import queries as people

LONGEST_NOTE = 4_000
LONGEST_LINE = 500
MOST_PARTIES = 26
USUAL_LENGTH = timedelta(hours=1)
LEEWAY = timedelta(minutes=1)
"""Clocks of phones may be that much ahead of ours."""


@dataclass(frozen=True, slots=True)
class PartyEntry:
    """A party as a person enters it."""

    kind: PartyKind = PartyKind.PERSON
    name: str = ""
    contacts: str = ""
    safe_hours: str = ""
    remarks: str = ""
    minor: bool = False
    oral_only: bool = False
    safe_channel: ContactChannel | None = None
    languages: tuple[LanguageSkill, ...] = ()


def add_party(uow: UnitOfWork, actor: Actor, case_id: UUID, entry: PartyEntry) -> UUID:
    """Add a party to an open case; it becomes the next letter."""
    case = hold_case(uow, actor, Action.MANAGE_PARTIES, case_id)
    present = queries.parties(uow.session, case.id)
    if len(present) >= MOST_PARTIES:
        raise EntryTooLong("parties", MOST_PARTIES)
    party = Party(
        id=new_id(),
        case_id=case.id,
        position=max((party.position for party in present), default=0) + 1,
        created_at=clock.now(),
    )
    _write_party(uow, party, entry)
    uow.session.add(party)
    audit.record(uow, actor.person_id, case.id, "add_party", ["party"])
    return party.id


def change_party(uow: UnitOfWork, actor: Actor, party_id: UUID, entry: PartyEntry) -> None:
    party = uow.session.get(Party, party_id)
    if party is None:
        raise PartyUnknown
    hold_case(uow, actor, Action.MANAGE_PARTIES, party.case_id)
    _write_party(uow, party, entry)
    audit.record(uow, actor.person_id, party.case_id, "change_party", ["party"])


def _write_party(uow: UnitOfWork, party: Party, entry: PartyEntry) -> None:
    lines = {
        "name": entry.name,
        "contacts": entry.contacts,
        "safe_hours": entry.safe_hours,
        "remarks": entry.remarks,
    }
    for name, line in lines.items():
        _require_length(name, line, LONGEST_LINE)
    party.kind, party.minor, party.oral_only = entry.kind, entry.minor, entry.oral_only
    party.safe_channel = entry.safe_channel
    known = {**lines, "languages": [asdict(language) for language in entry.languages]}
    place = (Party.__tablename__, party.id)
    party.details = details.seal(uow.session, party.case_id, place, known)


def relate_parties(uow: UnitOfWork, actor: Actor, case_id: UUID, relation: Relation) -> None:
    """Say how a party stands to another or to one of our people, who is then not proposed."""
    case = hold_case(uow, actor, Action.MANAGE_PARTIES, case_id)
    known = {party.id for party in queries.parties(uow.session, case.id)}
    if relation.party_id not in known:
        raise PartyUnknown
    if relation.person_id is not None:
        if not people.names(uow.session, [relation.person_id]):
            raise RecordUnknown
    elif relation.other_party_id not in known - {relation.party_id}:
        raise PartyUnknown
    uow.session.add(
        PartyRelation(
            id=new_id(),
            case_id=case.id,
            party_id=relation.party_id,
            other_party_id=None if relation.person_id else relation.other_party_id,
            person_id=relation.person_id,
            kind=relation.kind,
        )
    )
    audit.record(uow, actor.person_id, case.id, "relate_parties", ["party_relation"])


def add_note(uow: UnitOfWork, actor: Actor, case_id: UUID, text: str, *, private: bool) -> UUID:
    """Write a note into the confidential room; a private one is for its author alone."""
    case = hold_case(uow, actor, Action.WRITE_NOTE, case_id)
    if not text.strip():
        raise NothingEntered("text")
    _require_length("text", text, LONGEST_NOTE)
    note_id = new_id()
    place = (Note.__tablename__, note_id)
    uow.session.add(
        Note(
            id=note_id,
            case_id=case.id,
            private=private,
            by=actor.person_id,
            at=clock.now(),
            details=details.seal(uow.session, case.id, place, {"text": text.strip()}),
        )
    )
    audit.record(uow, actor.person_id, case.id, "add_note", ["note"])
    return note_id


def log_contact(uow: UnitOfWork, actor: Actor, case_id: UUID, contact: ContactMade) -> UUID:
    case = hold_case(uow, actor, Action.LOG_CONTACT, case_id)
    parties = {party.id for party in queries.parties(uow.session, case.id)}
    if contact.party_id is not None and contact.party_id not in parties:
        raise PartyUnknown
    if contact.at > clock.now() + LEEWAY:
        raise ContactUnfit
    told = {"language": contact.language, "said": contact.said, "next_step": contact.next_step}
    for name, text in told.items():
        _require_length(name, text, LONGEST_NOTE)
    if contact.reached is Reached.YES:
        queries.settle_first_contact(uow.session, case.id, contact.at)
    contact_id = new_id()
    place = (ContactLog.__tablename__, contact_id)
    uow.session.add(
        ContactLog(
            id=contact_id,
            case_id=case.id,
            party_id=contact.party_id,
            at=contact.at,
            channel=contact.channel,
            reached=contact.reached,
            minutes=contact.minutes,
            by=actor.person_id,
            details=details.seal(uow.session, case.id, place, _worded(told)),
        )
    )
    audit.record(uow, actor.person_id, case.id, "log_contact", ["contact_log"])
    return contact_id


_WORDS = {"language": "Sprache", "said": "Anliegen", "next_step": "Nächster Schritt"}


def _worded(told: dict[str, str]) -> dict[str, dict[str, str]]:
    return {
        f"contact.{name}": {"label": _WORDS[name], "value": text.strip(), "shown": text.strip()}
        for name, text in told.items()
        if text.strip()
    }


def arrange_appointment(
    uow: UnitOfWork, actor: Actor, case_id: UUID, starts_at: datetime, place: str
) -> UUID:
    """Plan a meeting. Refused while mediation is locked on the case."""
    case = hold_case(uow, actor, Action.PLAN_APPOINTMENT, case_id)
    if case.mediation_locked:
        raise MediationLocked(case.number)
    if starts_at <= clock.now():
        raise AppointmentUnfit
    _require_length("place", place, LONGEST_LINE)
    appointment_id = new_id()
    row = (Appointment.__tablename__, appointment_id)
    uow.session.add(
        Appointment(
            id=appointment_id,
            case_id=case.id,
            starts_at=starts_at,
            ends_at=starts_at + USUAL_LENGTH,
            state=AppointmentState.PLANNED,
            by=actor.person_id,
            details=details.seal(uow.session, case.id, row, {"place": place.strip()}),
        )
    )
    audit.record(uow, actor.person_id, case.id, "plan_appointment", ["appointment"])
    return appointment_id


def settle_appointment(
    uow: UnitOfWork, actor: Actor, appointment_id: UUID, state: AppointmentState
) -> None:
    """Say what became of an appointment (held, cancelled, …)."""
    appointment = uow.session.get(Appointment, appointment_id)
    if appointment is None:
        raise RecordUnknown
    hold_case(uow, actor, Action.PLAN_APPOINTMENT, appointment.case_id)
    appointment.state = state
    audit.record(uow, actor.person_id, appointment.case_id, "settle_appointment", ["appointment"])


def withdraw(uow: UnitOfWork, actor: Actor, case_id: UUID, command_id: str | None) -> None:
    """Take up that a party withdrew: tell the process, which then asks what remains to be done."""
    case = hold_case(uow, actor, Action.CLOSE_CASE, case_id)

    def tell() -> str:
        audit.record(uow, actor.person_id, case.id, "withdrawal")
        messages.publish(uow, "withdrawal", str(case.id))
        return ""

    uow.once(command_id and f"withdrawal:{case.id}:{command_id}", tell)


def hold_case(uow: UnitOfWork, actor: Actor, action: Action, case_id: UUID) -> Case:
    """Lock an open case for a change this person may make."""
    case = queries.lock_case(uow.session, case_id)
    if case is None:
        raise CaseUnknown(case_id)
    access.require(actor, action, case.scope)
    if case.state is CaseState.CLOSED:
        raise CaseClosed(case.number)
    return case


def _require_length(field: str, text: str, most: int) -> None:
    if len(text) > most:
        raise EntryTooLong(field, most)

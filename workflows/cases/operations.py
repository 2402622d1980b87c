"""What people do to a case outside its tasks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.unit_of_work import UnitOfWork
from workflows.access import Actor
from workflows.cases.values import AppointmentState, ContactChannel, PartyKind
from workflows.cases.views import ContactMade, LanguageSkill, Relation


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
    raise NotImplementedError


def change_party(uow: UnitOfWork, actor: Actor, party_id: UUID, entry: PartyEntry) -> None:
    raise NotImplementedError


def relate_parties(uow: UnitOfWork, actor: Actor, case_id: UUID, relation: Relation) -> None:
    """Say how a party stands to another or to one of our people, who is then not proposed."""
    raise NotImplementedError


def add_note(uow: UnitOfWork, actor: Actor, case_id: UUID, text: str, *, private: bool) -> UUID:
    """Write a note into the confidential room; a private one is for its author alone."""
    raise NotImplementedError


def log_contact(uow: UnitOfWork, actor: Actor, case_id: UUID, contact: ContactMade) -> UUID:
    raise NotImplementedError


def arrange_appointment(
    uow: UnitOfWork, actor: Actor, case_id: UUID, starts_at: datetime, place: str
) -> UUID:
    """Refused while mediation is locked on the case."""
    raise NotImplementedError


def settle_appointment(
    uow: UnitOfWork, actor: Actor, appointment_id: UUID, state: AppointmentState
) -> None:
    """Say what became of an appointment (held, cancelled, …)."""
    raise NotImplementedError


def leave_for_safety(uow: UnitOfWork, actor: Actor, case_id: UUID, command_id: str | None) -> None:
    """Press the safety button: lock mediation, hide the case, cancel appointments, tell the process.

    Works in every open case and for everyone who may read its shell; never asks back.
    """
    raise NotImplementedError


def withdraw(uow: UnitOfWork, actor: Actor, case_id: UUID, command_id: str | None) -> None:
    """Take up that a party withdrew: tell the process, which then asks what remains to be done."""
    raise NotImplementedError


def extend_deadline(
    uow: UnitOfWork, actor: Actor, task_id: UUID, due_at: datetime, reason: str
) -> None:
    """Quarter managers and education mediators once and up to 5 working days; coordination freely."""
    raise NotImplementedError

"""One person opens one case: the rows, the rights and the names needed to show it."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from bpmn.wording import Sentence, say
from engine.database import Base
from workflows import access, sealing
from workflows.access import Action, Actor
from workflows.cases import details
from workflows.cases.gathering import gather
from workflows.cases.models import Case, Incident, Party, PartyRelation, RiskFlag
from workflows.cases.records import (
    Agreement,
    Appointment,
    Assignment,
    Attachment,
    CaseRecord,
    Commitment,
    ContactLog,
    Deadline,
    FollowUp,
    FollowUpAnswer,
    Note,
)
from workflows.people import queries as people


@dataclass(frozen=True, slots=True)
class CaseRows:
    incidents: Sequence[Incident]
    parties: Sequence[Party]
    relations: Sequence[PartyRelation]
    contacts: Sequence[ContactLog]
    notes: Sequence[Note]
    records: Sequence[CaseRecord]
    appointments: Sequence[Appointment]
    agreements: Sequence[Agreement]
    commitments: Sequence[Commitment]
    assignments: Sequence[Assignment]
    follow_ups: Sequence[FollowUp]
    answers: Sequence[FollowUpAnswer]
    risks: Sequence[RiskFlag]
    deadlines: Sequence[Deadline]
    attachments: Sequence[Attachment]

    def people(self) -> set[UUID]:
        """Everybody of ours who is named somewhere in the case."""
        named = {row.by for row in self.contacts} | {row.by for row in self.notes}
        named |= {row.by for row in self.records} | {row.by for row in self.attachments}
        named |= {row.taken_by for row in self.incidents if row.taken_by}
        named |= {row.person_id for row in self.assignments}
        named |= {row.tandem_id for row in self.assignments if row.tandem_id}
        return named | {row.person_id for row in self.relations if row.person_id}


def read_rows(session: Session, case_id: UUID, reader: UUID) -> CaseRows:
    found = gather(session, case_id)
    notes = found.of(Note, "at")
    return CaseRows(
        incidents=found.of(Incident, "received_at", "id"),
        parties=found.of(Party, "position"),
        relations=found.of(PartyRelation),
        contacts=found.of(ContactLog, "at"),
        notes=[note for note in notes if not note.private or note.by == reader],
        records=found.of(CaseRecord, "at"),
        appointments=found.of(Appointment, "starts_at"),
        agreements=found.of(Agreement, "agreed_on"),
        commitments=found.of(Commitment, "due_on"),
        assignments=found.of(Assignment, "offered_at"),
        follow_ups=found.of(FollowUp, "due_on", "id"),
        answers=found.of(FollowUpAnswer),
        risks=found.of(RiskFlag, "kind"),
        deadlines=found.of(Deadline, "due_at"),
        attachments=[row for row in found.of(Attachment, "at", "id") if row.filed_at],
    )


@dataclass(frozen=True, slots=True)
class Reader:
    """What the views ask of the person who is reading."""

    actor: Actor
    case: Case
    key: sealing.CaseKey
    rows: CaseRows
    room: bool
    names: bool
    people: Mapping[UUID, str]
    labels: Mapping[UUID, Sentence] = field(default_factory=dict)

    def person(self, person_id: UUID | None) -> str | None:
        return self.people.get(person_id) if person_id else None

    def party(self, party_id: UUID | None) -> Sentence | None:
        return self.labels.get(party_id) if party_id else None

    def unseal(self, table: type[Base], row: UUID, sealed: bytes | None) -> dict[str, Any]:
        return details.unseal_with(self.key, (table.__tablename__, row), sealed)


def read_case(
    session: Session, actor: Actor, case: Case, also_named: Collection[UUID] = ()
) -> Reader:
    rows = read_rows(session, case.id, actor.person_id)
    named = rows.people() | set(case.scope.assigned) | set(also_named)
    return Reader(
        actor=actor,
        case=case,
        key=sealing.key_of(session, case.id),
        rows=rows,
        room=access.may(actor, Action.READ_ROOM, case.scope),
        names=access.may(actor, Action.READ_NAMES, case.scope),
        people=people.names(session, named),
        labels={party.id: party_label(party) for party in rows.parties},
    )


def party_label(party: Party) -> Sentence:
    return say("Party %(letter)s", letter=party.letter)

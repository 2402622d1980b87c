"""What pages see of a case: frozen, decrypted only as far as the reading person may."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from bpmn.wording import Sentence
from workflows.cases.attachment_views import AttachmentView
from workflows.cases.values import (
    Anonymity,
    AppointmentState,
    AssignmentState,
    CaseState,
    Channel,
    CommitmentState,
    ConflictType,
    ContactChannel,
    Context,
    DeadlineState,
    FollowUpKind,
    Kept,
    Outcome,
    PartyKind,
    Priority,
    Reached,
    RelationKind,
    RiskKind,
    Route,
)


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A line of the case list: shell only; number and state alone while under protection."""

    id: UUID
    number: str
    state: CaseState
    context: Context | None
    conflict_type: ConflictType | None
    quarter: str
    priority: Priority | None
    route: Route | None
    received_at: datetime | None
    mediator: str | None
    next_due: datetime | None


@dataclass(frozen=True, slots=True)
class CasePage:
    rows: tuple[CaseRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class CaseShell:
    """The head of a case file; number and state alone while the case is under protection."""

    id: UUID
    number: str
    state: CaseState
    context: Context | None = None
    conflict_type: ConflictType | None = None
    quarter_id: UUID | None = None
    quarter: str = ""
    priority: Priority | None = None
    route: Route | None = None
    glasl_start: int | None = None
    glasl_end: int | None = None
    mediation_locked: bool = False
    received_at: datetime | None = None
    closed_at: datetime | None = None
    outcome: Outcome | None = None
    mediator: str | None = None
    tandem: str | None = None
    linked_to: tuple[UUID, str] | None = None
    """Id and number of the case that goes on with this one."""
    risks: tuple[RiskKind, ...] = ()


@dataclass(frozen=True, slots=True)
class LanguageSkill:
    """A language and how well (0 to 3) somebody speaks, understands, reads and writes it."""

    tag: str
    speak: int = 3
    understand: int = 3
    read: int = 0
    write: int = 0
    dialect: str = ""


@dataclass(frozen=True, slots=True)
class PartyView:
    """A party; `name` and what follows it are None or empty for readers without the right."""

    id: UUID
    label: Sentence
    kind: PartyKind
    minor: bool
    oral_only: bool
    safe_channel: ContactChannel | None
    name: str | None
    contacts: str
    safe_hours: str
    remarks: str
    languages: tuple[LanguageSkill, ...]
    relations: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class IncidentView:
    id: UUID
    channel: Channel
    anonymity: Anonymity
    conflict_type: ConflictType
    received_at: datetime
    taken_by: str | None
    text: str | None
    place: str | None
    reporter: str | None
    reporter_contact: str | None
    language: str | None


class EntryKind(StrEnum):
    INCIDENT = "incident"
    CONTACT = "contact"
    NOTE = "note"
    AGREEMENT = "agreement"
    ASSIGNMENT = "assignment"
    TASK = "task"
    FORM = "form"
    FOLLOW_UP = "follow_up"
    AUDIT = "audit"


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened. `detail` is shown to those who may enter the confidential room."""

    at: datetime
    kind: EntryKind
    title: Sentence
    by: str | None
    detail: tuple[tuple[Sentence, Sentence], ...] = ()
    """Field and what stands in it, in reading order."""


@dataclass(frozen=True, slots=True)
class DeadlineView:
    task_id: UUID | None
    name: str
    due_at: datetime
    state: DeadlineState
    extended: bool


@dataclass(frozen=True, slots=True)
class PlaceInProcess:
    """An open element, in words: "Erstkontakt A, since Tuesday, waits for Mira Muster"."""

    process: str
    process_name: str
    element: str
    name: str
    since: datetime | None
    waits_for: Sentence


@dataclass(frozen=True, slots=True)
class DiagramShown:
    """The picture to show and which elements to mark in it."""

    deployment_id: UUID
    file: str
    process: str
    current: tuple[str, ...]
    passed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Balance:
    """How often each party was reached; `nudge` speaks when one side is heard much less."""

    counts: tuple[tuple[Sentence, int], ...]
    nudge: Sentence | None


@dataclass(frozen=True, slots=True)
class AppointmentView:
    id: UUID
    starts_at: datetime
    ends_at: datetime
    state: AppointmentState
    place: str | None


@dataclass(frozen=True, slots=True)
class CommitmentView:
    who: Sentence | None
    what: str
    due_on: date | None
    state: CommitmentState


@dataclass(frozen=True, slots=True)
class AgreementView:
    id: UUID
    agreed_on: date
    languages: str
    commitments: tuple[CommitmentView, ...]


@dataclass(frozen=True, slots=True)
class AssignmentView:
    """An offer to a mediator. Readers outside the room see both ways of declining as one."""

    person: str
    tandem: str | None
    state: AssignmentState | None
    """None: declined, and why is nobody's business."""
    offered_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class FollowUpView:
    due_on: date
    kind: FollowUpKind
    done_at: datetime | None
    kept: Kept | None
    new_incident: bool | None
    answers: tuple[tuple[Sentence, Kept, int | None], ...]
    """Party, whether it holds, satisfaction; only for readers of the confidential room."""


@dataclass(frozen=True, slots=True)
class CaseTask:
    """An open task of the case, for the case page."""

    id: UUID
    name: str
    due_at: datetime | None
    overdue: bool
    waits_for: Sentence
    mine: bool
    """The reader may open and complete it."""


@dataclass(frozen=True, slots=True)
class CaseFile:
    """Everything of one case that this reader may see."""

    shell: CaseShell
    room_open: bool
    """False: notes, talks and agreements exist, but not for this reader."""
    may: frozenset[str]
    """Actions the page offers: names of `workflows.access` actions."""
    incidents: tuple[IncidentView, ...]
    parties: tuple[PartyView, ...]
    tasks: tuple[CaseTask, ...]
    deadlines: tuple[DeadlineView, ...]
    appointments: tuple[AppointmentView, ...]
    agreements: tuple[AgreementView, ...]
    assignments: tuple[AssignmentView, ...]
    follow_ups: tuple[FollowUpView, ...]
    timeline: tuple[TimelineEntry, ...]
    """Newest first."""
    here: tuple[PlaceInProcess, ...]
    diagrams: tuple[DiagramShown, ...]
    balance: Balance
    attachments: tuple[AttachmentView, ...] = ()


@dataclass(frozen=True, slots=True)
class Relation:
    """How a party stands to another party or to one of our people."""

    party_id: UUID
    kind: RelationKind
    other_party_id: UUID | None = None
    person_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class ContactMade:
    """A line of the contact log, as a person enters it."""

    at: datetime
    channel: ContactChannel
    reached: Reached
    party_id: UUID | None = None
    minutes: int | None = None
    language: str = ""
    said: str = ""
    next_step: str = ""

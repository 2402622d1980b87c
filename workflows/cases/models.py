"""The case and who takes part in it.

Every `details` column is a sealed JSON object (`workflows.sealing`): names, contacts and free text
live there and nowhere else. The other columns are the shell, which the quarter management reads.
"""

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, UuidPk
from workflows.access import CaseScope
from workflows.audit import Audited
from workflows.cases.errors import CaseMoveRefused
from workflows.cases.values import (
    CASE_MOVES,
    Anonymity,
    CaseState,
    Channel,
    ConflictType,
    ContactChannel,
    Context,
    Outcome,
    PartyKind,
    Priority,
    RelationKind,
    RiskKind,
    Route,
)


class CaseCounter(Base):
    """The last case number given out in a year."""

    __tablename__ = "case_counter"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int]


class Case(Audited, Base):
    """A conflict the office works on: the shell, without any personal data."""

    __tablename__ = "case_shell"
    __table_args__ = (
        CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", "closed_when_closed"),
        CheckConstraint("state <> 'closed' OR outcome IS NOT NULL", "closed_with_outcome"),
        Index("ix_case_shell_quarter_id_state", "quarter_id", "state"),
        Index("ix_case_shell_opened_at_id", "opened_at", "id"),
    )

    number: Mapped[str] = mapped_column(unique=True)
    state: Mapped[CaseState] = mapped_column(default=CaseState.REPORTED)
    context: Mapped[Context]
    conflict_type: Mapped[ConflictType]
    quarter_id: Mapped[UUID]
    received_at: Mapped[datetime]
    """When the first report came in: the first contact is counted from here."""
    opened_at: Mapped[datetime]
    priority: Mapped[Priority | None]
    route: Mapped[Route | None]
    glasl_start: Mapped[int | None]
    glasl_end: Mapped[int | None]
    mediation_locked: Mapped[bool] = mapped_column(default=False)
    mediator_id: Mapped[UUID | None] = mapped_column(index=True)
    """Whoever accepted the assignment, and may therefore enter the confidential room."""
    tandem_id: Mapped[UUID | None] = mapped_column(index=True)
    offered_to: Mapped[UUID | None] = mapped_column(index=True)
    """Who was asked and has not answered yet: sees shell and names, not the room."""
    coordinator_id: Mapped[UUID | None]
    """Whoever of the coordination took the case over."""
    safety_raised_by: Mapped[UUID | None]
    """While the case is under protection, only this person and the coordination see it."""
    linked_to: Mapped[UUID | None] = mapped_column(ForeignKey("case_shell.id"))
    """The case that goes on with this one's reports, when this one was a duplicate."""
    outcome: Mapped[Outcome | None]
    closed_at: Mapped[datetime | None]
    delete_after: Mapped[date | None]

    @property
    def scope(self) -> CaseScope:
        """What the access rules need to know."""
        return replace(self.unprotected_scope, safety_raised_by=self.safety_raised_by)

    @property
    def unprotected_scope(self) -> CaseScope:
        """As `scope`, were the case not under protection."""
        people = (self.mediator_id, self.tandem_id, self.coordinator_id)
        return CaseScope(
            case_id=self.id,
            quarter_id=self.quarter_id,
            assigned=frozenset(person for person in people if person),
            asked=self.offered_to,
        )

    def move(self, state: CaseState) -> None:
        if state is self.state:
            return
        if state not in CASE_MOVES[self.state]:
            raise CaseMoveRefused(self.number, self.state, state)
        self.state = state

    def close(self, outcome: Outcome, at: datetime) -> None:
        self.move(CaseState.CLOSED)
        self.outcome, self.closed_at = outcome, at


class Incident(Base):
    """One report of a conflict; a case may hold several. Details: text, place, reporter, language."""

    __tablename__ = "incident"

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    channel: Mapped[Channel]
    anonymity: Mapped[Anonymity]
    conflict_type: Mapped[ConflictType]
    received_at: Mapped[datetime]
    taken_by: Mapped[UUID | None]
    created_at: Mapped[datetime]
    details: Mapped[bytes | None]


class Party(Base):
    """One side of a conflict. Details: name, contacts, languages, hours, remarks."""

    __tablename__ = "party"
    __table_args__ = (CheckConstraint("position >= 1", "position_from_one"),)

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    position: Mapped[int]
    """1 is "Partei A"."""
    kind: Mapped[PartyKind]
    minor: Mapped[bool] = mapped_column(default=False)
    oral_only: Mapped[bool] = mapped_column(default=False)
    """No letters: this party is called or visited."""
    safe_channel: Mapped[ContactChannel | None]
    created_at: Mapped[datetime]
    details: Mapped[bytes | None]

    @property
    def letter(self) -> str:
        """Name the party: A, B … Z, then 27, 28 and so on."""
        return chr(ord("A") + self.position - 1) if self.position <= 26 else str(self.position)


class PartyRelation(Base):
    """How a party stands to another party, or to one of our own people (who is then not proposed)."""

    __tablename__ = "party_relation"
    __table_args__ = (
        CheckConstraint("(other_party_id IS NULL) <> (person_id IS NULL)", "one_other_side"),
    )

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"))
    other_party_id: Mapped[UUID | None] = mapped_column(ForeignKey("party.id"))
    person_id: Mapped[UUID | None]
    kind: Mapped[RelationKind]


class RiskFlag(Base):
    """A hint that somebody may be at risk. It fades unless a person confirms it in time."""

    __tablename__ = "risk_flag"

    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), primary_key=True)
    kind: Mapped[RiskKind] = mapped_column(primary_key=True)
    set_at: Mapped[datetime]
    review_by: Mapped[date]

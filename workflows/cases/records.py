"""What happens in a case: contacts, notes, appointments, agreements, assignments, deadlines.

As in `models`, every `details` column is a sealed JSON object. `task_id` names the user task whose
form filled the row, so that a form opened again shows what was stored.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, UuidPk
from workflows.cases.file_kinds import FileKind
from workflows.cases.values import (
    AppointmentState,
    AssignmentState,
    Calendar,
    CommitmentState,
    ContactChannel,
    DeadlineState,
    FollowUpKind,
    Frequency,
    GapArea,
    Kept,
    Reached,
)


class CaseRecord(Base):
    """What a form wrote into the case file, answer by answer, sealed in `details`."""

    __tablename__ = "case_record"

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    task_id: Mapped[UUID]
    task_name: Mapped[str]
    at: Mapped[datetime]
    by: Mapped[UUID]
    details: Mapped[bytes]


class Note(Base):
    """A remark. A private one is read by its author alone. Details: text."""

    __tablename__ = "note"

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    private: Mapped[bool]
    by: Mapped[UUID]
    at: Mapped[datetime]
    details: Mapped[bytes]


class ContactLog(Base):
    """An attempt to reach a party. Details: language, what was said, next step."""

    __tablename__ = "contact_log"

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("party.id"))
    task_id: Mapped[UUID | None]
    at: Mapped[datetime]
    channel: Mapped[ContactChannel | None]
    reached: Mapped[Reached]
    minutes: Mapped[int | None]
    by: Mapped[UUID]
    details: Mapped[bytes | None]


class Appointment(Base):
    """A meeting. Details: place, remarks."""

    __tablename__ = "appointment"
    __table_args__ = (CheckConstraint("ends_at > starts_at", "ends_after_start"),)

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    task_id: Mapped[UUID | None]
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    state: Mapped[AppointmentState] = mapped_column(default=AppointmentState.PLANNED)
    by: Mapped[UUID]
    invited_at: Mapped[datetime | None]
    details: Mapped[bytes | None]


class Agreement(Base):
    """What the parties agreed on. Details: languages, how each confirmed it."""

    __tablename__ = "agreement"

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    task_id: Mapped[UUID | None]
    agreed_on: Mapped[date]
    by: Mapped[UUID]
    details: Mapped[bytes | None]


class Commitment(Base):
    """One promise of one party. Details: what."""

    __tablename__ = "commitment"

    id: Mapped[UuidPk]
    agreement_id: Mapped[UUID] = mapped_column(ForeignKey("agreement.id"), index=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    party_id: Mapped[UUID | None] = mapped_column(ForeignKey("party.id"))
    due_on: Mapped[date | None]
    state: Mapped[CommitmentState] = mapped_column(default=CommitmentState.OPEN)
    details: Mapped[bytes]


class Assignment(Base):
    """A mediator is asked to take a case. Details: why this person was chosen.

    Why somebody declines as biased is stored nowhere.
    """

    __tablename__ = "assignment"
    __table_args__ = (
        CheckConstraint("(state = 'offered') = (answered_at IS NULL)", "answered_unless_offered"),
        Index("ix_assignment_person_state", "person_id", "state"),
    )

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    person_id: Mapped[UUID]
    tandem_id: Mapped[UUID | None]
    state: Mapped[AssignmentState] = mapped_column(default=AssignmentState.OFFERED)
    offered_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    details: Mapped[bytes | None]


class FollowUp(Base):
    """A day on which the office asks the parties whether the agreement holds."""

    __tablename__ = "follow_up"

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    kind: Mapped[FollowUpKind]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None]
    kept: Mapped[Kept | None]
    new_incident: Mapped[bool | None]


class FollowUpAnswer(Base):
    """What one party said on such a day."""

    __tablename__ = "follow_up_answer"
    __table_args__ = (CheckConstraint("satisfaction BETWEEN 1 AND 5", "satisfaction_one_to_five"),)

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_up.id"), primary_key=True)
    party_id: Mapped[UUID] = mapped_column(ForeignKey("party.id"), primary_key=True)
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    kept: Mapped[Kept]
    satisfaction: Mapped[int | None]


class Gap(Base):
    """Something missing in the system that a case brought to light. Details: title, description."""

    __tablename__ = "gap"

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    task_id: Mapped[UUID | None]
    area: Mapped[GapArea]
    frequency: Mapped[Frequency | None]
    reported_by: Mapped[UUID]
    reported_at: Mapped[datetime]
    details: Mapped[bytes]


class Deadline(Base):
    """A task's due date: the one source for the inbox, the mails and the statistics."""

    __tablename__ = "deadline"
    __table_args__ = (Index("ix_deadline_state_due_at", "state", "due_at"),)

    id: Mapped[UuidPk]
    case_id: Mapped[UUID | None] = mapped_column(ForeignKey("case_shell.id"), index=True)
    task_id: Mapped[UUID | None] = mapped_column(unique=True)
    kind: Mapped[str]
    """The element of the process whose task is due, or `first_contact`."""
    name: Mapped[str]
    due_at: Mapped[datetime]
    calendar: Mapped[Calendar]
    state: Mapped[DeadlineState] = mapped_column(default=DeadlineState.RUNNING)
    extended_by: Mapped[UUID | None]
    details: Mapped[bytes | None]
    """Why it was extended."""


_WAITS = text("filed_at IS NULL")


class Attachment(Base):
    """A file that a form brought. Details: the name it came with.

    Until its form is sent it waits, seen by nobody but who uploaded it.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("size > 0", "size_positive"),
        Index("ix_attachment_waiting", "at", sqlite_where=_WAITS, postgresql_where=_WAITS),
    )

    id: Mapped[UuidPk]
    case_id: Mapped[UUID] = mapped_column(ForeignKey("case_shell.id"), index=True)
    task_id: Mapped[UUID] = mapped_column(index=True)
    field: Mapped[str]
    """The key of the question that asked for it."""
    by: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[FileKind]
    size: Mapped[int]
    filed_at: Mapped[datetime | None]
    details: Mapped[bytes]


class AttachmentContent(Base):
    """The file itself, sealed with the case's key; apart, for lists never read it."""

    __tablename__ = "attachment_content"

    attachment_id: Mapped[UUID] = mapped_column(
        ForeignKey("attachment.id", ondelete="CASCADE"), primary_key=True
    )
    sealed: Mapped[bytes]

"""What people are told: mails on their way, and notices that wait inside the system."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.orm import Mapped

from engine.database import Base, UuidPk


class LetterState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    UNDELIVERABLE = "undeliverable"
    """Refused for good, or given up: somebody has to reach the person in another way."""


class OutboxLetter(Base):
    """A mail: what was decided to be told, as it was worded then."""

    __tablename__ = "outbox_letter"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", "settled_unless_waiting"),
        CheckConstraint("(state = 'undeliverable') = (reason IS NOT NULL)", "reason_if_returned"),
        Index("ix_outbox_letter_state_created_at", "state", "created_at"),
    )

    id: Mapped[UuidPk]
    """Also the Message-ID, by which a repeated mail is recognised."""
    to: Mapped[str]
    template: Mapped[str]
    language: Mapped[str]
    subject: Mapped[str]
    body: Mapped[str]
    state: Mapped[LetterState]
    created_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
    reason: Mapped[str | None]
    """What the mail server said when it refused for good, or that an operator gave it up."""


class InAppNotice(Base):
    """A line that a person sees inside the system until it is read."""

    __tablename__ = "in_app_notice"
    __table_args__ = (
        Index(
            "ix_in_app_notice_unread",
            "person_id",
            "created_at",
            sqlite_where=text("read_at IS NULL"),
            postgresql_where=text("read_at IS NULL"),
        ),
    )

    id: Mapped[UuidPk]
    person_id: Mapped[UUID]
    template: Mapped[str]
    case_number: Mapped[str | None]
    path: Mapped[str]
    """Where the page of the matter is, below the address of the installation."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

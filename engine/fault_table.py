"""The table of what the engine could not do."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, UuidPk
from engine.models import Instance, Job, partial


class FaultState(StrEnum):
    OPEN = "open"
    RETRIED = "retried"
    SKIPPED = "skipped"
    CANCELLED = "cancelled"
    """Its instance was cancelled."""
    RESOLVED = "resolved"
    """What failed is not owed any more: the process came to its end, or was moved elsewhere."""


class Fault(Base):
    """Something the engine could not do; it waits for an operator, the rest goes on.

    An unexpected error leaves its kind and place, never its message. Open, it counts `attempts`.
    """

    __tablename__ = "fault"
    __table_args__ = (
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", "closed_unless_open"),
        partial("ix_fault_open", "raised_at", "id", where="state = 'open'"),
        partial("ix_fault_business_key", "business_key", where="business_key IS NOT NULL"),
    )

    id: Mapped[UuidPk]
    instance_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Instance.id, ondelete="CASCADE"), index=True
    )
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey(Job.id, ondelete="SET NULL"), index=True)
    job_kind: Mapped[str | None]
    token: Mapped[int | None]
    """Where its process waited for what failed: there values are set, and its leaving settles this."""
    business_key: Mapped[UUID | None]
    """What a process would have worked for that a job could not begin; else it has an instance, or
    is one of several that were refused alike, whose transactions left nothing."""
    deployment_id: Mapped[UUID | None]
    """What that process would have followed."""
    process: Mapped[str | None]
    element: Mapped[str | None]
    error: Mapped[str]
    place: Mapped[str]
    template: Mapped[str]
    facts: Mapped[dict[str, Any]]
    state: Mapped[FaultState]
    key: Mapped[str | None] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(server_default="1")
    raised_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]

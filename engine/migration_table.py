"""The tables of migrations: which instances go over to which deployment, and what became of each."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, UuidPk
from engine.models import Deployment, Instance, partial


class Direction(StrEnum):
    OVER = "over"
    BACK = "back"
    """It is being taken back: whatever has not moved on since returns."""


class Migration(Base):
    """A batch of instances that go over to another deployment."""

    __tablename__ = "migration"

    id: Mapped[UuidPk]
    target_id: Mapped[UUID] = mapped_column(ForeignKey(Deployment.id))
    wishes: Mapped[dict[str, Any]]
    direction: Mapped[Direction]
    started_at: Mapped[datetime]
    started_by: Mapped[str]


class ItemState(StrEnum):
    WAITING = "waiting"
    MOVED = "moved"
    STAYED = "stayed"
    """Something hindered it; the report says what."""
    RETURNED = "returned"
    KEPT = "kept"
    """It could not be taken back, having moved on since."""


class MigrationItem(Base):
    """One instance of a migration; what it was before is kept so that it can return."""

    __tablename__ = "migration_item"
    __table_args__ = (
        CheckConstraint("(state = 'waiting') = (done_at IS NULL)", "done_unless_waiting"),
        partial("ix_migration_item_waiting", "migration_id", where="state = 'waiting'"),
    )

    migration_id: Mapped[UUID] = mapped_column(
        ForeignKey(Migration.id, ondelete="CASCADE"), primary_key=True
    )
    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey(Instance.id, ondelete="CASCADE"), primary_key=True, index=True
    )
    state: Mapped[ItemState]
    done_at: Mapped[datetime | None]
    source_id: Mapped[UUID] = mapped_column(ForeignKey(Deployment.id))
    version: Mapped[int | None]
    """Of the instance after it; while it has this version nothing has moved on."""
    snapshot: Mapped[str | None]
    """What was stored before; none where the process moved on by the migration itself."""
    report: Mapped[list[Any]]

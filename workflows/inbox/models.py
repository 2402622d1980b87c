"""Half-filled forms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base


class TaskDraft(Base):
    """What a person has typed into a task's form so far, sealed under the case's key."""

    __tablename__ = "task_draft"

    task_id: Mapped[UUID] = mapped_column(
        ForeignKey("user_task.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    saved_at: Mapped[datetime]
    details: Mapped[bytes]

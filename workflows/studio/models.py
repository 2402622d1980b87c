"""The shared draft of the next deployment, kept in the database until it is published."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base


class Draft(Base):
    """There is one at most; whoever may edit processes works on the same."""

    __tablename__ = "studio_draft"
    __table_args__ = (
        CheckConstraint("id = 1", "only_one"),
        CheckConstraint("(submitted_at IS NULL) = (submitted_by IS NULL)", "submitted_by_somebody"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    base_id: Mapped[UUID] = mapped_column(ForeignKey("deployment.id"))
    """The deployment it started from."""
    changed_at: Mapped[datetime]
    comment: Mapped[str]
    submitted_at: Mapped[datetime | None]
    submitted_by: Mapped[UUID | None]


class DraftFile(Base):
    """A file that differs from the base; without content it is to be removed."""

    __tablename__ = "studio_draft_file"

    draft_id: Mapped[int] = mapped_column(
        ForeignKey("studio_draft.id", ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes | None]


class DraftAuthor(Base):
    """Whoever changed something in the draft: none of them may approve it."""

    __tablename__ = "studio_draft_author"

    draft_id: Mapped[int] = mapped_column(
        ForeignKey("studio_draft.id", ondelete="CASCADE"), primary_key=True
    )
    person_id: Mapped[UUID] = mapped_column(primary_key=True)

"""The history of instances: where each token stayed, from when to when, and how that ended."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import JSON, CheckConstraint, ForeignKey
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base
from engine.models import Instance, partial

_RULES = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Ended(StrEnum):
    """How a token's stay at an element came to its end."""

    COMPLETED = "completed"
    CANCELLED = "cancelled"
    """Something else decided: an interrupting event, the end of the process, an operator."""
    FAILED = "failed"
    """A service ended in an error that the diagram catches."""
    SKIPPED = "skipped"
    """An operator gave the results of a service that could not do it."""
    MOVED = "moved"
    """An operator took the token away."""
    MIGRATED = "migrated"
    """The process went over to another deployment; the token goes on there."""


class Stay(Base):
    """A token at an element. Written as it enters, completed once as it leaves, then never again.

    The row of a token that enters and leaves in one step is written whole. `step` is the version
    of the instance, `position` the place among what happened in that step. Only a migration has a
    token stay at a second element: what it has left is kept under a `number` above 0.
    """

    __tablename__ = "stay"
    __table_args__ = (
        CheckConstraint(
            "(left_at IS NULL) = (ended IS NULL) AND (left_at IS NULL) = (left_step IS NULL)"
            " AND (left_at IS NULL) = (left_position IS NULL)",
            "left_as_it_ended",
        ),
        CheckConstraint("ended IS NOT NULL OR by IS NULL", "by_who_ended"),
        partial(
            "ix_stay_open",
            "deployment_id",
            "process",
            "element",
            "entered_at",
            where="left_at IS NULL",
        ),
        partial("ix_stay_uncounted", "instance_id", where="left_at IS NOT NULL AND NOT counted"),
    )

    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey(Instance.id, ondelete="CASCADE"), primary_key=True
    )
    token: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    deployment_id: Mapped[UUID]
    """Without a reference: checking one in every step would have all instances meet at its row."""
    process: Mapped[str]
    element: Mapped[str]
    entered_at: Mapped[datetime]
    step: Mapped[int]
    position: Mapped[int]
    left_at: Mapped[datetime | None]
    left_step: Mapped[int | None]
    left_position: Mapped[int | None]
    ended: Mapped[Ended | None]
    by: Mapped[str | None]
    """The person who ended it, where a person did."""
    rules: Mapped[list[str] | None] = mapped_column(_RULES)
    """Rows of decision tables that gave the answer here."""
    counted: Mapped[bool]
    """Whether the statistics hold it already, see `engine.counting`."""


class History(Base):
    """What the release before stays wrote, and writes where it is still served beside this one.

    Nothing reads it here. It goes with the first revision after the release that brings stays:
    until then the code before may be started again.
    """

    __tablename__ = "history"

    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey(Instance.id, ondelete="CASCADE"), primary_key=True
    )
    step: Mapped[int] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    token: Mapped[int]
    process: Mapped[str]
    element: Mapped[str]
    passage: Mapped[str]

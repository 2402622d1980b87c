"""What operators did to processes, and why."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, UuidPk


class OperatorAct(Base):
    """One intervention. Its reason is sealed under the key of the case and erased with it.

    `about` names elements and variables, never their values.
    """

    __tablename__ = "operator_act"
    __table_args__ = (
        CheckConstraint("(case_id IS NULL) = (sealed_reason IS NULL)", "sealed_for_a_case"),
        CheckConstraint("(reason IS NULL) = (case_id IS NOT NULL)", "reason_given"),
        Index("ix_operator_act_instance", "instance_id", "at"),
    )

    id: Mapped[UuidPk]
    at: Mapped[datetime]
    actor_id: Mapped[UUID]
    action: Mapped[str]
    instance_id: Mapped[UUID | None]
    fault_id: Mapped[UUID | None]
    case_id: Mapped[UUID | None] = mapped_column(index=True)
    about: Mapped[list[str]]
    sealed_reason: Mapped[bytes | None]
    reason: Mapped[str | None]

"""How long the history of ended instances is kept, where that differs from the setting."""

from datetime import datetime

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base

ANY_PROCESS, ANY_DEPLOYMENT = "", 0


class RetentionRule(Base):
    """For a process, or a deployment by its number, or both: the more exact rule wins."""

    __tablename__ = "retention_rule"
    __table_args__ = (
        CheckConstraint("days > 0", "days_positive"),
        CheckConstraint("process <> '' OR deployment <> 0", "about_something"),
    )

    process: Mapped[str] = mapped_column(primary_key=True)
    deployment: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[int | None]
    """None: for ever."""
    set_at: Mapped[datetime]
    set_by: Mapped[str]

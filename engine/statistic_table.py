"""Statistics that outlive what they were counted from: no row names an instance or a person."""

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base
from engine.stay_table import Ended


class StayCount(Base):
    """How many stays at an element ended so in a month and took about so long.

    `bucket` is that of `engine.durations`; `milliseconds` is the sum, so that means are exact.
    """

    __tablename__ = "stay_count"
    __table_args__ = (CheckConstraint("count > 0", "count_positive"),)

    deployment_id: Mapped[UUID] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(primary_key=True)
    element: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    ended: Mapped[Ended] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    milliseconds: Mapped[int] = mapped_column(BigInteger)


class CycleCount(Base):
    """How many finished instances took about so long on a stretch of their way, by month of its end.

    The stretch goes from first entering one element to first completing another after that. Empty
    names stand for the whole process, from its start to its end.
    """

    __tablename__ = "cycle_count"
    __table_args__ = (CheckConstraint("count > 0", "count_positive"),)

    deployment_id: Mapped[UUID] = mapped_column(primary_key=True)
    process: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    target: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    bucket: Mapped[int] = mapped_column(primary_key=True)
    count: Mapped[int]
    milliseconds: Mapped[int] = mapped_column(BigInteger)

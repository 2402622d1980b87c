"""Every SELECT about the history of instances, by name."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from engine.queries import Source, record
from engine.stay_table import Ended, Stay


@dataclass(frozen=True, slots=True)
class StayRecord:
    """Where a token stayed, from when to when, how that ended and by whom."""

    token: int
    number: int
    deployment_id: UUID
    process: str
    element: str
    entered_at: datetime
    step: int
    position: int
    left_at: datetime | None
    left_step: int | None
    left_position: int | None
    ended: Ended | None
    by: str | None
    rules: list[str] | None

    @property
    def place(self) -> "Place":
        """Where it stands in the history of its instance."""
        return Place(self.step, self.position, self.token, self.number)


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """The order in which stays began."""

    step: int
    position: int
    token: int
    number: int


_STAY = (
    Stay.token,
    Stay.number,
    Stay.deployment_id,
    Stay.process,
    Stay.element,
    Stay.entered_at,
    Stay.step,
    Stay.position,
    Stay.left_at,
    Stay.left_step,
    Stay.left_position,
    Stay.ended,
    Stay.by,
    Stay.rules,
)
_ORDER = (Stay.step, Stay.position, Stay.token, Stay.number)


def stays_of(source: Source, instance_ids: Collection[UUID]) -> dict[UUID, list[StayRecord]]:
    """List where the tokens of these instances stay and stayed, in the order of entering."""
    found: dict[UUID, list[StayRecord]] = {instance_id: [] for instance_id in instance_ids}
    query = (
        select(Stay.instance_id, *_STAY)
        .where(Stay.instance_id.in_(instance_ids))
        .order_by(Stay.instance_id, *_ORDER)
    )
    for row in source.execute(query) if instance_ids else ():
        values: tuple[Any, ...] = tuple(row)
        found[values[0]].append(StayRecord(*values[1:]))
    return found


def page_of(source: Source, instance_id: UUID, after: Place | None, limit: int) -> list[StayRecord]:
    """List so many stays of an instance, in the order of entering, after this place."""
    query = select(*_STAY).where(Stay.instance_id == instance_id).order_by(*_ORDER).limit(limit)
    if after is not None:
        last = (after.step, after.position, after.token, after.number)
        query = query.where(tuple_(*_ORDER) > tuple_(*last))
    return [record(StayRecord, row) for row in source.execute(query)]

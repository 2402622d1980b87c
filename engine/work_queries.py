"""Every SELECT about jobs, by name. What locks says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from engine.models import Job, Lane
from engine.queries import Source
from engine.records import JobRecord

_JOB = (
    Job.id,
    Job.kind,
    Job.lane,
    Job.key,
    Job.instance_id,
    Job.token,
    Job.business_key,
    Job.payload,
    Job.due_at,
    Job.attempt,
    Job.tries,
)

_HELD = aliased(Job)
_IN_OTHER_HANDS = exists().where(
    _HELD.instance_id == Job.instance_id,
    _HELD.lane == Job.lane,
    _HELD.lease_until > bindparam("now"),
)
"""A worker is at another job of the same instance: what else is due there waits for its turn."""

_TAKE_DUE = (
    select(*_JOB)
    .where(Job.lane == bindparam("lane"), Job.due_at <= bindparam("now"))
    .where((Job.lease_until.is_(None)) | (Job.lease_until <= bindparam("now")))
    .where((Job.due_at <= bindparam("believed")) | (Job.due_at <= Job.created_at))
    .where(~_IN_OTHER_HANDS)
    .order_by(Job.due_at, Job.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)


def lock_due_jobs(
    connection: Connection, lane: Lane, now: datetime, believed: datetime, count: int
) -> Sequence[Any]:
    """Jobs that are due and nobody holds, oldest first, held; what another worker locks is left.

    What was owed for later is due only by the time that is believed, see `engine.clock_watch`.
    An instance is in the hands of one worker at a time, so that its timers fire in their order.
    """
    values = {"lane": lane, "now": now, "believed": believed, "count": count}
    return connection.execute(_TAKE_DUE, values).all()


_NEXT_DUE = select(
    select(func.min(Job.due_at))
    .where(Job.lane == bindparam("lane"), Job.due_at.is_not(None), Job.lease_until.is_(None))
    .scalar_subquery(),
    select(func.min(Job.lease_until))
    .where(Job.lane == bindparam("lane"), Job.lease_until.is_not(None))
    .scalar_subquery(),
)


def next_due(source: Source, lane: Lane) -> datetime | None:
    """When the next job of this lane is due or the next lease lapses."""
    instants = [at for at in source.execute(_NEXT_DUE, {"lane": lane}).one() if at is not None]
    return min(instants, default=None)


def job_record(row: Any, lease_until: datetime, holder: str) -> JobRecord:
    """Describe a job as its new holder knows it: one attempt further."""
    values: tuple[Any, ...] = tuple(row)
    return JobRecord(*(*values[:-2], row.attempt + 1, row.tries, lease_until, holder))

"""Work owed: rows that a worker leases, does and strikes out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, exists, update
from sqlalchemy.orm import aliased

from engine import clock, work_queries
from engine.database import new_id, table_of
from engine.models import Job, Lane
from engine.records import JobRecord
from engine.sending import Change, Rows
from engine.unit_of_work import UnitOfWork

_JOBS = table_of(Job)
_INSERT = Rows(
    _JOBS, lambda statement: statement.on_conflict_do_nothing(index_elements=[_JOBS.c.key])
)

LEASE = timedelta(seconds=30)
BATCH = 50


@dataclass(frozen=True, slots=True)
class Debt:
    """Work to be done later. Of two with the same `key` only the first is kept."""

    kind: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    due_at: datetime | None = None
    """At once when empty."""
    lane: Lane = Lane.WORK
    """`ERRAND` for what leaves the house (mail); its handler is an `engine.handlers.Errand`."""
    key: str | None = None
    business_key: UUID | None = None
    instance_id: UUID | None = None
    token: int | None = None


def owe(uow: UnitOfWork, *debts: Debt) -> None:
    """Have work done after this transaction, at least once and with effect in the database once.

    The rows are written together, as the transaction ends or when somebody asks: see `write`.
    """
    if not debts:
        return
    now = clock.now()
    rows = [_row(debt, now) for debt in debts]
    uow.debts += rows
    uow.in_the_end(write)
    uow.work_due(min(row["due_at"] for row in rows))


def recur(
    uow: UnitOfWork,
    kind: str,
    pause: timedelta,
    payload: Mapping[str, Any] | None = None,
    lane: Lane = Lane.WORK,
) -> None:
    """Owe the next of what is done again and again, unless it is owed already."""
    owe(uow, Debt(kind, payload or {}, clock.now() + pause, lane, key=kind))


def recurs(job: Any) -> bool:
    """Tell whether this is owed again only as it is done, or when a worker starts anew."""
    return bool(job.key == job.kind)


def write(uow: UnitOfWork) -> None:
    """Write what is owed so far; needed before a statement that touches jobs."""
    rows, uow.debts = uow.debts, []
    uow.send(_INSERT, *rows)


def withdraw(uow: UnitOfWork, *keys: str) -> None:
    """Take back the work under these keys; it may already be under way."""
    if keys:
        write(uow)
        uow.connection.execute(delete(Job).where(Job.key.in_(keys)))


def strike_out(uow: UnitOfWork, *job_ids: UUID) -> None:
    """Take back work by its ids; whoever has leased it loses it."""
    if job_ids:
        uow.connection.execute(delete(Job).where(Job.id.in_(job_ids)))


def _row(debt: Debt, now: datetime) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": debt.kind,
        "lane": debt.lane,
        "key": debt.key,
        "instance_id": debt.instance_id,
        "token": debt.token,
        "business_key": debt.business_key,
        "payload": dict(debt.payload),
        "due_at": debt.due_at or now,
        "created_at": now,
        "attempt": 0,
        "tries": 0,
        "lease_until": None,
        "holder": None,
        "held_due_at": None,
    }


_LEASE = Change(
    update(table_of(Job))
    .where(Job.id == bindparam("job"))
    .values(attempt=Job.attempt + 1, lease_until=bindparam("until"), holder=bindparam("by"))
)
_HELD = (
    (Job.id == bindparam("job"))
    & (Job.holder == bindparam("by"))
    & (Job.attempt == bindparam("fence"))
)
_RENEW = (
    update(table_of(Job))
    .where(_HELD)
    .values(lease_until=bindparam("until"), tries=bindparam("tried"))
)
_EARLIER = aliased(Job)
_OUT_OF_TURN = (Job.due_at > Job.created_at) & exists().where(
    _EARLIER.instance_id == Job.instance_id,
    _EARLIER.lane == Job.lane,
    _EARLIER.due_at < Job.due_at,
)
"""A timer that overtook an earlier one: two workers leased at the same moment."""
_REDEEM = delete(table_of(Job)).where(_HELD & ~_OUT_OF_TURN)
_PUT_BACK = (
    update(table_of(Job))
    .where(_HELD)
    .values(due_at=bindparam("at"), tries=bindparam("tried"), lease_until=None, holder=None)
)


def lease(
    uow: UnitOfWork, lane: Lane, holder: str, believed: datetime | None = None
) -> list[JobRecord]:
    """Take up to a batch of due jobs for 30 seconds, oldest first; nobody else gets them.

    By the time `believed`, if that is not now, what was owed for later is due.
    """
    now = clock.now()
    rows = work_queries.lock_due_jobs(uow.connection, lane, now, believed or now, BATCH)
    if not rows:
        return []
    until = now + LEASE
    uow.send(_LEASE, *({"job": row.id, "until": until, "by": holder} for row in rows))
    return [work_queries.job_record(row, until, holder) for row in rows]


def renew(uow: UnitOfWork, job: JobRecord, tries: int) -> bool:
    """Hold it for another 30 seconds and note the tries; False when it is lost."""
    return _fenced(uow, _RENEW, job, until=clock.now() + LEASE, tried=tries)


def redeem(uow: UnitOfWork, job: JobRecord) -> bool:
    """Strike the job out; False when it is withdrawn, somebody else's by now, or not its turn."""
    return _fenced(uow, _REDEEM, job)


def put_back(uow: UnitOfWork, job: JobRecord, due_at: datetime | None, tries: int) -> bool:
    """Give the lease back: due again then, or parked; False when it was lost."""
    if due_at is not None:
        uow.work_due(due_at)
    return _fenced(uow, _PUT_BACK, job, at=due_at, tried=tries)


_UNPARK = (
    update(table_of(Job))
    .where(Job.id.in_(bindparam("jobs", expanding=True)))
    .where(Job.due_at.is_(None), Job.held_due_at.is_(None))
    .values(due_at=bindparam("due"), tries=0)
)


def unpark(uow: UnitOfWork, *job_ids: UUID) -> None:
    """Have parked work tried again at once, with all its tries."""
    if job_ids:
        now = clock.now()
        uow.connection.execute(_UNPARK, {"jobs": job_ids, "due": now})
        uow.work_due(now)


_HOLD = {"held_due_at": Job.due_at, "due_at": None, "lease_until": None, "holder": None}
_HOLD_LEASED = update(table_of(Job)).where(_HELD).values(_HOLD)
_HOLD_ALL = (
    update(table_of(Job))
    .where(Job.instance_id == bindparam("instance"), Job.due_at.is_not(None))
    .values(_HOLD)
)
_LET_GO = (
    update(table_of(Job))
    .where(Job.instance_id == bindparam("instance"), Job.held_due_at.is_not(None))
    .values(due_at=Job.held_due_at, held_due_at=None)
)


def hold(uow: UnitOfWork, job: JobRecord) -> bool:
    """Keep a leased job until its instance is resumed; False when it was lost."""
    return _fenced(uow, _HOLD_LEASED, job)


def hold_all(uow: UnitOfWork, instance_id: UUID) -> None:
    """Keep what an instance owes until it is resumed; whoever has leased something loses it."""
    write(uow)
    uow.connection.execute(_HOLD_ALL, {"instance": instance_id})


def let_go(uow: UnitOfWork, instance_id: UUID) -> None:
    """Make due again what was held, at the times at which it would have been."""
    uow.connection.execute(_LET_GO, {"instance": instance_id})
    uow.work_due(clock.now())


_FORGET = Change(
    delete(table_of(Job)).where(Job.instance_id == bindparam("instance"), Job.due_at.is_(None))
)


def forget_standing(uow: UnitOfWork, instance_id: UUID) -> None:
    """Strike out what is held or parked for an instance that has ended: it would never be due."""
    uow.send(_FORGET, {"instance": instance_id})


_NOTE = update(table_of(Job)).where(Job.id == bindparam("job")).values(payload=bindparam("noted"))


def note(uow: UnitOfWork, job: JobRecord, **facts: str) -> None:
    """Remember something with a job that is put back."""
    values = {"job": job.id, "noted": {**job.payload, **facts}}
    uow.connection.execute(_NOTE, values)


def _fenced(uow: UnitOfWork, statement: Any, job: JobRecord, **values: Any) -> bool:
    fence = {"job": job.id, "by": job.holder, "fence": job.attempt}
    return uow.connection.execute(statement, {**fence, **values}).rowcount == 1

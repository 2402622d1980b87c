"""How faults are closed: by an operator, or by what became of their process."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, select, update

from engine import clock, fault_queries, jobs
from engine.database import table_of
from engine.errors import FaultAlreadyClosed
from engine.fault_table import Fault, FaultState
from engine.models import Job
from engine.sending import Change
from engine.unit_of_work import UnitOfWork

_OPEN = update(table_of(Fault)).where(Fault.state == FaultState.OPEN)
_CLOSED: dict[str, Any] = {
    "state": bindparam("now_is"),
    "closed_at": bindparam("at"),
    "closed_by": bindparam("by"),
    "key": None,
}
_CLOSE = _OPEN.where(Fault.id == bindparam("fault")).values(_CLOSED)
_ALL = _OPEN.where(Fault.instance_id == bindparam("instance")).values(_CLOSED)
_CLOSE_ALL = Change(_ALL)
_CLOSED_NOW = _ALL.returning(Fault.job_id).cte("closed")
_CLOSE_ALL_AND_LOOK_AGAIN = Change(
    update(table_of(Job))
    .where(Job.id.in_(select(_CLOSED_NOW.c.job_id)))
    .where(Job.due_at.is_(None), Job.held_due_at.is_(None))
    .values(due_at=bindparam("at"), tries=0)
)
"""In one statement, for which nobody waits; SQLite knows none of this kind."""
_IS_DUE = (
    select(Job.id)
    .where(Job.instance_id == bindparam("instance"))
    .where(Job.due_at.is_not(None) | Job.held_due_at.is_not(None))
)
_LEFT = Fault.token.is_not(None) & Fault.token.not_in(bindparam("standing", expanding=True))
_WITHDRAWN = Fault.job_id.is_(None) & Fault.job_kind.is_not(None)
_CLOSE_SETTLED = _ALL.where(_LEFT | _WITHDRAWN | Fault.job_id.in_(_IS_DUE)).returning(Fault.job_id)


def close(uow: UnitOfWork, fault_id: UUID, state: FaultState, by: str) -> None:
    """Close one fault; whoever comes second is told so. Its instance has to be held."""
    values = {"fault": fault_id, "now_is": state, "at": clock.now(), "by": by}
    if uow.connection.execute(_CLOSE, values).rowcount != 1:
        raise FaultAlreadyClosed(fault_id)


def require_open(uow: UnitOfWork, fault_id: UUID) -> None:
    """Refuse what is done about a fault no more. Its instance has to be held."""
    if fault_queries.state_of(uow.connection, fault_id) is not FaultState.OPEN:
        raise FaultAlreadyClosed(fault_id)


def close_retried(uow: UnitOfWork, job_ids: Collection[UUID], by: str) -> None:
    """Close the open faults of jobs that are tried again."""
    if job_ids:
        values = {"now_is": FaultState.RETRIED, "at": clock.now(), "by": by}
        retried = _OPEN.where(Fault.job_id.in_(job_ids)).values(_CLOSED)
        uow.connection.execute(retried, values)


def close_all(uow: UnitOfWork, instance_id: UUID, state: FaultState) -> None:
    """Close every open fault of an instance that has come to its end.

    One may have been raised while this step waited for the instance: PostgreSQL did not show it
    to `close_settled`, so who brought a message in vain by it looks once more by this.
    """
    is_postgresql = uow.connection.dialect.name == "postgresql"
    close = _CLOSE_ALL_AND_LOOK_AGAIN if is_postgresql else _CLOSE_ALL
    uow.send(close, _values(instance_id, state))


def close_settled(
    uow: UnitOfWork, instance_id: UUID, standing: Collection[int], state: FaultState
) -> None:
    """Close the faults of what an instance has left, or what it owes anew; it waits at these tokens.

    Who brought it a message or a signal in vain looks once more: others may wait for it.
    """
    values = _values(instance_id, state) | {"standing": list(standing)}
    owed = [job for job in uow.connection.scalars(_CLOSE_SETTLED, values) if job is not None]
    jobs.unpark(uow, *owed)


def _values(instance_id: UUID, state: FaultState) -> dict[str, object]:
    return {"instance": instance_id, "now_is": state, "at": clock.now(), "by": None}

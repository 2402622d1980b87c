"""How faults are closed: by an operator, or by what became of their process."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update

from engine import clock
from engine.database import table_of
from engine.errors import FaultAlreadyClosed
from engine.fault_table import Fault, FaultState
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
_CLOSE_SETTLED = Change(_ALL.where(Fault.job_id.is_(None), Fault.job_kind.is_not(None)))


def close(uow: UnitOfWork, fault_id: UUID, state: FaultState, by: str) -> None:
    """Close one fault; whoever comes second is told so. Its instance has to be held."""
    values = {"fault": fault_id, "now_is": state, "at": clock.now(), "by": by}
    if uow.connection.execute(_CLOSE, values).rowcount != 1:
        raise FaultAlreadyClosed(fault_id)


def close_retried(uow: UnitOfWork, job_ids: Collection[UUID], by: str) -> None:
    """Close the open faults of jobs that are tried again."""
    if job_ids:
        values = {"now_is": FaultState.RETRIED, "at": clock.now(), "by": by}
        retried = _OPEN.where(Fault.job_id.in_(job_ids)).values(_CLOSED)
        uow.connection.execute(retried, values)


def close_all(uow: UnitOfWork, instance_id: UUID, state: FaultState) -> None:
    """Close every open fault of an instance that has come to its end."""
    uow.send(_CLOSE_ALL, _values(instance_id, state))


def close_settled(uow: UnitOfWork, instance_id: UUID) -> None:
    """Close the faults of an instance whose work nobody owes any more."""
    uow.send(_CLOSE_SETTLED, _values(instance_id, FaultState.RESOLVED))


def _values(instance_id: UUID, state: FaultState) -> dict[str, object]:
    return {"instance": instance_id, "now_is": state, "at": clock.now(), "by": None}

"""What operators do about faults; cases without one go on meanwhile."""

from uuid import UUID

from sqlalchemy import bindparam, delete, update

from engine import clock, process_work, projections, queries, steps
from engine.database import table_of
from engine.errors import FaultAlreadyClosed, NoSuchFault, TimerNotSkippable
from engine.fault_table import Fault, FaultState
from engine.models import Job
from engine.queries import Source
from engine.records import FaultRecord
from engine.unit_of_work import UnitOfWork


def open_faults(source: Source) -> list[FaultRecord]:
    """List what waits for an operator, newest first."""
    return queries.open_faults(source)


def retry(uow: UnitOfWork, fault_id: UUID, by: str) -> None:
    """Try the failed work again, with all its tries; a person's own step they repeat themselves."""
    fault = _close(uow, fault_id, FaultState.RETRIED, by)
    if fault.job_id is not None:
        now = clock.now()
        uow.connection.execute(_UNPARK, {"job": fault.job_id, "now": now})
        uow.work_due(now)


def skip(uow: UnitOfWork, fault_id: UUID, by: str) -> None:
    """Go on without the failed work: a service task ends without results.

    A timer cannot be skipped as long as the process waits for it: nothing else would wake it.
    """
    fault = _close(uow, fault_id, FaultState.SKIPPED, by)
    if fault.job_id is None:
        return
    if fault.job_kind == projections.TIMER:
        raise TimerNotSkippable(fault_id)
    token = uow.connection.execute(_STRIKE_OUT, {"job": fault.job_id}).scalar()
    if fault.job_kind == projections.SERVICE and fault.instance_id and token is not None:
        process_work.finish(uow, fault.instance_id, token, {})


_CLOSE = (
    update(table_of(Fault))
    .where(Fault.id == bindparam("fault"), Fault.state == FaultState.OPEN)
    .values(state=bindparam("now_is"), closed_at=bindparam("at"), closed_by=bindparam("by"))
    .values(key=None)
)
_UNPARK = (
    update(table_of(Job))
    .where(Job.id == bindparam("job"), Job.due_at.is_(None))
    .values(due_at=bindparam("now"), tries=0)
)
_STRIKE_OUT = (
    delete(table_of(Job))
    .where(Job.id == bindparam("job"), Job.due_at.is_(None))
    .returning(Job.token)
)


def _close(uow: UnitOfWork, fault_id: UUID, state: FaultState, by: str) -> FaultRecord:
    fault = queries.fault(uow.connection, fault_id)
    if fault is None:
        raise NoSuchFault(fault_id)
    if fault.instance_id is not None:
        steps.lock(uow, fault.instance_id)
    values = {"fault": fault_id, "now_is": state, "at": clock.now(), "by": by}
    if uow.connection.execute(_CLOSE, values).rowcount != 1:
        raise FaultAlreadyClosed(fault_id)
    return fault

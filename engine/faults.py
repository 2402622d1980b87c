"""What operators do about faults; cases without one go on meanwhile."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, update

from engine import (
    clock,
    fault_queries,
    instances,
    jobs,
    messages,
    process_work,
    projections,
    steps,
)
from engine.database import table_of
from engine.errors import (
    FaultWithoutInstance,
    NoSuchFault,
    RecurringNotSkippable,
    ResultsNotTaken,
    TimerNotSkippable,
)
from engine.events import JobSkipped
from engine.fault_closing import close, require_open
from engine.fault_table import FaultState
from engine.models import Job
from engine.records import FaultRecord, InstanceRecord
from engine.stay_table import Ended
from engine.unit_of_work import UnitOfWork
from engine.waiting import Answer

NO_RESULTS: Mapping[str, Any] = MappingProxyType({})


def retry(uow: UnitOfWork, fault_id: UUID, by: str) -> FaultRecord:
    """Try the failed work again, with all its tries; a person's own step they repeat themselves.

    While the process is suspended its work stays held.
    """
    fault, instance = _hold(uow, fault_id)
    close(uow, fault_id, FaultState.RETRIED, by)
    if fault.job_id is not None:
        now = clock.now()
        is_held = instance is not None and instance.suspended_at is not None
        uow.connection.execute(_UNPARK, _due(fault.job_id, now, is_held=is_held))
        uow.work_due(now)
    return fault


def skip(
    uow: UnitOfWork, fault_id: UUID, by: str, results: Mapping[str, Any] = NO_RESULTS
) -> FaultRecord:
    """Go on without the failed work: a service task ends as if it had given these results.

    Results are FEEL values. A message that nobody could take is dropped. A timer cannot be skipped
    as long as the process waits for it: nothing else would wake it; nor can what recurs. A suspended
    process makes this one step and stands still again.
    """
    fault, _ = _hold(uow, fault_id)
    close(uow, fault_id, FaultState.SKIPPED, by)
    if results and (fault.job_id is None or fault.job_kind != projections.SERVICE):
        raise ResultsNotTaken(fault_id)
    if fault.job_id is None:
        return fault
    if fault.job_kind == projections.TIMER:
        raise TimerNotSkippable(fault_id)
    job = uow.connection.execute(_STRIKE_OUT, {"job": fault.job_id}).first()
    if job is not None and jobs.recurs(job):
        raise RecurringNotSkippable(fault_id)
    if job is not None:
        uow.record(JobSkipped(job.kind, job.payload))
    if job is not None and fault.job_kind == projections.CORRELATION:
        _drop_untaken(uow, fault.instance_id, job.payload)
    if job is not None and fault.job_kind == projections.SERVICE and fault.instance_id:
        answer = Answer(job.token, by, ended=Ended.SKIPPED)
        steps.mend(uow, fault.instance_id, lambda run: run.finish_job(job.token, results), answer)
    return fault


def _drop_untaken(uow: UnitOfWork, instance_id: UUID | None, payload: Mapping[str, Any]) -> None:
    """Drop the message that failed; if another was to be brought, its turn comes after it."""
    sought = payload.get("message")
    untaken = payload.get(process_work.UNTAKEN, sought)
    if untaken is not None:
        messages.drop(uow, UUID(untaken))
    if sought is None:
        jobs.owe(uow, jobs.Debt(projections.CORRELATION, instance_id=instance_id))
    elif sought != untaken:
        jobs.owe(uow, projections.correlation_of(UUID(sought)))


def cancel(uow: UnitOfWork, fault_id: UUID, by: str) -> FaultRecord:
    """End the process that cannot go on; its other faults are closed with it."""
    fault, instance = _hold(uow, fault_id)
    if instance is None:
        raise FaultWithoutInstance(fault_id)
    close(uow, fault_id, FaultState.CANCELLED, by)
    steps.cancel(uow, instance.id, by)
    return fault


def assign(uow: UnitOfWork, fault_id: UUID, values: Mapping[str, Any]) -> FaultRecord:
    """Set variables of the process, as FEEL values, where the failed work sees them."""
    fault, instance = _hold(uow, fault_id)
    if instance is None:
        raise FaultWithoutInstance(fault_id)
    require_open(uow, fault_id)
    instances.assign(uow, instance.id, values, fault.token)
    return fault


_UNPARK = (
    update(table_of(Job))
    .where(Job.id == bindparam("job"), Job.due_at.is_(None), Job.held_due_at.is_(None))
    .values(due_at=bindparam("due"), held_due_at=bindparam("held"), tries=0)
)
_STRIKE_OUT = (
    delete(table_of(Job))
    .where(Job.id == bindparam("job"), Job.due_at.is_(None), Job.held_due_at.is_(None))
    .returning(Job.token, Job.payload, Job.kind, Job.key)
)


def _due(job_id: UUID, now: datetime, *, is_held: bool) -> dict[str, Any]:
    return {"job": job_id, "due": None if is_held else now, "held": now if is_held else None}


def _hold(uow: UnitOfWork, fault_id: UUID) -> tuple[FaultRecord, InstanceRecord | None]:
    """Hold the instance of a fault, if it has one, before anything of it is touched."""
    fault = fault_queries.fault(uow.connection, fault_id)
    if fault is None:
        raise NoSuchFault(fault_id)
    if fault.instance_id is None:
        return fault, None
    return fault, steps.lock(uow, fault.instance_id)

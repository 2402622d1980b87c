"""The only place that moves a process: one step is one change, made in one transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, update

from bpmn.model import Definitions
from bpmn.spiff.errors import UnreadableSnapshot
from bpmn.spiff.run import ProcessRun
from engine import clock, projections, queries, signals
from engine.database import new_id, table_of
from engine.errors import InstanceEnded, NoSuchInstance, NoSuchProcess
from engine.events import InstanceFinished, InstanceStarted
from engine.failures import Scene, StepFailed
from engine.models import Instance, InstanceState
from engine.records import DeploymentRecord, InstanceRecord
from engine.task_rows import cancel_all_tasks, cancel_tasks
from engine.unit_of_work import UnitOfWork
from engine.waiting import NOTHING, Answer, Difference, Waiting

Change = Callable[[ProcessRun], None]
UNASKED = Answer()


def lock(uow: UnitOfWork, instance_id: UUID) -> InstanceRecord:
    """Hold an instance until the transaction ends.

    Locks are taken in one order: the instance, then its tasks and jobs. Whoever holds one of
    those and then asks for the instance risks a deadlock.
    """
    instance = uow.instances.get(instance_id) or queries.lock_instance(uow.connection, instance_id)
    if instance is None:
        raise NoSuchInstance(instance_id)
    uow.instances[instance_id] = instance
    return instance


def definitions_of(uow: UnitOfWork, instance: InstanceRecord) -> Definitions:
    return uow.library.of_deployment(uow.connection, instance.deployment_id, instance.digest)


def look(uow: UnitOfWork, instance_id: UUID) -> ProcessRun:
    """Restore the process as it stands, to be read only; the instance is held."""
    instance = lock(uow, instance_id)
    definitions = definitions_of(uow, instance)
    with _step(instance):
        return ProcessRun.restore(definitions, instance.snapshot)


def advance(
    uow: UnitOfWork, instance_id: UUID, change: Change, answer: Answer = UNASKED
) -> InstanceRecord:
    """Apply one change to a process and store everything that follows from it.

    The instance stays locked until the transaction ends, so two changes to one process never
    interleave. Raises `StepFailed` when the process cannot do it; the transaction is then lost.
    """
    instance = lock(uow, instance_id)
    if instance.state is not InstanceState.ACTIVE:
        raise InstanceEnded(instance_id)
    definitions = definitions_of(uow, instance)
    with _step(instance):
        run = ProcessRun.restore(definitions, instance.snapshot)
        before = Waiting.of(run).without_job(answer.token)
        change(run)
        run.settle()
        _take_down(instance, run)
        step = Difference(instance, before, Waiting.of(run), answer)
        passed = run.passed()
    signals.send(uow, *run.thrown())
    with uow.together():
        _update(uow, instance)
        projections.store(uow, step, passed)
    cancel_tasks(uow, step, clock.now())
    _tell_end(uow, instance)
    _forget_tasks(uow, instance_id)
    return instance


def cancel(uow: UnitOfWork, instance_id: UUID) -> InstanceRecord:
    """End an instance where it stands, even one that nobody can read any more."""
    instance = lock(uow, instance_id)

    def end(run: ProcessRun) -> None:
        run.cancel()
        instance.state = InstanceState.CANCELLED

    try:
        return advance(uow, instance_id, end)
    except StepFailed as failure:
        if not isinstance(failure.cause, UnreadableSnapshot):
            raise
        return _end_unread(uow, instance)


def _end_unread(uow: UnitOfWork, instance: InstanceRecord) -> InstanceRecord:
    """End an instance by its rows alone; its snapshot is kept for whoever looks into it."""
    instance.state = InstanceState.CANCELLED
    instance.version += 1
    _update(uow, instance)
    projections.withdraw_all(uow, instance)
    cancel_all_tasks(uow, instance, clock.now())
    _tell_end(uow, instance)
    _forget_tasks(uow, instance.id)
    return instance


def begin(
    uow: UnitOfWork,
    deployment: DeploymentRecord,
    process: str,
    variables: Mapping[str, Any],
    business_key: UUID | None,
) -> InstanceRecord:
    """Bring a new instance to its first rest and store it."""
    definitions = uow.library.of_deployment(uow.connection, deployment.id, deployment.digest)
    if process not in definitions.processes:
        raise NoSuchProcess(process)
    instance = InstanceRecord(
        id=new_id(),
        deployment_id=deployment.id,
        digest=deployment.digest,
        process=process,
        business_key=business_key,
        state=InstanceState.ACTIVE,
        version=0,
        snapshot="",
    )
    with _step(instance):
        run = ProcessRun.begin(definitions, process, variables)
        run.settle()
        _take_down(instance, run)
        step = Difference(instance, NOTHING, Waiting.of(run), UNASKED)
        passed = run.passed()
    signals.send(uow, *run.thrown())
    uow.instances[instance.id] = instance
    uow.record(InstanceStarted(instance.id, business_key, process))
    with uow.together():
        _insert(uow, instance)
        projections.store(uow, step, passed)
    _tell_end(uow, instance)
    return instance


@contextmanager
def _step(instance: InstanceRecord) -> Iterator[None]:
    """Make whatever goes wrong inside a matter of this instance alone."""
    try:
        yield
    except Exception as error:
        known = instance.id if instance.version else None
        raise StepFailed(Scene(known, instance.business_key, instance.process), error) from error


def _take_down(instance: InstanceRecord, run: ProcessRun) -> None:
    instance.snapshot = run.snapshot()
    instance.version += 1
    if run.is_finished and instance.state is InstanceState.ACTIVE:
        instance.state = InstanceState.FINISHED


_INSERT = insert(table_of(Instance))
_UPDATE = (
    update(table_of(Instance))
    .where(Instance.id == bindparam("instance"))
    .values(
        snapshot=bindparam("snapshot_now"),
        version=bindparam("version_now"),
        state=bindparam("state_now"),
        ended_at=bindparam("ended"),
    )
)


def _insert(uow: UnitOfWork, instance: InstanceRecord) -> None:
    now = clock.now()
    uow.connection.execute(
        _INSERT,
        {
            "id": instance.id,
            "deployment_id": instance.deployment_id,
            "process": instance.process,
            "business_key": instance.business_key,
            "state": instance.state,
            "version": instance.version,
            "snapshot": instance.snapshot,
            "started_at": now,
            "ended_at": now if instance.state is not InstanceState.ACTIVE else None,
        },
    )


def _update(uow: UnitOfWork, instance: InstanceRecord) -> None:
    uow.connection.execute(
        _UPDATE,
        {
            "instance": instance.id,
            "snapshot_now": instance.snapshot,
            "version_now": instance.version,
            "state_now": instance.state,
            "ended": clock.now() if instance.state is not InstanceState.ACTIVE else None,
        },
    )


def _tell_end(uow: UnitOfWork, instance: InstanceRecord) -> None:
    if instance.state is not InstanceState.ACTIVE:
        cancelled = instance.state is InstanceState.CANCELLED
        uow.record(
            InstanceFinished(instance.id, instance.business_key, instance.process, cancelled)
        )


def _forget_tasks(uow: UnitOfWork, instance_id: UUID) -> None:
    """Drop what was known of its tasks before the step."""
    for task in [task for task in uow.tasks.values() if task.instance_id == instance_id]:
        del uow.tasks[task.id]

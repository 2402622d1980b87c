"""The only place that moves a process: one step is one change, made in one transaction."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any
from uuid import UUID

from bpmn.model import Definitions, NotExecutable
from bpmn.spiff.errors import UnreadableSnapshot
from bpmn.spiff.run import ProcessRun
from bpmn.steps import Passed
from engine import clock, jobs, projections, queries, signals, stays
from engine.database import new_id
from engine.errors import InstanceEnded, InstanceSuspended, NoSuchInstance, NoSuchProcess
from engine.events import InstanceFinished, InstanceStarted
from engine.failures import Scene, StepFailed
from engine.fault_closing import close_all, close_settled
from engine.fault_table import FaultState
from engine.instance_rows import relocate, rewrite, write
from engine.models import InstanceState
from engine.records import DeploymentRecord, InstanceRecord
from engine.task_rows import cancel_all_tasks, cancel_tasks, rename_tasks
from engine.unit_of_work import UnitOfWork
from engine.waiting import NOTHING, Answer, Difference, Waiting, readdressed

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


def is_moving(instance: InstanceRecord) -> bool:
    """Tell whether it may take a step: it has not ended and is not suspended."""
    return instance.state is InstanceState.ACTIVE and instance.suspended_at is None


def definitions_of(uow: UnitOfWork, instance: InstanceRecord) -> Definitions:
    """Read the diagrams that an instance follows; that they run no more concerns it alone."""
    try:
        return uow.library.of_deployment(uow.connection, instance.deployment_id, instance.digest)
    except NotExecutable as error:
        raise StepFailed(_scene(instance), error) from error


def look(uow: UnitOfWork, instance_id: UUID) -> ProcessRun:
    """Restore the process as it stands, to be read only; the instance is held."""
    instance = lock(uow, instance_id)
    definitions = definitions_of(uow, instance)
    with _step(instance):
        return ProcessRun.restore(definitions, instance.snapshot)


def rehearse(uow: UnitOfWork, instance_id: UUID, change: Change) -> ProcessRun:
    """Make a change that is not kept. What refuses it is told as it is, and leaves no fault."""
    try:
        run = look(uow, instance_id)
    except StepFailed as failure:
        raise failure.cause from failure
    if lock(uow, instance_id).state is not InstanceState.ACTIVE:
        raise InstanceEnded(instance_id)
    change(run)
    run.settle()
    return run


def advance(
    uow: UnitOfWork, instance_id: UUID, change: Change, answer: Answer = UNASKED
) -> InstanceRecord:
    """Apply one change to a process and store everything that follows from it.

    The instance stays locked until the transaction ends, so two changes to one process never
    interleave. Raises `StepFailed` when the process cannot do it; the transaction is then lost.
    """
    instance = lock(uow, instance_id)
    if instance.suspended_at is not None:
        raise InstanceSuspended(instance_id)
    return _change(uow, instance, change, answer)


def mend(
    uow: UnitOfWork, instance_id: UUID, change: Change, answer: Answer = UNASKED
) -> InstanceRecord:
    """Apply an operator's change, to a suspended process too: what it owes then stays held."""
    instance = lock(uow, instance_id)
    projections.look_again(uow, instance)
    instance = _change(uow, instance, change, answer)
    if instance.suspended_at is not None:
        jobs.hold_all(uow, instance_id)
    return instance


def _change(
    uow: UnitOfWork, instance: InstanceRecord, change: Change, answer: Answer
) -> InstanceRecord:
    if instance.state is not InstanceState.ACTIVE:
        raise InstanceEnded(instance.id)
    definitions = definitions_of(uow, instance)
    with _step(instance) as scene:
        run = ProcessRun.restore(definitions, instance.snapshot)
        waiting = Waiting.of(run)
        scene.stand_at(waiting.place_of(answer.token))
        scene.token = answer.token
        before = waiting.without_job(answer.token)
        change(run)
        run.settle()
        _take_down(instance, run)
        step = Difference(instance, before, Waiting.of(run), answer)
        passed = run.passed()
    signals.send(uow, *run.thrown(), thrower=instance.id)
    rewrite(uow, instance)
    projections.store(uow, step, passed)
    cancel_tasks(uow, step, clock.now())
    _settle_faults(uow, step)
    _tell_end(uow, instance)
    _forget_tasks(uow, instance.id)
    return instance


def cancel(uow: UnitOfWork, instance_id: UUID, by: str | None = None) -> InstanceRecord:
    """End an instance where it stands, even one that nobody can read any more."""
    instance = lock(uow, instance_id)

    def end(run: ProcessRun) -> None:
        run.cancel()
        instance.state = InstanceState.CANCELLED

    try:
        return mend(uow, instance_id, end, Answer(by=by))
    except StepFailed as failure:
        if not isinstance(failure.cause, UnreadableSnapshot | NotExecutable):
            raise
        return _end_unread(uow, instance, by)


def carry_over(
    uow: UnitOfWork,
    instance_id: UUID,
    deployment: DeploymentRecord,
    change: Callable[[ProcessRun], ProcessRun],
) -> tuple[Passed, ...]:
    """Have an instance follow another deployment from here on; `change` gives its run over there.

    Rows of what goes on as before stay, whoever has them; returns what moved on all the same.
    """
    instance = lock(uow, instance_id)
    if instance.state is not InstanceState.ACTIVE:
        raise InstanceEnded(instance_id)
    definitions = definitions_of(uow, instance)
    projections.look_again(uow, instance)
    with _step(instance):
        run = ProcessRun.restore(definitions, instance.snapshot)
        before = Waiting.of(run)
        run = change(run)
        run.settle()
        _take_down(instance, run)
        passed = tuple(run.passed())
    instance.deployment_id, instance.digest = deployment.id, deployment.digest
    instance.process = run.process
    signals.send(uow, *run.thrown(), thrower=instance_id)
    stays.carry_over(uow, instance, stays.places_of(run.stays(), passed))
    step = Difference(instance, before, Waiting.of(run), UNASKED)
    _store_over_there(uow, step, passed)
    _settle_faults(uow, step)
    if instance.suspended_at is not None:
        jobs.hold_all(uow, instance_id)
    _tell_end(uow, instance)
    _forget_tasks(uow, instance_id)
    return passed


def _store_over_there(uow: UnitOfWork, step: Difference, passed: tuple[Passed, ...]) -> None:
    """Write what has changed; work, messages and signals that are others now are owed anew."""
    kept = step.after.without(readdressed(step.before, step.after))
    relocate(uow, step.instance)
    rewrite(uow, step.instance)
    projections.store(uow, replace(step, after=kept), passed)
    projections.store(uow, replace(step, before=kept), ())
    rename_tasks(uow, step)
    cancel_tasks(uow, step, clock.now())


def _end_unread(uow: UnitOfWork, instance: InstanceRecord, by: str | None) -> InstanceRecord:
    """End an instance by its rows alone; its snapshot is kept for whoever looks into it."""
    instance.state, instance.suspended_at = InstanceState.CANCELLED, None
    instance.version += 1
    rewrite(uow, instance)
    projections.withdraw_all(uow, instance)
    stays.end_all(uow, instance, by)
    cancel_all_tasks(uow, instance, clock.now())
    _settle_faults(uow, Difference(instance, NOTHING, NOTHING, UNASKED))
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
    with uow.as_one():
        write(uow, instance)
        projections.store(uow, step, passed)
    _tell_end(uow, instance)
    return instance


@contextmanager
def _step(instance: InstanceRecord) -> Iterator[Scene]:
    """Make whatever goes wrong inside a matter of this instance alone."""
    scene = _scene(instance)
    try:
        yield scene
    except Exception as error:
        raise StepFailed(scene, error) from error


def _scene(instance: InstanceRecord) -> Scene:
    known = instance.id if instance.version else None
    key, deployment = instance.business_key, instance.deployment_id
    return Scene(known, key, instance.process, deployment_id=deployment)


def _take_down(instance: InstanceRecord, run: ProcessRun) -> None:
    instance.snapshot = run.snapshot()
    instance.version += 1
    if run.is_finished and instance.state is InstanceState.ACTIVE:
        instance.state = InstanceState.FINISHED
    if instance.state is not InstanceState.ACTIVE:
        instance.suspended_at = None


def _settle_faults(uow: UnitOfWork, step: Difference) -> None:
    """Close the faults of what is behind it now; where there are none nothing is asked."""
    instance = step.instance
    if instance.is_faulty:
        standing = step.after.tokens - readdressed(step.before, step.after)
        close_settled(uow, instance.id, standing, _closing_state(instance))


def _closing_state(instance: InstanceRecord) -> FaultState:
    cancelled = instance.state is InstanceState.CANCELLED
    return FaultState.CANCELLED if cancelled else FaultState.RESOLVED


def _tell_end(uow: UnitOfWork, instance: InstanceRecord) -> None:
    if instance.state is not InstanceState.ACTIVE:
        cancelled = instance.state is InstanceState.CANCELLED
        close_all(uow, instance.id, _closing_state(instance))
        jobs.forget_standing(uow, instance.id)
        uow.record(
            InstanceFinished(instance.id, instance.business_key, instance.process, cancelled)
        )


def _forget_tasks(uow: UnitOfWork, instance_id: UUID) -> None:
    """Drop what was known of its tasks before the step."""
    for task in [task for task in uow.tasks.values() if task.instance_id == instance_id]:
        del uow.tasks[task.id]

"""Every SELECT of the engine, by name. What locks says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Select, bindparam, func, select
from sqlalchemy.orm import Session

from bpmn.bundle import Bundle
from engine.models import (
    CandidateKind,
    Content,
    Deployment,
    DeploymentFile,
    Fault,
    FaultState,
    History,
    Installation,
    Instance,
    Job,
    Lane,
    Message,
    Subscription,
    TaskCandidate,
    TaskState,
    UserTask,
)
from engine.records import (
    DeploymentRecord,
    FaultRecord,
    HistoryRecord,
    InstanceRecord,
    JobRecord,
    TaskRecord,
)

Source = Connection | Session
"""A query runs on the connection of a unit of work or on the session of a page."""

_INSTANCE = (
    Instance.id,
    Instance.deployment_id,
    Deployment.digest,
    Instance.process,
    Instance.business_key,
    Instance.state,
    Instance.version,
    Instance.snapshot,
)
_TASK = (
    UserTask.id,
    UserTask.instance_id,
    UserTask.token,
    UserTask.process,
    UserTask.element,
    UserTask.name,
    UserTask.form,
    UserTask.assignee,
    UserTask.due_at,
    UserTask.follow_up_at,
    UserTask.priority,
    UserTask.state,
    UserTask.created_at,
    UserTask.closed_at,
    UserTask.closed_by,
    Instance.business_key,
    Instance.deployment_id,
)
_DEPLOYMENT = (
    Deployment.id,
    Deployment.number,
    Deployment.digest,
    Deployment.published_at,
    Deployment.published_by,
    Deployment.comment,
)
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

_LOCK_INSTANCE = (
    select(*_INSTANCE)
    .join(Deployment, Deployment.id == Instance.deployment_id)
    .where(Instance.id == bindparam("instance"))
    .with_for_update(of=Instance)
)
_LOCK_TASK = (
    select(*_TASK[:-2], *_INSTANCE[1:])
    .select_from(Instance)
    .join(UserTask, UserTask.instance_id == Instance.id)
    .join(Deployment, Deployment.id == Instance.deployment_id)
    .where(UserTask.id == bindparam("task"))
    .with_for_update(of=(Instance, UserTask))
)
_TASKS = select(*_TASK).join(Instance, Instance.id == UserTask.instance_id)


def lock_instance(connection: Connection, instance_id: UUID) -> InstanceRecord | None:
    """The instance, held until the transaction ends."""
    row = connection.execute(_LOCK_INSTANCE, {"instance": instance_id}).first()
    return InstanceRecord(*row) if row else None


def lock_task(connection: Connection, task_id: UUID) -> tuple[TaskRecord, InstanceRecord] | None:
    """A task and its instance, both held until the transaction ends, the instance first."""
    row = connection.execute(_LOCK_TASK, {"task": task_id}).first()
    if row is None:
        return None
    width = len(_TASK) - 2
    task, instance = row[:width], InstanceRecord(row[1], *row[width:])
    return TaskRecord(*task, instance.business_key, instance.deployment_id), instance


def task(source: Source, task_id: UUID) -> TaskRecord | None:
    """A task as it is now; nothing is held."""
    row = source.execute(_TASKS.where(UserTask.id == task_id)).first()
    return TaskRecord(*row) if row else None


def open_tasks_of(source: Source, business_key: UUID) -> list[TaskRecord]:
    """The open tasks of every instance that works for this key, oldest first."""
    found = _TASKS.where(Instance.business_key == business_key, UserTask.state == TaskState.OPEN)
    return [TaskRecord(*row) for row in source.execute(found.order_by(UserTask.id))]


def tasks_of(source: Source, business_key: UUID) -> list[TaskRecord]:
    """Every task there ever was for this key, oldest first."""
    found = _TASKS.where(Instance.business_key == business_key)
    return [TaskRecord(*row) for row in source.execute(found.order_by(UserTask.id))]


def candidates_of(source: Source, task_id: UUID) -> list[tuple[CandidateKind, str]]:
    found = select(TaskCandidate.kind, TaskCandidate.name).where(TaskCandidate.task_id == task_id)
    return [(kind, name) for kind, name in source.execute(found)]


def instances_of(source: Source, business_key: UUID) -> list[InstanceRecord]:
    """Every instance that works, or worked, for this key, oldest first."""
    found = (
        select(*_INSTANCE)
        .join(Deployment, Deployment.id == Instance.deployment_id)
        .where(Instance.business_key == business_key)
        .order_by(Instance.id)
    )
    return [InstanceRecord(*row) for row in source.execute(found)]


def history_of(source: Source, instance_id: UUID) -> list[HistoryRecord]:
    """What the tokens of an instance entered and left, in order."""
    found = (
        select(History.at, History.token, History.process, History.element, History.passage)
        .where(History.instance_id == instance_id)
        .order_by(History.step, History.position)
    )
    return [HistoryRecord(*row) for row in source.execute(found)]


_CURRENT = (
    select(*_DEPLOYMENT)
    .join(Installation, Installation.deployment_id == Deployment.id)
    .where(Installation.id == 1)
)


def current_deployment(source: Source) -> DeploymentRecord | None:
    row = source.execute(_CURRENT).first()
    return DeploymentRecord(*row) if row else None


def deployment(source: Source, deployment_id: UUID) -> DeploymentRecord | None:
    row = source.execute(select(*_DEPLOYMENT).where(Deployment.id == deployment_id)).first()
    return DeploymentRecord(*row) if row else None


def deployments(source: Source, limit: int = 50) -> list[DeploymentRecord]:
    """What was published, newest first."""
    found = select(*_DEPLOYMENT).order_by(Deployment.number.desc()).limit(limit)
    return [DeploymentRecord(*row) for row in source.execute(found)]


def highest_deployment_number(source: Source) -> int:
    return source.execute(select(func.coalesce(func.max(Deployment.number), 0))).scalar_one()


def lock_installation(connection: Connection) -> None:
    connection.execute(select(Installation.id).with_for_update())


def clock_offset_seconds(source: Source) -> int:
    return source.execute(select(Installation.clock_offset_seconds)).scalar() or 0


def bundle_of(source: Source, deployment_id: UUID) -> Bundle:
    found = (
        select(DeploymentFile.name, Content.content)
        .join(Content, Content.digest == DeploymentFile.content_digest)
        .where(DeploymentFile.deployment_id == deployment_id)
    )
    return Bundle({name: content for name, content in source.execute(found)})


_TAKE_DUE = (
    select(*_JOB)
    .where(Job.lane == bindparam("lane"), Job.due_at <= bindparam("now"))
    .where((Job.lease_until.is_(None)) | (Job.lease_until <= bindparam("now")))
    .order_by(Job.due_at, Job.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)


def lock_due_jobs(connection: Connection, lane: Lane, now: datetime, count: int) -> Sequence[Any]:
    """Jobs that are due and nobody holds, oldest first, held; what another worker locks is left."""
    return connection.execute(_TAKE_DUE, {"lane": lane, "now": now, "count": count}).all()


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


def open_faults(source: Source, limit: int = 100) -> list[FaultRecord]:
    """What waits for an operator, newest first."""
    found = _faults().where(Fault.state == FaultState.OPEN).order_by(Fault.id.desc()).limit(limit)
    return [FaultRecord(*row) for row in source.execute(found)]


def fault(source: Source, fault_id: UUID) -> FaultRecord | None:
    row = source.execute(_faults().where(Fault.id == fault_id)).first()
    return FaultRecord(*row) if row else None


def _faults() -> Select[Any]:
    return select(
        Fault.id,
        Fault.instance_id,
        Instance.business_key,
        Fault.job_id,
        Fault.job_kind,
        Fault.process,
        Fault.element,
        Fault.error,
        Fault.place,
        Fault.template,
        Fault.facts,
        Fault.state,
        Fault.raised_at,
    ).outerjoin(Instance, Instance.id == Fault.instance_id)


def oldest_subscriber(connection: Connection, message: str, key: str) -> UUID | None:
    """The instance that has waited longest for this message."""
    found = (
        select(Subscription.instance_id)
        .where(Subscription.message == message, Subscription.key == key)
        .order_by(Subscription.created_at, Subscription.instance_id)
        .limit(1)
    )
    return connection.execute(found).scalar()


def message_for(connection: Connection, instance_id: UUID, now: datetime) -> Any | None:
    """The oldest live message that a token of this instance waits for, and that token; held."""
    found = (
        select(Message.id, Message.name, Message.variables, Subscription.token)
        .join(
            Subscription,
            (Subscription.message == Message.name) & (Subscription.key == Message.key),
        )
        .where(Subscription.instance_id == instance_id, Message.expires_at > now)
        .order_by(Message.published_at, Message.id, Subscription.token)
        .limit(1)
        .with_for_update(of=Message, skip_locked=True)
    )
    return connection.execute(found).first()


def message_address(connection: Connection, message_id: UUID) -> tuple[str, str] | None:
    """Name and key of a message that still waits."""
    found = select(Message.name, Message.key).where(Message.id == message_id)
    row = connection.execute(found).first()
    return (row[0], row[1]) if row else None


def job_record(row: Any, lease_until: datetime, holder: str) -> JobRecord:
    """A job as its new holder knows it: one attempt and one try further than it was."""
    *facts, attempt, tries = row
    return JobRecord(*facts, attempt + 1, tries + 1, lease_until, holder)

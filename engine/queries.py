"""Every SELECT about deployments, instances and tasks, by name. What locks says so."""

from collections.abc import Collection, Mapping
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, exists, func, select
from sqlalchemy.orm import Session

from bpmn.bundle import Bundle
from engine.fault_table import Fault, FaultState
from engine.models import (
    CandidateKind,
    Content,
    Deployment,
    DeploymentFile,
    Installation,
    Instance,
    InstanceState,
    TaskCandidate,
    TaskState,
    UserTask,
)
from engine.records import (
    DeploymentRecord,
    InstanceRecord,
    TaskRecord,
)

Source = Connection | Session
"""A query runs on the connection of a unit of work or on the session of a page."""

_DIGEST = (
    select(Deployment.digest)
    .where(Deployment.id == Instance.deployment_id)
    .correlate(Instance)
    .scalar_subquery()
)
"""Looked up, not joined: PostgreSQL drops a joined row whose instance goes over to another
deployment while the query waits for it, as if there were no such instance."""
_IS_FAULTY = (
    exists()
    .where(Fault.instance_id == Instance.id, Fault.state == FaultState.OPEN)
    .correlate(Instance)
    .label("is_faulty")
)
"""Read along, so that a step asks about faults only where there are some."""
_INSTANCE = (
    Instance.id,
    Instance.deployment_id,
    _DIGEST.label("digest"),
    Instance.process,
    Instance.business_key,
    Instance.state,
    Instance.version,
    Instance.snapshot,
    Instance.suspended_at,
    _IS_FAULTY,
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
    UserTask.command,
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
_LOCK_INSTANCE = (
    select(*_INSTANCE)
    .where(Instance.id == bindparam("instance"))
    .with_for_update(of=Instance, key_share=True)
)
TASK_AND_INSTANCE: tuple[Any, ...] = (*_TASK[:-2], *_INSTANCE[1:])
"""What `task_and_instance` reads, for queries that read more beside it."""
_LOCK_TASK = (
    select(*TASK_AND_INSTANCE)
    .select_from(Instance)
    .join(UserTask, UserTask.instance_id == Instance.id)
    .where(UserTask.id == bindparam("task"))
    .with_for_update(of=(Instance, UserTask), key_share=True)
)
_TASKS = select(*_TASK).join(Instance, Instance.id == UserTask.instance_id)

R = TypeVar("R")


def record(kind: type[R], row: Row[*tuple[Any, ...]]) -> R:
    """Make a record of a row that selects its fields in order."""
    values: tuple[Any, ...] = tuple(row)
    return kind(*values)


def lock_instance(connection: Connection, instance_id: UUID) -> InstanceRecord | None:
    """Fetch an instance and hold it until the transaction ends."""
    row = connection.execute(_LOCK_INSTANCE, {"instance": instance_id}).first()
    return record(InstanceRecord, row) if row else None


def lock_task(connection: Connection, task_id: UUID) -> tuple[TaskRecord, InstanceRecord] | None:
    """Fetch a task and its instance and hold both, the instance first."""
    row = connection.execute(_LOCK_TASK, {"task": task_id}).first()
    return task_and_instance(row) if row else None


def task_and_instance(row: Row[*tuple[Any, ...]]) -> tuple[TaskRecord, InstanceRecord]:
    """Make the records of a row that begins with `TASK_AND_INSTANCE`."""
    width = len(_TASK) - 2
    values: tuple[Any, ...] = tuple(row)
    instance = InstanceRecord(row.instance_id, *values[width : len(TASK_AND_INSTANCE)])
    task = TaskRecord(*(*values[:width], instance.business_key, instance.deployment_id))
    return task, instance


def task(source: Source, task_id: UUID) -> TaskRecord | None:
    """Fetch a task as it is now; nothing is held."""
    row = source.execute(_TASKS.where(UserTask.id == task_id)).first()
    return record(TaskRecord, row) if row else None


def open_tasks_of(source: Source, business_key: UUID) -> list[TaskRecord]:
    """List the open tasks of every instance that works for this key, oldest first."""
    found = _TASKS.where(Instance.business_key == business_key, UserTask.state == TaskState.OPEN)
    return [record(TaskRecord, row) for row in source.execute(found.order_by(UserTask.id))]


def tasks_of(source: Source, business_key: UUID) -> list[TaskRecord]:
    """List all tasks there ever were for this key, oldest first."""
    found = _TASKS.where(Instance.business_key == business_key)
    return [record(TaskRecord, row) for row in source.execute(found.order_by(UserTask.id))]


def candidates_of(source: Source, task_id: UUID) -> list[tuple[CandidateKind, str]]:
    found = select(TaskCandidate.kind, TaskCandidate.name).where(TaskCandidate.task_id == task_id)
    return [(kind, name) for kind, name in source.execute(found)]


def candidates_of_all(
    source: Source, task_ids: Collection[UUID]
) -> dict[UUID, list[tuple[CandidateKind, str]]]:
    """Find who may take these tasks."""
    found: dict[UUID, list[tuple[CandidateKind, str]]] = {task_id: [] for task_id in task_ids}
    if found:
        query = select(TaskCandidate.task_id, TaskCandidate.kind, TaskCandidate.name)
        for task_id, kind, name in source.execute(query.where(TaskCandidate.task_id.in_(found))):
            found[task_id].append((kind, name))
    return found


def instances_of(source: Source, business_key: UUID) -> list[InstanceRecord]:
    """List all instances that work, or worked, for this key, oldest first."""
    found = select(*_INSTANCE).where(Instance.business_key == business_key).order_by(Instance.id)
    return [record(InstanceRecord, row) for row in source.execute(found)]


def instance_ids(source: Source) -> list[UUID]:
    """Name every instance there is, oldest first."""
    return list(source.scalars(select(Instance.id).order_by(Instance.id)))


def active_instance_ids(source: Source, after: UUID | None, count: int) -> list[UUID]:
    """Name so many instances under way, in the order of their ids."""
    found = select(Instance.id).where(Instance.state == InstanceState.ACTIVE)
    if after is not None:
        found = found.where(Instance.id > after)
    return list(source.scalars(found.order_by(Instance.id).limit(count)))


def count_active_instances(source: Source) -> int:
    query = select(func.count()).where(Instance.state == InstanceState.ACTIVE)
    return source.scalar(query) or 0


_CURRENT = (
    select(*_DEPLOYMENT)
    .join(Installation, Installation.deployment_id == Deployment.id)
    .where(Installation.id == 1)
)


def current_deployment(source: Source) -> DeploymentRecord | None:
    row = source.execute(_CURRENT).first()
    return record(DeploymentRecord, row) if row else None


def beside_current_deployment(wanted: ColumnElement[Any]) -> Select[Any]:
    """State the question what new instances follow, and what this value is besides."""
    return _CURRENT.add_columns(wanted)


def current_deployment_beside(
    source: Source, question: Select[Any], values: Mapping[str, Any]
) -> tuple[DeploymentRecord, Any] | None:
    """Find both by a question that `beside_current_deployment` has stated."""
    row = source.execute(question, values).first()
    return (DeploymentRecord(*row[:-1]), row[-1]) if row else None


def deployment(source: Source, deployment_id: UUID) -> DeploymentRecord | None:
    row = source.execute(select(*_DEPLOYMENT).where(Deployment.id == deployment_id)).first()
    return record(DeploymentRecord, row) if row else None


def deployments(source: Source, limit: int = 50) -> list[DeploymentRecord]:
    """List what was published, newest first."""
    found = select(*_DEPLOYMENT).order_by(Deployment.number.desc()).limit(limit)
    return [record(DeploymentRecord, row) for row in source.execute(found)]


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
    return Bundle({row.name: row.content for row in source.execute(found)})

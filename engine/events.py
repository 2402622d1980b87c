"""Facts of the engine that others may act on, before the transaction that made them ends."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class TaskOpened:
    """A person has something new to do."""

    task_id: UUID
    instance_id: UUID
    business_key: UUID | None
    process: str
    element: str
    name: str
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class TaskClosed:
    """A person has done it."""

    task_id: UUID
    instance_id: UUID
    business_key: UUID | None
    element: str
    by: str


@dataclass(frozen=True, slots=True)
class TaskCancelled:
    """The process no longer asks for it."""

    task_id: UUID
    instance_id: UUID
    business_key: UUID | None
    element: str


@dataclass(frozen=True, slots=True)
class InstanceStarted:
    instance_id: UUID
    business_key: UUID | None
    process: str


@dataclass(frozen=True, slots=True)
class InstanceFinished:
    """The process has come to its end, or was cancelled."""

    instance_id: UUID
    business_key: UUID | None
    process: str
    cancelled: bool


@dataclass(frozen=True, slots=True)
class InstanceMigrated:
    """It follows the diagrams of another deployment from now on, over there or back."""

    instance_id: UUID
    business_key: UUID | None
    migration_id: UUID
    deployment: int
    """The number of the deployment."""
    back: bool


@dataclass(frozen=True, slots=True)
class FaultRaised:
    fault_id: UUID
    instance_id: UUID | None
    business_key: UUID | None
    job_kind: str | None


@dataclass(frozen=True, slots=True)
class JobSkipped:
    """An operator has struck out what could not be done; nobody will do it."""

    kind: str
    payload: Mapping[str, Any]


Event = (
    TaskOpened
    | TaskClosed
    | TaskCancelled
    | InstanceStarted
    | InstanceFinished
    | InstanceMigrated
    | FaultRaised
    | JobSkipped
)

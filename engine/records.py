"""Rows as the engine carries them: plain values, no session behind them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from bpmn.notation.limits import USUAL_TRIES
from engine.fault_table import FaultState
from engine.models import InstanceState, Lane, TaskState


@dataclass(slots=True)
class InstanceRecord:
    """An instance that this transaction holds; `engine.steps` keeps it up to date."""

    id: UUID
    deployment_id: UUID
    digest: str
    process: str
    business_key: UUID | None
    state: InstanceState
    version: int
    snapshot: str
    suspended_at: datetime | None = None
    is_faulty: bool = False
    """It had an open fault when the statement that locked it began.

    PostgreSQL looks at faults no more when it then has to wait; see `engine.inspecting`.
    """


@dataclass(frozen=True, slots=True)
class TaskRecord:
    """A user task as it stood when this transaction locked it."""

    id: UUID
    instance_id: UUID
    token: int
    process: str
    element: str
    name: str
    form: str | None
    assignee: str | None
    due_at: datetime | None
    follow_up_at: datetime | None
    priority: int
    state: TaskState
    created_at: datetime
    closed_at: datetime | None
    closed_by: str | None
    command: str | None
    business_key: UUID | None
    deployment_id: UUID


@dataclass(frozen=True, slots=True)
class JobRecord:
    """A job as it was leased; `holder` and `attempt` are the fence, `tries` have failed before."""

    id: UUID
    kind: str
    lane: Lane
    key: str | None
    instance_id: UUID | None
    token: int | None
    business_key: UUID | None
    payload: dict[str, Any]
    due_at: datetime
    attempt: int
    tries: int
    lease_until: datetime
    holder: str

    @property
    def most_tries(self) -> int:
        """How often it is tried before it becomes a fault; the diagram may say so."""
        most: int = self.payload.get("tries", USUAL_TRIES)
        return most


@dataclass(frozen=True, slots=True)
class DeploymentRecord:
    id: UUID
    number: int
    digest: str
    published_at: datetime
    published_by: str
    comment: str


@dataclass(frozen=True, slots=True)
class FaultRecord:
    """A fault as an operator sees it; `template` and `facts` make its sentence."""

    id: UUID
    instance_id: UUID | None
    business_key: UUID | None
    job_id: UUID | None
    job_kind: str | None
    process: str | None
    element: str | None
    error: str
    place: str
    template: str
    facts: dict[str, Any]
    state: FaultState
    attempts: int
    raised_at: datetime
    deployment_id: UUID | None = None
    """What its process follows: where the element stands on the picture."""
    closed_at: datetime | None = None
    closed_by: str | None = None
    digest: str | None = None
    """Of the deployment."""
    token: int | None = None
    """Where the process waits for what failed."""

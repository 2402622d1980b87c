"""The tables of durable execution. Personal data and free text never stand here.

An instance's snapshot is the truth; tasks, timers, service jobs and subscriptions project it.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, UuidPk


def partial(name: str, *columns: str, where: str) -> Index:
    """Index only those rows that a list shows."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Content(Base):
    """The bytes of a file, kept once however many deployments hold it."""

    __tablename__ = "content"

    digest: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes]


class Deployment(Base):
    """A bundle as it was published; it never changes, and its instances never leave it."""

    __tablename__ = "deployment"

    id: Mapped[UuidPk]
    number: Mapped[int] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(index=True)
    published_at: Mapped[datetime]
    published_by: Mapped[str]
    comment: Mapped[str]


class DeploymentFile(Base):
    __tablename__ = "deployment_file"

    deployment_id: Mapped[UUID] = mapped_column(ForeignKey(Deployment.id), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    content_digest: Mapped[str] = mapped_column(ForeignKey(Content.digest))


class InstanceState(StrEnum):
    ACTIVE = "active"
    FINISHED = "finished"
    CANCELLED = "cancelled"


class Instance(Base):
    """A process under way: where its tokens are and what it routes by."""

    __tablename__ = "instance"
    __table_args__ = (
        CheckConstraint("(state = 'active') = (ended_at IS NULL)", "ended_unless_active"),
        CheckConstraint("state = 'active' OR suspended_at IS NULL", "suspended_while_active"),
        partial("ix_instance_active", "id", where="state = 'active'"),
        partial("ix_instance_cancelled", "id", where="state = 'cancelled'"),
        partial("ix_instance_suspended", "id", where="suspended_at IS NOT NULL"),
        Index("ix_instance_process", "process", "id"),
        partial("ix_instance_ended", "ended_at", "id", where="ended_at IS NOT NULL"),
    )

    id: Mapped[UuidPk]
    deployment_id: Mapped[UUID] = mapped_column(ForeignKey(Deployment.id), index=True)
    process: Mapped[str]
    business_key: Mapped[UUID | None] = mapped_column(index=True)
    state: Mapped[InstanceState]
    version: Mapped[int]
    snapshot: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    suspended_at: Mapped[datetime | None]
    """Since when nothing of it moves, until an operator resumes it."""


class TaskState(StrEnum):
    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class UserTask(Base):
    """A step of a process that waits, or waited, for a person."""

    __tablename__ = "user_task"
    __table_args__ = (
        UniqueConstraint("instance_id", "token"),
        UniqueConstraint("id", "state"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", "closed_unless_open"),
        CheckConstraint("state = 'completed' OR closed_by IS NULL", "closed_by_who_completed"),
        partial("ix_user_task_open_due", "due_at", "id", where="state = 'open'"),
        partial(
            "ix_user_task_open_assignee",
            "assignee",
            "due_at",
            "id",
            where="state = 'open' AND assignee IS NOT NULL",
        ),
    )

    id: Mapped[UuidPk]
    instance_id: Mapped[UUID] = mapped_column(ForeignKey(Instance.id, ondelete="CASCADE"))
    token: Mapped[int]
    process: Mapped[str]
    element: Mapped[str]
    name: Mapped[str]
    form: Mapped[str | None]
    assignee: Mapped[str | None]
    due_at: Mapped[datetime | None]
    follow_up_at: Mapped[datetime | None]
    priority: Mapped[int]
    state: Mapped[TaskState]
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None]
    command: Mapped[str | None]
    """The command that completed it: whoever repeats it is told so."""


class CandidateKind(StrEnum):
    GROUP = "group"
    USER = "user"


class TaskCandidate(Base):
    """Who may take a task: a role code or a person's id.

    `state` follows the task by the foreign key, so that a list reads open rows alone and
    closing a task costs no statement more.
    """

    __tablename__ = "task_candidate"
    __table_args__ = (
        ForeignKeyConstraint(
            ["task_id", "state"],
            ["user_task.id", "user_task.state"],
            onupdate="CASCADE",
            ondelete="CASCADE",
        ),
        partial("ix_task_candidate_open", "name", "kind", "task_id", where="state = 'open'"),
    )

    task_id: Mapped[UuidPk]
    kind: Mapped[CandidateKind] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    state: Mapped[TaskState]


class Lane(StrEnum):
    """Work inside the database and errands outside of it never wait for each other."""

    WORK = "work"
    ERRAND = "errand"


class Job(Base):
    """Work owed: a timer, a service task, a delivery, a sweep.

    `due_at` is when to look at it next. Without one it is held (`held_due_at` is when it would be
    due, were its instance not suspended) or parked, and a fault tells why.
    `attempt` counts leases and only ever grows: the fence against a worker whose lease has
    lapsed. `tries` counts what failed, until an operator has it tried again.
    """

    __tablename__ = "job"
    __table_args__ = (
        UniqueConstraint("instance_id", "token"),
        CheckConstraint("(holder IS NULL) = (lease_until IS NULL)", "held_while_leased"),
        CheckConstraint("(token IS NULL) OR (instance_id IS NOT NULL)", "token_of_an_instance"),
        CheckConstraint("(held_due_at IS NULL) OR (due_at IS NULL)", "held_is_not_due"),
        partial("ix_job_lane_due", "lane", "due_at", "id", where="due_at IS NOT NULL"),
        partial("ix_job_lease", "lane", "lease_until", where="lease_until IS NOT NULL"),
    )

    id: Mapped[UuidPk]
    kind: Mapped[str]
    lane: Mapped[Lane]
    key: Mapped[str | None] = mapped_column(unique=True)
    instance_id: Mapped[UUID | None] = mapped_column(ForeignKey(Instance.id, ondelete="CASCADE"))
    token: Mapped[int | None]
    business_key: Mapped[UUID | None] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]
    due_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    attempt: Mapped[int]
    tries: Mapped[int]
    lease_until: Mapped[datetime | None]
    holder: Mapped[str | None]
    held_due_at: Mapped[datetime | None]


class SubscriptionKind(StrEnum):
    MESSAGE = "message"
    SIGNAL = "signal"


class Subscription(Base):
    """A token that waits for a message with this key, or for a signal, whoever throws it."""

    __tablename__ = "subscription"
    __table_args__ = (
        CheckConstraint("kind = 'message' OR key IS NULL", "key_of_a_message"),
        Index("ix_subscription_message_key", "name", "key", "created_at"),
    )

    instance_id: Mapped[UUID] = mapped_column(
        ForeignKey(Instance.id, ondelete="CASCADE"), primary_key=True
    )
    token: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[SubscriptionKind] = mapped_column(server_default=SubscriptionKind.MESSAGE)
    name: Mapped[str] = mapped_column("message", key="name")
    key: Mapped[str | None]
    created_at: Mapped[datetime]


class Message(Base):
    """A message that nobody has received yet; it waits for its receiver until it expires."""

    __tablename__ = "message"
    __table_args__ = (Index("ix_message_name_key", "name", "key", "published_at"),)

    id: Mapped[UuidPk]
    name: Mapped[str]
    key: Mapped[str]
    variables: Mapped[dict[str, Any]]
    published_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Installation(Base):
    """The one row about this installation: which deployment is current, where its clock is."""

    __tablename__ = "installation"
    __table_args__ = (CheckConstraint("id = 1", "only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    deployment_id: Mapped[UUID | None] = mapped_column(ForeignKey(Deployment.id))
    clock_offset_seconds: Mapped[int]

"""What the rows tell that an instance waits for."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy import Connection, exists, func, select

from engine.fault_table import Fault, FaultState
from engine.models import Job, Subscription, TaskState, UserTask


def open_tasks(connection: Connection, instance_id: UUID) -> Iterator[tuple[int, str, str]]:
    """List the tokens that stand at open tasks, with process and element."""
    found = select(UserTask.token, UserTask.process, UserTask.element).where(
        UserTask.instance_id == instance_id, UserTask.state == TaskState.OPEN
    )
    return ((token, process, element) for token, process, element in connection.execute(found))


def jobs(
    connection: Connection, instance_id: UUID
) -> Iterator[tuple[str, int, str | None, datetime | None]]:
    """List the jobs of tokens by kind, with what a service job does, and a date nobody has moved.

    Who leases a job may move its date, so that it tells nothing any more.
    """
    due_at = func.coalesce(Job.due_at, Job.held_due_at).label("due_at")
    found = select(Job.kind, Job.token, Job.payload, Job.attempt, due_at).where(
        Job.instance_id == instance_id, Job.token.is_not(None)
    )
    for row in connection.execute(found):
        yield row.kind, row.token, row.payload.get("type"), None if row.attempt else row.due_at


def subscriptions(
    connection: Connection, instance_id: UUID
) -> Iterator[tuple[str, int, str, str | None]]:
    """List the tokens that wait for a message or signal, with its name and key."""
    found = select(
        Subscription.kind, Subscription.token, Subscription.name, Subscription.key
    ).where(Subscription.instance_id == instance_id)
    return ((kind, token, name, key) for kind, token, name, key in connection.execute(found))


def abandoned(connection: Connection, instance_id: UUID) -> Iterator[tuple[str, int | None]]:
    """List jobs that are parked though no open fault tells of them: nobody will ever do them."""
    is_told = exists().where(Fault.job_id == Job.id, Fault.state == FaultState.OPEN)
    found = select(Job.kind, Job.token).where(
        Job.instance_id == instance_id, Job.due_at.is_(None), Job.held_due_at.is_(None), ~is_told
    )
    return ((kind, token) for kind, token in connection.execute(found))

"""Every SELECT about jobs and messages, by name. What locks says so."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Text, bindparam, cast, delete, exists, func, select
from sqlalchemy.orm import aliased

from engine.models import Instance, Job, Lane, Message, Subscription, SubscriptionKind
from engine.queries import Source
from engine.records import JobRecord

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

_HELD = aliased(Job)
_IN_OTHER_HANDS = exists().where(
    _HELD.instance_id == Job.instance_id,
    _HELD.lane == Job.lane,
    _HELD.lease_until > bindparam("now"),
)
"""A worker is at another job of the same instance: what else is due there waits for its turn."""

_TAKE_DUE = (
    select(*_JOB)
    .where(Job.lane == bindparam("lane"), Job.due_at <= bindparam("now"))
    .where((Job.lease_until.is_(None)) | (Job.lease_until <= bindparam("now")))
    .where((Job.due_at <= bindparam("believed")) | (Job.due_at <= Job.created_at))
    .where(~_IN_OTHER_HANDS)
    .order_by(Job.due_at, Job.id)
    .limit(bindparam("count"))
    .with_for_update(skip_locked=True)
)


def lock_due_jobs(
    connection: Connection, lane: Lane, now: datetime, believed: datetime, count: int
) -> Sequence[Any]:
    """Jobs that are due and nobody holds, oldest first, held; what another worker locks is left.

    What was owed for later is due only by the time that is believed, see `engine.clock_watch`.
    An instance is in the hands of one worker at a time, so that its timers fire in their order.
    """
    values = {"lane": lane, "now": now, "believed": believed, "count": count}
    return connection.execute(_TAKE_DUE, values).all()


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


_OLDEST_SUBSCRIBER = (
    select(Subscription.instance_id)
    .join(Instance, Instance.id == Subscription.instance_id)
    .where(Subscription.name == bindparam("message"), Subscription.key == bindparam("key"))
    .order_by(Instance.suspended_at.is_not(None), Subscription.created_at, Subscription.instance_id)
    .limit(1)
)


def oldest_subscriber(connection: Connection, message: str, key: str) -> UUID | None:
    """Find the instance that has waited longest for this message; suspended ones stand behind."""
    return connection.execute(_OLDEST_SUBSCRIBER, {"message": message, "key": key}).scalar()


_MESSAGE_FOR = (
    select(Message.id, Message.name, Message.variables, Subscription.token)
    .join(
        Subscription,
        (Subscription.name == Message.name) & (Subscription.key == Message.key),
    )
    .where(Subscription.instance_id == bindparam("instance"))
    .where(Message.expires_at > bindparam("now"))
    .order_by(Message.published_at, Message.id, Subscription.token)
    .limit(1)
    .with_for_update(of=Message, skip_locked=True)
)


def message_for(connection: Connection, instance_id: UUID, now: datetime) -> Any | None:
    """Hold the oldest live message that a token of this instance waits for, and name the token."""
    return connection.execute(_MESSAGE_FOR, {"instance": instance_id, "now": now}).first()


_KEPT_FOR = (
    select(Message.id)
    .join(Subscription, (Subscription.name == Message.name) & (Subscription.key == Message.key))
    .where(Subscription.instance_id == bindparam("instance"))
    .order_by(Message.published_at, Message.id)
)


def messages_kept_for(connection: Connection, instance_id: UUID) -> Sequence[UUID]:
    """List the messages that a suspended instance would get if it were resumed, oldest first."""
    return connection.scalars(_KEPT_FOR, {"instance": instance_id}).unique().all()


_SUBSCRIBERS = (
    select(Subscription.instance_id, Subscription.token)
    .where(Subscription.name == bindparam("signal"), Subscription.kind == SubscriptionKind.SIGNAL)
    .order_by(Subscription.created_at, Subscription.instance_id, Subscription.token)
)


def subscribers_to(connection: Connection, signal: str) -> list[tuple[UUID, int]]:
    """List the instances and tokens that wait for this signal, the longest waiting first."""
    return [(row[0], row[1]) for row in connection.execute(_SUBSCRIBERS, {"signal": signal})]


def is_subscribed(connection: Connection, instance_id: UUID, token: int) -> bool:
    """Tell whether this token still waits for its message or signal."""
    found = select(Subscription.token).where(
        Subscription.instance_id == instance_id, Subscription.token == token
    )
    return connection.execute(found).first() is not None


def awaits_message(connection: Connection, instance_id: UUID) -> bool:
    """Tell whether an instance waits for any message."""
    found = select(Subscription.token).where(
        Subscription.instance_id == instance_id, Subscription.kind == SubscriptionKind.MESSAGE
    )
    return connection.execute(found.limit(1)).first() is not None


def take_message(connection: Connection, message_id: UUID) -> Any | None:
    """Take a message out of the box; None when somebody else was quicker. Gives its variables."""
    found = delete(Message).where(Message.id == message_id).returning(Message.variables)
    return connection.execute(found).scalar()


_MESSAGE_ADDRESS = select(Message.name, Message.key).where(
    Message.id == bindparam("message"), Message.expires_at > bindparam("now")
)


def message_address(
    connection: Connection, message_id: UUID, now: datetime
) -> tuple[str, str] | None:
    """Name and key of a message that still waits."""
    row = connection.execute(_MESSAGE_ADDRESS, {"message": message_id, "now": now}).first()
    return (row[0], row[1]) if row else None


def job_record(row: Any, lease_until: datetime, holder: str) -> JobRecord:
    """Describe a job as its new holder knows it: one attempt further."""
    values: tuple[Any, ...] = tuple(row)
    return JobRecord(*(*values[:-2], row.attempt + 1, row.tries, lease_until, holder))


def waiting_tokens_of(connection: Connection, instance_id: UUID) -> set[tuple[str, int]]:
    """List what an instance waits for besides people: kind of job or subscription, and token."""
    jobs = select(Job.kind, Job.token).where(Job.instance_id == instance_id, Job.token.is_not(None))
    subscriptions = select(cast(Subscription.kind, Text), Subscription.token).where(
        Subscription.instance_id == instance_id
    )
    rows = connection.execute(jobs.union_all(subscriptions))
    return {(kind, token) for kind, token in rows if token is not None}

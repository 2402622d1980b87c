"""Every SELECT about messages, signals and who waits for them, by name. What locks says so."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, select

from engine.models import Instance, Job, Message, Subscription, SubscriptionKind

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


def signal_awaited(connection: Connection, instance_id: UUID, token: int) -> str | None:
    """Name the signal that this token waits for; None when it waits for none."""
    found = select(Subscription.name).where(
        Subscription.instance_id == instance_id,
        Subscription.token == token,
        Subscription.kind == SubscriptionKind.SIGNAL,
    )
    return connection.execute(found).scalar()


def signals_owed(
    connection: Connection, instance_id: UUID, kind: str
) -> list[tuple[UUID, Mapping[str, Any]]]:
    """List the jobs of this kind, by which signals come, that an instance has; with what they hold."""
    found = select(Job.id, Job.payload).where(Job.instance_id == instance_id, Job.kind == kind)
    return [(row.id, row.payload) for row in connection.execute(found)]


def awaits_message(connection: Connection, instance_id: UUID) -> bool:
    """Tell whether an instance waits for any message."""
    found = select(Subscription.token).where(
        Subscription.instance_id == instance_id, Subscription.kind == SubscriptionKind.MESSAGE
    )
    return connection.execute(found.limit(1)).first() is not None


_MESSAGE_ADDRESS = select(Message.name, Message.key).where(
    Message.id == bindparam("message"), Message.expires_at > bindparam("now")
)


def message_address(
    connection: Connection, message_id: UUID, now: datetime
) -> tuple[str, str] | None:
    """Name and key of a message that still waits."""
    row = connection.execute(_MESSAGE_ADDRESS, {"message": message_id, "now": now}).first()
    return (row[0], row[1]) if row else None

"""Proof that the rows of an instance are what its snapshot waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, Text, cast, select

from engine import jobs, projections, queries, steps
from engine.errors import NoSuchInstance
from engine.failures import StepFailed
from engine.models import InstanceState, Job, Subscription, SubscriptionKind
from engine.unit_of_work import Transactions, UnitOfWork
from engine.waiting import NOTHING, Waiting

Place = tuple[str, int]
"""What waits, and its token."""

UNREADABLE: Place = ("snapshot", 0)
"""Nobody can tell what the instance waits for."""


@dataclass(frozen=True, slots=True)
class Mismatch:
    """An instance whose rows are not what its snapshot waits for."""

    instance_id: UUID
    places: tuple[Place, ...]


def survey(transactions: Transactions) -> Iterator[Mismatch]:
    """Compare every instance, each in a transaction of its own; finds nothing when all is well."""
    with transactions.reading() as session:
        instances = queries.instance_ids(session)
    for instance_id in instances:
        places = _compare(transactions, instance_id)
        if places:
            yield Mismatch(instance_id, tuple(places))


def _compare(transactions: Transactions, instance_id: UUID) -> list[Place]:
    try:
        with transactions.attempt() as uow:
            return differences(uow, instance_id)
    except NoSuchInstance:
        return []
    except StepFailed:
        return [UNREADABLE]


def differences(uow: UnitOfWork, instance_id: UUID) -> list[Place]:
    """List what stands only in the snapshot or only in the rows; empty when all is well."""
    instance = steps.lock(uow, instance_id)
    waiting = NOTHING
    if instance.state is InstanceState.ACTIVE:
        waiting = Waiting.of(steps.look(uow, instance_id))
    return sorted(_expected(waiting) ^ _stored(uow, instance_id))


def _expected(waiting: Waiting) -> set[Place]:
    kinds = {
        "task": waiting.tasks,
        projections.TIMER: waiting.timers,
        projections.SERVICE: waiting.jobs,
        SubscriptionKind.MESSAGE: waiting.messages,
        SubscriptionKind.SIGNAL: waiting.signals,
    }
    return {(kind, token) for kind, tokens in kinds.items() for token in tokens}


def _stored(uow: UnitOfWork, instance_id: UUID) -> set[Place]:
    jobs.write(uow)
    tasks = {("task", token) for token in queries.open_tokens_of(uow.connection, instance_id)}
    return tasks | _waiting_tokens(uow.connection, instance_id)


def _waiting_tokens(connection: Connection, instance_id: UUID) -> set[tuple[str, int]]:
    """List what an instance waits for besides people: kind of job or subscription, and token."""
    owed = select(Job.kind, Job.token).where(Job.instance_id == instance_id, Job.token.is_not(None))
    subscriptions = select(cast(Subscription.kind, Text), Subscription.token).where(
        Subscription.instance_id == instance_id
    )
    rows = connection.execute(owed.union_all(subscriptions))
    return {(kind, token) for kind, token in rows if token is not None}

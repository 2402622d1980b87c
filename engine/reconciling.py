"""Proof that the rows of an instance are what its snapshot waits for."""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection

from engine import jobs, projections, queries, steps, wait_queries
from engine.errors import NoSuchInstance
from engine.failures import StepFailed
from engine.models import InstanceState, SubscriptionKind
from engine.unit_of_work import Transactions, UnitOfWork
from engine.waiting import NOTHING, Waiting

Place = tuple[str, int]
"""What waits, and its token."""

TASK = "task"
TRIED = ()
"""A timer that was tried has the date of its next try."""

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
    """List where snapshot and rows tell different things; empty when all is well.

    Held against each other: who waits, at which element, for which service, name and key, and
    until when, as long as nobody has tried it. Work that is parked without a fault differs too.
    """
    instance = steps.lock(uow, instance_id)
    waiting = NOTHING
    if instance.state is InstanceState.ACTIVE:
        waiting = Waiting.of(steps.look(uow, instance_id))
    jobs.write(uow)
    expected, stored = _expected(waiting), _stored(uow.connection, instance_id)
    differing = {
        place
        for place in expected.keys() | stored.keys()
        if not _fits(expected.get(place), stored.get(place))
    }
    abandoned = wait_queries.abandoned(uow.connection, instance_id)
    return sorted(differing | {(kind, token or 0) for kind, token in abandoned})


def _fits(expected: tuple[object, ...] | None, stored: tuple[object, ...] | None) -> bool:
    return expected == stored or (stored == TRIED and expected is not None)


def _expected(waiting: Waiting) -> dict[Place, tuple[object, ...]]:
    message, signal = SubscriptionKind.MESSAGE, SubscriptionKind.SIGNAL
    return {
        **{(TASK, one.token): (one.process, one.element) for one in waiting.tasks.values()},
        **{(projections.TIMER, one.token): (one.due,) for one in waiting.timers.values()},
        **{(projections.SERVICE, one.token): (one.type,) for one in waiting.jobs.values()},
        **{(message, one.token): (one.message, one.key) for one in waiting.messages.values()},
        **{(signal, one.token): (one.signal, None) for one in waiting.signals.values()},
    }


def _stored(connection: Connection, instance_id: UUID) -> dict[Place, tuple[object, ...]]:
    places: dict[Place, tuple[object, ...]] = {}
    for token, process, element in wait_queries.open_tasks(connection, instance_id):
        places[TASK, token] = (process, element)
    for kind, token, service, due_at in wait_queries.jobs(connection, instance_id):
        timer = TRIED if due_at is None else (due_at,)
        places[kind, token] = timer if kind == projections.TIMER else (service,)
    for kind, token, name, key in wait_queries.subscriptions(connection, instance_id):
        places[kind, token] = (name, key)
    return places

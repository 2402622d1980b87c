"""Messages between the world and the processes: kept until exactly one token has received each."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete

from bpmn.notation.limits import LONGEST_KEY, LONGEST_NAME
from bpmn.spiff.codec import decode_all, encode_all
from engine import clock, jobs, message_queries, queries, steps
from engine.database import id_of, new_id, table_of
from engine.errors import MessageHoldsNull, MessageKeyTooLong, MessageNameTooLong, NoSuchInstance
from engine.failures import StepFailed
from engine.models import Message
from engine.projections import CORRELATION, correlation_of
from engine.sending import Change, Rows
from engine.unit_of_work import UnitOfWork
from engine.waiting import Answer

DEFAULT_TTL = timedelta(days=7)
MOST_AT_ONCE = 20
"""Messages that one transaction brings to an instance; the others follow."""
NEXT_LOOK = timedelta(seconds=1)


_KEEP = Rows(table_of(Message))
_DROP = Change(delete(table_of(Message)).where(Message.id == bindparam("message")))


def publish(
    uow: UnitOfWork,
    name: str,
    key: str,
    variables: Mapping[str, Any] | None = None,
    ttl: timedelta = DEFAULT_TTL,
) -> UUID:
    """Send a message to the one process that waits for it, or else begin one that starts by it.

    It arrives in a transaction of its own, soon after this one. One that nobody takes then is
    kept for who will wait for it before it expires; it begins nothing that is published later,
    since what it tells of may long be over. Variables are FEEL values.
    """
    content = encode_all(variables or {})
    _check(name, key, content)
    message_id, now = new_id(), clock.now()
    row = {
        "id": message_id,
        "name": name,
        "key": key,
        "variables": content,
        "published_at": now,
        "expires_at": now + ttl,
    }
    uow.send(_KEEP, row)
    jobs.owe(uow, correlation_of(message_id))
    return message_id


def _check(name: str, key: str, content: Mapping[str, Any]) -> None:
    """Refuse what a database could not keep or find again."""
    if _holds_null([name, key, content]):
        raise MessageHoldsNull(name)
    if len(name) > LONGEST_NAME:
        raise MessageNameTooLong(name)
    if len(key) > LONGEST_KEY:
        raise MessageKeyTooLong(name)


def _holds_null(value: Any) -> bool:
    """Look for U+0000 in encoded values, names included."""
    if isinstance(value, str):
        return "\0" in value
    if isinstance(value, dict):
        return any(_holds_null(part) for entry in value.items() for part in entry)
    return isinstance(value, list | tuple) and any(map(_holds_null, value))


def correlate(uow: UnitOfWork, message_id: UUID) -> None:
    """Bring a message to whoever has waited longest for it; else it begins a process, or stays.

    Who had waited may have gone meanwhile, or get an older message: then the next has its turn.
    For who is suspended it is kept: `engine.suspending.resume` sees to it, or, if the process is
    ended or moved elsewhere, `engine.projections.look_again`.
    """
    now = clock.now()
    address = message_queries.message_address(uow.connection, message_id, now)
    if address is None:
        return
    instance_id = message_queries.oldest_subscriber(uow.connection, *address)
    if instance_id is None:
        _begin(uow, message_id, *address)
        return
    if not _reaches(uow, instance_id, message_id):
        jobs.owe(uow, correlation_of(message_id, now + NEXT_LOOK))


def _reaches(uow: UnitOfWork, instance_id: UUID, message_id: UUID) -> bool:
    """Bring a message to an instance, or leave it for when that is resumed; it may be erased."""
    try:
        suspended = steps.lock(uow, instance_id).suspended_at is not None
    except NoSuchInstance:
        return False
    return suspended or message_id in receive(uow, instance_id)


def _begin(uow: UnitOfWork, message_id: UUID, name: str, key: str) -> None:
    """Begin the process of the current deployment that starts by this message, if there is one.

    A key that is an id becomes the business key: the process works for what the id stands for.
    """
    deployment = queries.current_deployment(uow.connection)
    if deployment is None:
        return
    definitions = uow.library.of_deployment(uow.connection, deployment.id, deployment.digest)
    process = definitions.starts.get(name)
    if process is None:
        return
    found = _take(uow, message_id)
    if found is not None:
        steps.begin(uow, deployment, process, decode_all(found), id_of(key))


def _take(uow: UnitOfWork, message_id: UUID) -> Any | None:
    """Take a message out of the box; None when somebody else was quicker. Gives its variables."""
    taken = delete(Message).where(Message.id == message_id).returning(Message.variables)
    return uow.connection.execute(taken).scalar()


def receive(uow: UnitOfWork, instance_id: UUID) -> set[UUID]:
    """Bring an instance the messages that wait for it, oldest first; tell which it got."""
    received: set[UUID] = set()
    while steps.is_moving(steps.lock(uow, instance_id)):
        found = message_queries.message_for(uow.connection, instance_id, clock.now())
        if found is None:
            break
        if len(received) == MOST_AT_ONCE:
            jobs.owe(uow, jobs.Debt(CORRELATION, instance_id=instance_id))
            break
        _deliver(uow, instance_id, found)
        drop(uow, found.id)
        received.add(found.id)
    return received


def _deliver(uow: UnitOfWork, instance_id: UUID, found: Any) -> None:
    token, payload = found.token, decode_all(found.variables)
    try:
        steps.advance(uow, instance_id, lambda run: run.deliver(token, payload), Answer(token))
    except StepFailed as failure:
        failure.scene.message_id = found.id
        raise


def drop(uow: UnitOfWork, message_id: UUID) -> None:
    """Give up bringing a message to anybody."""
    uow.send(_DROP, {"message": message_id})


def forget_expired(uow: UnitOfWork) -> None:
    """Drop messages that nobody has waited for in time."""
    uow.connection.execute(delete(Message).where(Message.expires_at <= clock.now()))

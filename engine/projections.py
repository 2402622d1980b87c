"""What a process waits for, kept as rows that lists and workers can find."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, delete, update

from bpmn.steps import Passed
from engine import clock, jobs, message_queries, stays
from engine.database import table_of
from engine.models import Job, Subscription, SubscriptionKind
from engine.records import InstanceRecord
from engine.sending import Change, Row, Rows
from engine.task_rows import close_task, open_tasks
from engine.unit_of_work import UnitOfWork
from engine.waiting import Difference, gone, new

TIMER, SERVICE, CORRELATION = "timer", "service", "correlation"
"""The kinds of job by which a process waits."""


def store(uow: UnitOfWork, step: Difference, passed: Iterable[Passed]) -> None:
    """Bring the rows from before to after, in as few statements as there are kinds of change."""
    now = clock.now()
    close_task(uow, step, now)
    _withdraw_jobs(uow, step)
    _rearm_timers(uow, step)
    _unsubscribe(uow, step)
    with uow.as_one():
        open_tasks(uow, step, now)
        _subscribe(uow, step, now)
        stays.store(uow, step, passed, now)
    jobs.owe(uow, *_debts(step))


def withdraw_all(uow: UnitOfWork, instance: InstanceRecord) -> None:
    """Take back every job and subscription by which an instance waits."""
    jobs.write(uow)
    for table in (Job, Subscription):
        waits = (table.instance_id == instance.id) & table.token.is_not(None)
        uow.connection.execute(delete(table_of(table)).where(waits))


_WITHDRAW = Change(
    delete(table_of(Job)).where(
        Job.instance_id == bindparam("instance"), Job.token == bindparam("at_token")
    )
)


def _withdraw_jobs(uow: UnitOfWork, step: Difference) -> None:
    tokens = gone(step.before.timers, step.after.timers) + gone(step.before.jobs, step.after.jobs)
    if tokens:
        jobs.write(uow)
        uow.send(_WITHDRAW, *_places(step, tokens))


def _places(step: Difference, tokens: Iterable[int]) -> list[Row]:
    return [{"instance": step.instance.id, "at_token": token} for token in tokens]


_REARM = Change(
    update(table_of(Job))
    .where(Job.instance_id == bindparam("instance"))
    .where(Job.token == bindparam("rearmed"))
    .values(due_at=bindparam("due"), held_due_at=None, tries=0, lease_until=None, holder=None)
)


def _rearm_timers(uow: UnitOfWork, step: Difference) -> None:
    """Move timers that stayed; whoever has leased one by its old date loses it.

    Those of a suspended instance are held again afterwards, see `engine.steps.mend`.
    """
    rearmed = [
        {"instance": step.instance.id, "rearmed": token, "due": timer.due}
        for token, timer in step.after.timers.items()
        if token in step.before.timers and timer.due != step.before.timers[token].due
    ]
    if rearmed:
        jobs.write(uow)
        uow.send(_REARM, *rearmed)
        uow.work_due(min(timer.due for timer in step.after.timers.values()))


_UNSUBSCRIBE = Change(
    delete(table_of(Subscription)).where(
        Subscription.instance_id == bindparam("instance"),
        Subscription.token == bindparam("at_token"),
    )
)
_SUBSCRIBE = Rows(table_of(Subscription))


def _unsubscribe(uow: UnitOfWork, step: Difference) -> None:
    before, after = step.before, step.after
    ended = gone(before.messages, after.messages) + gone(before.signals, after.signals)
    uow.send(_UNSUBSCRIBE, *_places(step, ended))


def _subscribe(uow: UnitOfWork, step: Difference, now: datetime) -> None:
    before, after = step.before, step.after
    addresses = [
        (one.token, SubscriptionKind.MESSAGE, one.message, one.key)
        for one in new(before.messages, after.messages)
    ]
    addresses += [
        (one.token, SubscriptionKind.SIGNAL, one.signal, None)
        for one in new(before.signals, after.signals)
    ]
    shared = {"instance_id": step.instance.id, "created_at": now}
    rows = [
        {"token": token, "kind": kind, "name": name, "key": key, **shared}
        for token, kind, name, key in addresses
    ]
    uow.send(_SUBSCRIBE, *rows)


def look_again(uow: UnitOfWork, instance: InstanceRecord) -> None:
    """Have the messages that are kept for an instance, while it is suspended, looked at anew.

    To be said before a change after which it may wait for them no more.
    """
    if instance.suspended_at is not None:
        kept = message_queries.messages_kept_for(uow.connection, instance.id)
        jobs.owe(uow, *map(correlation_of, kept))


def correlation_of(message_id: UUID, due_at: datetime | None = None) -> jobs.Debt:
    """Give the work of bringing a message to its receiver."""
    return jobs.Debt(CORRELATION, {"message": str(message_id)}, due_at)


def _debts(step: Difference) -> list[jobs.Debt]:
    """Work that the new places ask for; a new subscription has buffered messages looked through.

    Publisher and subscriber each owe a correlation, done after their own commit: whichever
    runs last sees both, however their transactions overlapped.
    """
    instance_id = step.instance.id
    debts = [
        jobs.Debt(TIMER, due_at=timer.due, instance_id=instance_id, token=timer.token)
        for timer in new(step.before.timers, step.after.timers)
    ]
    debts += [
        jobs.Debt(
            SERVICE,
            {"type": job.type, "tries": job.tries},
            instance_id=instance_id,
            token=job.token,
        )
        for job in new(step.before.jobs, step.after.jobs)
    ]
    if new(step.before.messages, step.after.messages):
        debts.append(jobs.Debt(CORRELATION, instance_id=instance_id))
    return debts

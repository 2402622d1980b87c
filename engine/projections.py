"""What a process waits for, kept as rows that lists and workers can find."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy import bindparam, delete, insert, update

from bpmn.spiff.run import ProcessRun
from bpmn.steps import Passed, WaitingJob, WaitingMessage, WaitingTask, WaitingTimer
from engine import clock, jobs
from engine.database import new_id, table_of
from engine.events import TaskCancelled, TaskClosed, TaskOpened
from engine.models import (
    CandidateKind,
    History,
    Job,
    Subscription,
    TaskCandidate,
    TaskState,
    UserTask,
)
from engine.records import InstanceRecord
from engine.unit_of_work import UnitOfWork

TIMER, SERVICE, CORRELATION = "timer", "service", "correlation"
"""The kinds of job by which a process waits."""

W = TypeVar("W", WaitingTask, WaitingTimer, WaitingJob, WaitingMessage)


@dataclass(frozen=True, slots=True)
class Answer:
    """What this step is made for: a token that was answered, and by whom if it was a person."""

    token: int | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Waiting:
    """Everything that a resting process waits for, by token."""

    tasks: Mapping[int, WaitingTask]
    timers: Mapping[int, WaitingTimer]
    jobs: Mapping[int, WaitingJob]
    messages: Mapping[int, WaitingMessage]

    @classmethod
    def of(cls, run: ProcessRun) -> Self:
        return cls(
            {task.token: task for task in run.waiting_tasks()},
            {timer.token: timer for timer in run.waiting_timers()},
            {job.token: job for job in run.waiting_jobs()},
            {message.token: message for message in run.waiting_messages()},
        )


NOTHING = Waiting({}, {}, {}, {})


@dataclass(frozen=True, slots=True)
class Difference:
    """One step of an instance: what it waited for before and what it waits for now."""

    instance: InstanceRecord
    before: Waiting
    after: Waiting
    answer: Answer


def store(uow: UnitOfWork, step: Difference, passed: Iterable[Passed]) -> None:
    """Bring the rows from before to after, in as few statements as there are kinds of change."""
    now = clock.now()
    _close_tasks(uow, step, now)
    _open_tasks(uow, step, now)
    _change_tasks(uow, step)
    _withdraw_jobs(uow, step)
    _rearm_timers(uow, step)
    _store_subscriptions(uow, step, now)
    jobs.owe(uow, *_debts(step))
    _store_history(uow, step.instance, passed, now)


def _gone(before: Mapping[int, W], after: Mapping[int, W]) -> list[int]:
    return [token for token in before if token not in after]


def _new(before: Mapping[int, W], after: Mapping[int, W]) -> list[W]:
    return [waiting for token, waiting in after.items() if token not in before]


_CLOSE = (
    update(table_of(UserTask))
    .where(UserTask.instance_id == bindparam("instance"))
    .where(UserTask.token == bindparam("answered"))
    .values(state=TaskState.COMPLETED, closed_at=bindparam("at"), closed_by=bindparam("by"))
    .returning(UserTask.id, UserTask.element)
)
_CANCEL = (
    update(table_of(UserTask))
    .where(UserTask.instance_id == bindparam("instance"))
    .where(UserTask.token.in_(bindparam("tokens", expanding=True)))
    .values(state=TaskState.CANCELLED, closed_at=bindparam("at"))
    .returning(UserTask.id, UserTask.element)
)


def _close_tasks(uow: UnitOfWork, step: Difference, now: datetime) -> None:
    instance, answer = step.instance, step.answer
    gone = _gone(step.before.tasks, step.after.tasks)
    if answer.by is not None and answer.token in gone:
        gone.remove(answer.token)
        values = {"instance": instance.id, "answered": answer.token, "at": now, "by": answer.by}
        for task_id, element in uow.connection.execute(_CLOSE, values):
            uow.record(TaskClosed(task_id, instance.id, instance.business_key, element, answer.by))
    if gone:
        values = {"instance": instance.id, "tokens": gone, "at": now}
        for task_id, element in uow.connection.execute(_CANCEL, values):
            uow.record(TaskCancelled(task_id, instance.id, instance.business_key, element))


_INSERT_TASK = insert(table_of(UserTask))
_INSERT_CANDIDATE = insert(table_of(TaskCandidate))


def _open_tasks(uow: UnitOfWork, step: Difference, now: datetime) -> None:
    opened = {new_id(): task for task in _new(step.before.tasks, step.after.tasks)}
    if not opened:
        return
    uow.connection.execute(
        _INSERT_TASK,
        [_task_row(task_id, step.instance.id, task, now) for task_id, task in opened.items()],
    )
    candidates = [
        {"task_id": task_id, "kind": kind, "name": name, "state": TaskState.OPEN}
        for task_id, task in opened.items()
        for kind, name in _candidates(task)
    ]
    if candidates:
        uow.connection.execute(_INSERT_CANDIDATE, candidates)
    for task_id, task in opened.items():
        uow.record(_opened(task_id, step.instance, task))


def _candidates(task: WaitingTask) -> dict[tuple[CandidateKind, str], None]:
    groups = [(CandidateKind.GROUP, group) for group in task.candidate_groups]
    users = [(CandidateKind.USER, user) for user in task.candidate_users]
    return dict.fromkeys(groups + users)


def _task_row(task_id: UUID, instance_id: UUID, task: WaitingTask, now: datetime) -> dict[str, Any]:
    return {
        "id": task_id,
        "instance_id": instance_id,
        "token": task.token,
        "process": task.process,
        "element": task.element,
        "name": task.name,
        "form": task.form,
        "assignee": task.assignee,
        "due_at": task.due,
        "follow_up_at": task.follow_up,
        "priority": task.priority,
        "state": TaskState.OPEN,
        "created_at": now,
        "closed_at": None,
        "closed_by": None,
    }


def _opened(task_id: UUID, instance: InstanceRecord, task: WaitingTask) -> TaskOpened:
    return TaskOpened(
        task_id=task_id,
        instance_id=instance.id,
        business_key=instance.business_key,
        process=task.process,
        element=task.element,
        name=task.name,
        assignee=task.assignee,
        candidate_groups=task.candidate_groups,
        candidate_users=task.candidate_users,
        due_at=task.due,
    )


_CHANGE_TASK = (
    update(table_of(UserTask))
    .where(UserTask.instance_id == bindparam("instance"))
    .where(UserTask.token == bindparam("changed"))
    .values(due_at=bindparam("due"), follow_up_at=bindparam("follow_up"))
)


def _change_tasks(uow: UnitOfWork, step: Difference) -> None:
    """Move the dates of tasks that stayed; whom they are with, people have decided since."""
    changed = [
        {
            "instance": step.instance.id,
            "changed": token,
            "due": task.due,
            "follow_up": task.follow_up,
        }
        for token, task in step.after.tasks.items()
        if token in step.before.tasks and _dates(task) != _dates(step.before.tasks[token])
    ]
    if changed:
        uow.connection.execute(_CHANGE_TASK, changed)


def _dates(task: WaitingTask) -> tuple[datetime | None, datetime | None]:
    return task.due, task.follow_up


_WITHDRAW = (
    delete(table_of(Job))
    .where(Job.instance_id == bindparam("instance"))
    .where(Job.token.in_(bindparam("tokens", expanding=True)))
)


def _withdraw_jobs(uow: UnitOfWork, step: Difference) -> None:
    gone = _gone(step.before.timers, step.after.timers) + _gone(step.before.jobs, step.after.jobs)
    tokens = [token for token in gone if token != step.answer.token]
    if tokens:
        uow.connection.execute(_WITHDRAW, {"instance": step.instance.id, "tokens": tokens})


_REARM = (
    update(table_of(Job))
    .where(Job.instance_id == bindparam("instance"))
    .where(Job.token == bindparam("rearmed"))
    .values(due_at=bindparam("due"), tries=0, lease_until=None, holder=None)
)


def _rearm_timers(uow: UnitOfWork, step: Difference) -> None:
    """Move timers that stayed; whoever has leased one by its old date loses it."""
    rearmed = [
        {"instance": step.instance.id, "rearmed": token, "due": timer.due}
        for token, timer in step.after.timers.items()
        if token in step.before.timers and timer.due != step.before.timers[token].due
    ]
    if rearmed:
        uow.connection.execute(_REARM, rearmed)
        uow.work_due(min(timer.due for timer in step.after.timers.values()))


_UNSUBSCRIBE = (
    delete(table_of(Subscription))
    .where(Subscription.instance_id == bindparam("instance"))
    .where(Subscription.token.in_(bindparam("tokens", expanding=True)))
)
_SUBSCRIBE = insert(table_of(Subscription))


def _store_subscriptions(uow: UnitOfWork, step: Difference, now: datetime) -> None:
    gone = _gone(step.before.messages, step.after.messages)
    if gone:
        uow.connection.execute(_UNSUBSCRIBE, {"instance": step.instance.id, "tokens": gone})
    rows = [
        {
            "instance_id": step.instance.id,
            "token": waiting.token,
            "message": waiting.message,
            "key": waiting.key,
            "created_at": now,
        }
        for waiting in _new(step.before.messages, step.after.messages)
    ]
    if rows:
        uow.connection.execute(_SUBSCRIBE, rows)


def _debts(step: Difference) -> list[jobs.Debt]:
    """Work that the new places ask for; a new subscription has buffered messages looked through.

    Publisher and subscriber each owe a correlation, done after their own commit: whichever
    runs last sees both, however their transactions overlapped.
    """
    instance_id = step.instance.id
    debts = [
        jobs.Debt(TIMER, due_at=timer.due, instance_id=instance_id, token=timer.token)
        for timer in _new(step.before.timers, step.after.timers)
    ]
    debts += [
        jobs.Debt(SERVICE, {"type": job.type}, instance_id=instance_id, token=job.token)
        for job in _new(step.before.jobs, step.after.jobs)
    ]
    if _new(step.before.messages, step.after.messages):
        debts.append(jobs.Debt(CORRELATION, instance_id=instance_id))
    return debts


_INSERT_HISTORY = insert(table_of(History))


def _store_history(
    uow: UnitOfWork, instance: InstanceRecord, passed: Iterable[Passed], now: datetime
) -> None:
    rows = [
        {
            "instance_id": instance.id,
            "step": instance.version,
            "position": position,
            "at": now,
            "token": passage.token,
            "process": passage.process,
            "element": passage.element,
            "passage": str(passage.passage),
        }
        for position, passage in enumerate(passed)
    ]
    if rows:
        uow.connection.execute(_INSERT_HISTORY, rows)

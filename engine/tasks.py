"""What people do to tasks."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update

from engine import clock, queries, steps
from engine.database import table_of
from engine.errors import NoSuchTask, NotYourTask, TaskAlreadyClosed, TaskTaken
from engine.models import TaskState, UserTask
from engine.records import InstanceRecord, TaskRecord
from engine.unit_of_work import UnitOfWork
from engine.waiting import Answer


def lock(uow: UnitOfWork, task_id: UUID) -> TaskRecord:
    """Hold a task and its instance until the transaction ends, in any state of the task."""
    if task_id not in uow.tasks:
        found = queries.lock_task(uow.connection, task_id)
        if found is None:
            raise NoSuchTask(task_id)
        keep(uow, *found)
    return uow.tasks[task_id]


def keep(uow: UnitOfWork, task: TaskRecord, instance: InstanceRecord) -> None:
    """Know a task and its instance that a query has just locked, the instance first."""
    uow.tasks[task.id] = task
    uow.instances.setdefault(instance.id, instance)


def complete(
    uow: UnitOfWork,
    task_id: UUID,
    variables: Mapping[str, Any],
    by: str,
    command: str | None = None,
) -> TaskRecord:
    """Finish a task and let its process move on.

    Whether this person may is decided above; here only that the task is open and with nobody
    else. The second of two completions raises `TaskAlreadyClosed`; the task keeps the name of the
    command that completed it, by which a caller knows a repetition.
    """
    task = lock(uow, task_id)
    _require_open(task)
    if task.assignee not in (None, by):
        raise NotYourTask(task_id)
    steps.advance(
        uow,
        task.instance_id,
        lambda run: run.complete(task.token, variables),
        Answer(task.token, by, task_id, command),
    )
    done = replace(task, state=TaskState.COMPLETED, closed_at=clock.now(), closed_by=by)
    return replace(done, command=command)


_CLAIM = (
    update(table_of(UserTask))
    .where(UserTask.id == bindparam("task"), UserTask.state == TaskState.OPEN)
    .where(UserTask.assignee.is_(None) | (UserTask.assignee == bindparam("by")))
    .values(assignee=bindparam("by"))
)
_RELEASE = (
    update(table_of(UserTask))
    .where(UserTask.id == bindparam("task"), UserTask.state == TaskState.OPEN)
    .where(UserTask.assignee == bindparam("by"))
    .values(assignee=None)
)
_ASSIGN = (
    update(table_of(UserTask))
    .where(UserTask.id == bindparam("task"), UserTask.state == TaskState.OPEN)
    .values(assignee=bindparam("to"))
)
_POSTPONE = (
    update(table_of(UserTask))
    .where(UserTask.id == bindparam("task"))
    .values(due_at=bindparam("due"))
)


def claim(uow: UnitOfWork, task_id: UUID, by: str) -> None:
    """Take an open task that nobody has; of many who try at once one wins. Twice is once.

    What changes between the try and the look at the reason is tried again.
    """
    while not _change(uow, _CLAIM, task_id, by=by):
        task = _look(uow, task_id)
        _require_open(task)
        if task.assignee not in (None, by):
            raise TaskTaken(task_id)


def release(uow: UnitOfWork, task_id: UUID, by: str) -> None:
    """Give a task back to its candidates."""
    while not _change(uow, _RELEASE, task_id, by=by):
        task = _look(uow, task_id)
        _require_open(task)
        if task.assignee is None:
            return
        if task.assignee != by:
            raise NotYourTask(task_id)


def assign(uow: UnitOfWork, task_id: UUID, to: str) -> None:
    """Give an open task to this person, whoever has it now."""
    if not _change(uow, _ASSIGN, task_id, to=to):
        _require_open(_look(uow, task_id))


def postpone(uow: UnitOfWork, task_id: UUID, due_at: datetime) -> None:
    """Have an open task be due then, in a suspended process too; timers that read it follow."""
    task = lock(uow, task_id)
    _require_open(task)
    steps.mend(uow, task.instance_id, lambda run: run.postpone(task.token, due_at))
    _change(uow, _POSTPONE, task_id, due=due_at)


def _change(uow: UnitOfWork, statement: Any, task_id: UUID, **values: str | datetime) -> bool:
    uow.tasks.pop(task_id, None)
    return uow.connection.execute(statement, {"task": task_id, **values}).rowcount == 1


def _look(uow: UnitOfWork, task_id: UUID) -> TaskRecord:
    task = queries.task(uow.connection, task_id)
    if task is None:
        raise NoSuchTask(task_id)
    return task


def _require_open(task: TaskRecord) -> None:
    if task.state is not TaskState.OPEN:
        raise TaskAlreadyClosed(task.id)

"""The rows of user tasks, kept in step with what their process waits for."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, update

from bpmn.steps import WaitingTask
from engine.database import new_id, table_of
from engine.events import TaskCancelled, TaskClosed, TaskOpened
from engine.models import CandidateKind, TaskCandidate, TaskState, UserTask
from engine.records import InstanceRecord
from engine.sending import Change, Rows
from engine.unit_of_work import UnitOfWork
from engine.waiting import Difference, gone, new

_CLOSE = Change(
    update(table_of(UserTask))
    .where(UserTask.id == bindparam("task"))
    .values(state=TaskState.COMPLETED, closed_at=bindparam("at"), closed_by=bindparam("by"))
    .values(command=bindparam("with_command"))
)
_CANCEL = (
    update(table_of(UserTask))
    .where(UserTask.instance_id == bindparam("instance"))
    .where(UserTask.token.in_(bindparam("tokens", expanding=True)))
    .values(state=TaskState.CANCELLED, closed_at=bindparam("at"))
    .returning(UserTask.id, UserTask.element)
)
_CANCEL_ALL = (
    update(table_of(UserTask))
    .where(UserTask.instance_id == bindparam("instance"), UserTask.state == TaskState.OPEN)
    .values(state=TaskState.CANCELLED, closed_at=bindparam("at"))
    .returning(UserTask.id, UserTask.element)
)


def close_task(uow: UnitOfWork, step: Difference, now: datetime) -> None:
    """Close the task that a person has answered."""
    instance, answer = step.instance, step.answer
    if answer.task_id is None or answer.token is None or answer.by is None:
        return
    values = {"task": answer.task_id, "at": now, "by": answer.by, "with_command": answer.command}
    uow.send(_CLOSE, values)
    element = step.before.tasks[answer.token].element
    uow.record(TaskClosed(answer.task_id, instance.id, instance.business_key, element, answer.by))


def cancel_tasks(uow: UnitOfWork, step: Difference, now: datetime) -> None:
    """Cancel what is asked no longer; the answered task is not among it."""
    instance = step.instance
    tokens = gone(step.before.tasks, step.after.tasks)
    tokens = [token for token in tokens if token != step.answer.token]
    if tokens:
        values = {"instance": instance.id, "tokens": tokens, "at": now}
        for task_id, element in uow.connection.execute(_CANCEL, values):
            uow.record(TaskCancelled(task_id, instance.id, instance.business_key, element))


def cancel_all_tasks(uow: UnitOfWork, instance: InstanceRecord, now: datetime) -> None:
    """Cancel every open task of an instance, whatever its process would say."""
    values = {"instance": instance.id, "at": now}
    for task_id, element in uow.connection.execute(_CANCEL_ALL, values):
        uow.record(TaskCancelled(task_id, instance.id, instance.business_key, element))


_RENAME = Change(
    update(table_of(UserTask))
    .where(UserTask.instance_id == bindparam("instance"), UserTask.token == bindparam("at_token"))
    .values(
        process=bindparam("process_now"),
        element=bindparam("element_now"),
        name=bindparam("name_now"),
        form=bindparam("form_now"),
    )
)


def rename_tasks(uow: UnitOfWork, step: Difference) -> None:
    """Have tasks that go on under another name, or with another form, say so."""
    renamed = [
        {"instance": step.instance.id, "at_token": token, **_named(task)}
        for token, task in step.after.tasks.items()
        if token in step.before.tasks and _named(task) != _named(step.before.tasks[token])
    ]
    uow.send(_RENAME, *renamed)


def _named(task: WaitingTask) -> dict[str, str | None]:
    return {
        "process_now": task.process,
        "element_now": task.element,
        "name_now": task.name,
        "form_now": task.form,
    }


_INSERT_TASK = Rows(table_of(UserTask))
_INSERT_CANDIDATE = Rows(table_of(TaskCandidate))


def open_tasks(uow: UnitOfWork, step: Difference, now: datetime) -> None:
    """Open a task wherever a token has come to a person."""
    opened = {new_id(): task for task in new(step.before.tasks, step.after.tasks)}
    instance_id = step.instance.id
    rows = [_task_row(task_id, instance_id, task, now) for task_id, task in opened.items()]
    uow.send(_INSERT_TASK, *rows)
    candidates = [
        {"task_id": task_id, "kind": kind, "name": name, "state": TaskState.OPEN}
        for task_id, task in opened.items()
        for kind, name in _candidates(task)
    ]
    uow.send(_INSERT_CANDIDATE, *candidates)
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
        "command": None,
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

"""Every task with a due date has a deadline that reminds and, once missed, escalates.

A task that opens owes one job, and each job owes the next: told of, reminded on the last open day
before, on the day itself, escalated on the next open day. What is owed for a task that has been
closed is withdrawn, and a step that fires late, at night or on a closed day waits for the morning.
An operator who skips one step that fails does not skip those that follow it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import case as sql_case
from sqlalchemy import update

from engine import clock, instances, jobs, tasks
from engine.database import new_id
from engine.events import Event, JobSkipped, TaskCancelled, TaskClosed, TaskOpened
from engine.jobs import Debt
from engine.keeping import keep
from engine.models import TaskState, UserTask
from engine.records import JobRecord
from engine.unit_of_work import UnitOfWork
from workflows import calendar
from workflows.cases import queries
from workflows.cases.attachment_queries import delete_waiting_at
from workflows.cases.models import Case
from workflows.cases.records import Deadline
from workflows.cases.values import Calendar, Context, DeadlineState
from workflows.inbox.queries import delete_drafts, lock_watched
from workflows.mail_hours import is_mail_time, next_mail_time
from workflows.notices import Notices

REVIEW_PROCESS = "overdue_review"
START_VARIABLES = frozenset({"case_id", "quarter", "overdue_task", "overdue_since"})
"""What the review of an overdue task begins with."""
WATCH, CLOSED = "task.watch", "task.closed"


class Step(StrEnum):
    OPENED = "opened"
    ANNOUNCED = "announced"
    REMINDED = "reminded"
    LAST_DAY = "last_day"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Planned:
    step: Step
    at: datetime
    again: bool = False
    """Postponed to the morning."""


def watch_tasks(uow: UnitOfWork, event: Event) -> None:
    """Owe one job for a task that opens or ends; the rest is the worker's (a subscriber)."""
    match event:
        case TaskOpened(task_id=task_id):
            _owe(uow, task_id, event.business_key, Planned(Step.OPENED, clock.now()))
        case TaskClosed(task_id=task_id) | TaskCancelled(task_id=task_id):
            payload = {"task": str(task_id), "done": isinstance(event, TaskClosed)}
            jobs.owe(uow, Debt(CLOSED, payload, business_key=event.business_key))
        case JobSkipped(kind=kind, payload=skipped) if kind == WATCH:
            if held := _open_task(uow, skipped):
                _go_on(uow, *held, Step(skipped["step"]))


def end_watch(uow: UnitOfWork, job: JobRecord) -> None:
    """Withdraw what is owed for a task that has ended, and settle its deadline (a job)."""
    task_id, now = UUID(job.payload["task"]), clock.now()
    delete_drafts(uow.session, task_id)
    delete_waiting_at(uow.session, task_id)
    _withdraw(uow, task_id)
    done = sql_case((Deadline.due_at < now, DeadlineState.LATE), else_=DeadlineState.MET)
    uow.session.execute(
        update(Deadline)
        .where(Deadline.task_id == task_id)
        .where(Deadline.state.in_((DeadlineState.RUNNING, DeadlineState.OVERDUE)))
        .values(state=done if job.payload["done"] else DeadlineState.WITHDRAWN)
    )


@dataclass(frozen=True, slots=True)
class Watch:
    """The steps of open tasks, as jobs."""

    notices: Notices

    def take_step(self, uow: UnitOfWork, job: JobRecord) -> None:
        """Take the next step with a task that is still open."""
        held = _open_task(uow, job.payload)
        if held is None:
            return
        task, case = held
        step, now = Step(job.payload["step"]), clock.now()
        if step is not Step.OPENED and not is_mail_time(now):
            again = not job.payload["again"]
            _owe(uow, task.id, job.business_key, Planned(step, next_mail_time(now), again))
            return
        self._act(uow, step, task, case)
        _go_on(uow, task, case, step)

    def _act(self, uow: UnitOfWork, step: Step, task: UserTask, case: Case | None) -> None:
        match step:
            case Step.OPENED:
                _open(uow, task, case)
            case Step.ANNOUNCED:
                self.notices.task_opened(uow, task, case)
            case Step.REMINDED | Step.LAST_DAY:
                self.notices.task_due(uow, task, case)
            case Step.OVERDUE:
                self.notices.task_overdue(uow, task, case)
                _escalate(uow, task, case)


def _open_task(uow: UnitOfWork, payload: Mapping[str, Any]) -> tuple[UserTask, Case | None] | None:
    held = lock_watched(uow.session, UUID(payload["task"]))
    return held if held is not None and held[0].state is TaskState.OPEN else None


def _go_on(uow: UnitOfWork, task: UserTask, case: Case | None, step: Step) -> None:
    following = _following(task, case, step, clock.now())
    if following is not None:
        _owe(uow, task.id, case.id if case else None, following)


def _following(task: UserTask, case: Case | None, step: Step, now: datetime) -> Planned | None:
    """Plan the next step; one whose time has passed is left out."""
    if step is Step.OPENED:
        return Planned(Step.ANNOUNCED, next_mail_time(now))
    if task.due_at is None:
        return None
    kind = calendar_of(case)
    planned = _reminders(task.due_at, now, kind)
    planned[Step.OVERDUE] = calendar.escalation_at(task.due_at, kind)
    order = list(Step)
    later = (each for each in planned if order.index(each) > order.index(step))
    return next((Planned(each, planned[each]) for each in later), None)


def _reminders(due: datetime, now: datetime, kind: Calendar) -> dict[Step, datetime]:
    day = due.astimezone(calendar.ZONE).date()
    return {
        Step.LAST_DAY if at.astimezone(calendar.ZONE).date() == day else Step.REMINDED: at
        for at in calendar.reminders(due, now, kind.value)
    }


def calendar_of(case: Case | None) -> Calendar:
    in_school = case is not None and case.context is Context.SCHOOL
    return Calendar.SCHOOL if in_school else Calendar.OFFICE


def _open(uow: UnitOfWork, task: UserTask, case: Case | None) -> None:
    if task.due_at is None:
        return
    keep(
        uow.session,
        Deadline(
            id=new_id(),
            case_id=case.id if case else None,
            task_id=task.id,
            kind=task.element,
            name=task.name,
            due_at=task.due_at,
            calendar=calendar_of(case),
        ),
    )


def _escalate(uow: UnitOfWork, task: UserTask, case: Case | None) -> None:
    """Mark the deadline and ask the coordination to look into it; their review never escalates."""
    deadline = queries.deadline_of(uow.session, task.id)
    if deadline is not None:
        deadline.state = DeadlineState.OVERDUE
    if case is None or task.process == REVIEW_PROCESS:
        return
    variables = {
        "case_id": str(case.id),
        "quarter": str(case.quarter_id),
        "overdue_task": str(task.id),
        "overdue_since": task.due_at,
    }
    instances.start(uow, REVIEW_PROCESS, variables, case.id)


def move(uow: UnitOfWork, deadline: Deadline, due_at: datetime) -> None:
    """Give a task more time, and its process: the steps are planned anew from now on."""
    task_id = deadline.task_id
    if task_id is None:
        return
    deadline.due_at, deadline.state = due_at, DeadlineState.RUNNING
    tasks.postpone(uow, task_id, due_at)
    _withdraw(uow, task_id)
    case = queries.find_case(uow.session, deadline.case_id) if deadline.case_id else None
    task = uow.session.get_one(UserTask, task_id, populate_existing=True)
    _go_on(uow, task, case, Step.ANNOUNCED)


def _owe(uow: UnitOfWork, task_id: UUID, business_key: UUID | None, planned: Planned) -> None:
    payload = {"task": str(task_id), "step": planned.step.value, "again": planned.again}
    key = _key(task_id, planned.step, again=planned.again)
    debt = Debt(WATCH, payload, due_at=planned.at, key=key, business_key=business_key)
    jobs.owe(uow, debt)


def _withdraw(uow: UnitOfWork, task_id: UUID) -> None:
    keys = (_key(task_id, step, again=again) for step in Step for again in (False, True))
    jobs.withdraw(uow, *keys)


def _key(task_id: UUID, step: Step, *, again: bool) -> str:
    """Name a job. A postponed one is named apart, as the one that fired still has its name."""
    return f"{WATCH}:{task_id}:{step}{'+' if again else ''}"

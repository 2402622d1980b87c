"""The task lists."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol
from uuid import UUID

from engine import clock
from engine.events import TaskOpened
from engine.models import CandidateKind, TaskCandidate, UserTask
from engine.unit_of_work import UnitOfWork
from workflows import access, cursors
from workflows.access import Actor, TaskScope
from workflows.cases.models import Case
from workflows.inbox import queries
from workflows.inbox.views import Shelf, TaskCounts, TaskPage, TaskRow
from workflows.reading import Reading

PAGE = 25


class TaskFacts(Protocol):
    """A user task, as a row or as the engine's record."""

    @property
    def id(self) -> UUID: ...
    @property
    def name(self) -> str: ...
    @property
    def due_at(self) -> datetime | None: ...
    @property
    def assignee(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...


def list_tasks(
    reading: Reading,
    actor: Actor,
    shelf: Shelf,
    *,
    case_id: UUID | None = None,
    after: str | None = None,
) -> TaskPage:
    """Fill one page (25) of a shelf, the earliest due date first.

    `after` is the `next_cursor` of the page before.
    """
    session, now = reading.session, clock.now()
    where = [queries.shelf(actor, shelf, now)]
    if case_id is not None:
        where.append(Case.id == case_id)
    start = cursors.read(after) if after else None
    lines = queries.page(session, actor, where, start, PAGE + 1)
    last = lines[PAGE - 1][0] if len(lines) > PAGE else None
    return TaskPage(
        rows=tuple(task_row(task, case, quarter, actor) for task, case, quarter in lines[:PAGE]),
        counts=count_tasks(reading, actor),
        next_cursor=cursors.write(last.due_at, last.id) if last else None,
    )


def count_tasks(reading: Reading, actor: Actor) -> TaskCounts:
    """Count for the badges, up to `queries.COUNTED`."""
    found = queries.counts(reading.session, actor, clock.now())
    return TaskCounts(found[Shelf.MINE], found[Shelf.GROUP], found[Shelf.OVERDUE])


def next_tasks(reading: Reading, actor: Actor, case_id: UUID) -> tuple[TaskRow, ...]:
    """Find the open tasks of a case that this person may go on with."""
    lines = queries.open_tasks_of_case(reading.session, case_id)
    candidates = queries.candidates(reading.session, [task.id for task, _, _ in lines])
    return tuple(
        task_row(task, case, quarter, actor)
        for task, case, quarter in lines
        if access.may_work_on(actor, _scope(task, case, candidates[task.id]))
    )


@dataclass(frozen=True, slots=True)
class _Opened:
    """A task that this transaction has opened."""

    id: UUID
    name: str
    due_at: datetime | None
    assignee: str | None
    created_at: datetime


def opened_tasks(
    uow: UnitOfWork, actor: Actor, case: Case, quarter: str | None
) -> tuple[TaskRow, ...]:
    """As `next_tasks` where no other task of the case is open, without asking the database."""
    now = clock.now()
    rows = (
        task_row(
            _Opened(event.task_id, event.name, event.due_at, event.assignee, now),
            case,
            quarter,
            actor,
        )
        for event in uow.recorded(TaskOpened)
        if event.business_key == case.id and access.may_work_on(actor, _opened_scope(event, case))
    )
    return tuple(sorted(rows, key=_by_due_date))


def _by_due_date(row: TaskRow) -> tuple[bool, datetime, UUID]:
    return row.due_at is None, row.due_at or row.opened_at, row.id


def _opened_scope(event: TaskOpened, case: Case) -> TaskScope:
    return TaskScope(
        assignee=UUID(event.assignee) if event.assignee else None,
        candidate_groups=frozenset(event.candidate_groups),
        candidate_people=frozenset(UUID(user) for user in event.candidate_users),
        case=case.scope,
    )


def _scope(task: UserTask, case: Case | None, candidates: Iterable[TaskCandidate]) -> TaskScope:
    named = {(each.kind, each.name) for each in candidates}
    return TaskScope(
        assignee=UUID(task.assignee) if task.assignee else None,
        candidate_groups=frozenset(n for kind, n in named if kind is CandidateKind.GROUP),
        candidate_people=frozenset(UUID(n) for kind, n in named if kind is CandidateKind.USER),
        case=case.scope if case else None,
    )


def task_row(
    task: TaskFacts,
    case: Case | None,
    quarter: str | None,
    actor: Actor,
    holder: str | None = None,
) -> TaskRow:
    mine = task.assignee == str(actor.person_id)
    return TaskRow(
        id=task.id,
        name=task.name,
        case_id=case.id if case else None,
        case_number=case.number if case else None,
        conflict_type=case.conflict_type if case else None,
        quarter=quarter,
        priority=case.priority if case else None,
        due_at=task.due_at,
        overdue=task.due_at is not None and task.due_at < clock.now(),
        assignee=actor.name if mine else holder,
        mine=mine,
        opened_at=task.created_at,
    )

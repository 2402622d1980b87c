"""Every SELECT of the task lists, by name. The conditions mirror `access.may_work_on`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    delete,
    exists,
    false,
    func,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.orm import Session

from engine.commands import insert_or_ignore
from engine.models import (
    CandidateKind,
    Instance,
    TaskCandidate,
    TaskState,
    UserTask,
)
from workflows.access import Actor, Role
from workflows.cases.models import Case
from workflows.cases.values import CaseState
from workflows.cases.visibility import in_reach, reached_cases, unprotected, visible_cases
from workflows.inbox.models import TaskDraft
from workflows.inbox.views import Shelf
from workflows.people.models import Quarter

COUNTED = 100
"""Badges say "99+" instead of counting on."""

TaskLine = tuple[UserTask, Case | None, str | None]
"""A task, its case and the name of its quarter."""


_LINE: tuple[Any, ...] = (UserTask, Case, Quarter.name)


def shelf(actor: Actor, which: Shelf, now: datetime) -> ColumnElement[bool]:
    within_reach = or_(Case.id.is_(None), reached_cases(actor))
    mine = and_(UserTask.assignee == str(actor.person_id), within_reach)
    match which:
        case Shelf.MINE:
            return mine
        case Shelf.GROUP:
            return _takeable(actor)
        case Shelf.OVERDUE:
            return and_(UserTask.due_at < now, or_(mine, _takeable(actor)))


def page(
    session: Session,
    actor: Actor,
    where: Collection[ColumnElement[bool]],
    after: tuple[datetime | None, UUID] | None,
    limit: int,
) -> list[TaskLine]:
    """Tasks with a due date in its order, then those without one."""
    lines: list[TaskLine] = []
    due, last = after or (None, None)
    if after is None or due is not None:
        dated = _lines(actor, where).where(UserTask.due_at.is_not(None))
        if due is not None:
            dated = dated.where(tuple_(UserTask.due_at, UserTask.id) > tuple_(due, last))
        lines += _read(session, dated.order_by(UserTask.due_at, UserTask.id).limit(limit))
        last = None
    if len(lines) < limit:
        undated = _lines(actor, where).where(UserTask.due_at.is_(None))
        if last is not None:
            undated = undated.where(UserTask.id > last)
        lines += _read(session, undated.order_by(UserTask.id).limit(limit - len(lines)))
    return lines


def _read(session: Session, query: Select[Any]) -> list[TaskLine]:
    return [(row[0], row[1], row[2]) for row in session.execute(query)]


def counts(session: Session, actor: Actor, now: datetime) -> dict[Shelf, int]:
    """All badges in one statement, each counted up to `COUNTED`."""
    columns = [
        select(func.count())
        .select_from(
            _from(select(UserTask.id), actor)
            .where(shelf(actor, which, now))
            .limit(COUNTED)
            .subquery()
        )
        .scalar_subquery()
        .label(which.value)
        for which in Shelf
    ]
    row = session.execute(select(*columns)).one()
    return {which: int(row._mapping[which.value]) for which in Shelf}  # noqa: SLF001 - the public name of a row's mapping


def open_tasks_of_case(session: Session, case_id: UUID) -> list[TaskLine]:
    query = (
        select(*_LINE)
        .join_from(UserTask, Instance, Instance.id == UserTask.instance_id)
        .join(Case, Case.id == Instance.business_key)
        .outerjoin(Quarter, Quarter.id == Case.quarter_id)
        .where(Instance.business_key == case_id, UserTask.state == TaskState.OPEN)
    )
    return _read(session, query.order_by(UserTask.due_at, UserTask.id))


def candidates(session: Session, task_ids: Collection[UUID]) -> dict[UUID, list[TaskCandidate]]:
    found: dict[UUID, list[TaskCandidate]] = {task_id: [] for task_id in task_ids}
    if task_ids:
        query = select(TaskCandidate).where(TaskCandidate.task_id.in_(task_ids))
        for candidate in session.scalars(query.order_by(TaskCandidate.name)):
            found[candidate.task_id].append(candidate)
    return found


def last_actor(session: Session, instance_id: UUID) -> UUID | None:
    """Find who completed the last task of an instance."""
    query = select(UserTask.closed_by).where(
        UserTask.instance_id == instance_id, UserTask.closed_by.is_not(None)
    )
    by = session.scalar(query.order_by(UserTask.closed_at.desc()).limit(1))
    return UUID(by) if by else None


def last_to_complete(session: Session, case_id: UUID, form: str) -> UUID | None:
    """Find who answered a form of a case last."""
    query = (
        select(UserTask.closed_by)
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(Instance.business_key == case_id, UserTask.form == form)
        .where(UserTask.closed_by.is_not(None))
    )
    by = session.scalar(query.order_by(UserTask.closed_at.desc()).limit(1))
    return UUID(by) if by else None


def lock_watched(session: Session, task_id: UUID) -> tuple[UserTask, Case | None] | None:
    """Return a task, held against being closed, and its case."""
    query = (
        select(UserTask, Case)
        .join(Instance, Instance.id == UserTask.instance_id)
        .outerjoin(Case, Case.id == Instance.business_key)
        .where(UserTask.id == task_id)
        .with_for_update(of=UserTask)
        .execution_options(populate_existing=True)
    )
    row = session.execute(query).one_or_none()
    return (row[0], row[1]) if row else None


def store_draft(session: Session, draft: TaskDraft) -> None:
    """Replace what was kept before; of two that arrive at once either may stay."""
    where = (TaskDraft.task_id == draft.task_id, TaskDraft.person_id == draft.person_id)
    values = {"saved_at": draft.saved_at, "details": draft.details}
    changed = session.execute(
        update(TaskDraft).where(*where).values(values).returning(TaskDraft.task_id)
    )
    if changed.first() is None:
        row = {"task_id": draft.task_id, "person_id": draft.person_id, **values}
        connection = session.connection()
        connection.execute(insert_or_ignore(connection, TaskDraft.__table__), row)


def delete_drafts(session: Session, task_id: UUID) -> None:
    session.execute(delete(TaskDraft).where(TaskDraft.task_id == task_id))


def cases_to_link(
    session: Session, actor: Actor, limit: int
) -> Sequence[Row[UUID, str, UUID, datetime]]:
    """Find id, number, quarter and date of open cases the person may see, newest first."""
    query = select(Case.id, Case.number, Case.quarter_id, Case.received_at)
    found = query.where(visible_cases(actor), Case.state != CaseState.CLOSED)
    return session.execute(found.order_by(Case.opened_at.desc()).limit(limit)).all()


def _lines(actor: Actor, where: Collection[ColumnElement[bool]]) -> Select[Any]:
    query = _from(select(*_LINE), actor)
    return query.outerjoin(Quarter, Quarter.id == Case.quarter_id).where(*where)


def _from(query: Select[Any], actor: Actor) -> Select[Any]:
    return (
        query.join_from(UserTask, Instance, Instance.id == UserTask.instance_id)
        .outerjoin(Case, Case.id == Instance.business_key)
        .where(UserTask.state == TaskState.OPEN)
        .where(or_(Case.id.is_(None), unprotected(actor)))
    )


def _takeable(actor: Actor) -> ColumnElement[bool]:
    """Nobody's yet, and this person may take it."""
    named = _candidate(CandidateKind.USER, [str(actor.person_id)])
    by_role = [_through(actor, role) for role in sorted(actor.roles)]
    if actor.has(Role.COORDINATION):
        in_any_group = _candidate(CandidateKind.GROUP, list(Role))
        by_role.append(and_(in_any_group, Case.safety_raised_by.is_not(None)))
    return and_(UserTask.assignee.is_(None), or_(false(), named, *by_role))


def _through(actor: Actor, role: Role) -> ColumnElement[bool]:
    in_group = _candidate(CandidateKind.GROUP, [role.value])
    return and_(in_group, or_(Case.id.is_(None), in_reach(actor, role)))


def _candidate(kind: CandidateKind, names: list[str]) -> ColumnElement[bool]:
    return exists().where(
        TaskCandidate.task_id == UserTask.id,
        TaskCandidate.state == TaskState.OPEN,
        TaskCandidate.kind == kind,
        TaskCandidate.name.in_(names),
    )

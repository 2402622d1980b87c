"""Every SELECT of the task lists, by name. The conditions mirror `access.may_work_on`."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, and_, exists, false, func, or_, select, tuple_
from sqlalchemy.orm import Session

from engine.models import CandidateKind, Instance, TaskCandidate, TaskState, UserTask
from workflows.access import Actor, Role
from workflows.cases.models import Case
from workflows.cases.visibility import in_reach, unprotected
from workflows.inbox.views import Shelf
from workflows.people.models import Quarter

COUNTED = 100
"""Badges say "99+" instead of counting on."""

TaskLine = Row[tuple[UserTask, Case | None, str | None]]


def shelf(actor: Actor, which: Shelf, now: datetime) -> ColumnElement[bool]:
    mine = UserTask.assignee == str(actor.person_id)
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
        lines += session.execute(dated.order_by(UserTask.due_at, UserTask.id).limit(limit)).all()
        last = None
    if len(lines) < limit:
        undated = _lines(actor, where).where(UserTask.due_at.is_(None))
        if last is not None:
            undated = undated.where(UserTask.id > last)
        lines += session.execute(undated.order_by(UserTask.id).limit(limit - len(lines))).all()
    return lines


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
    return dict(zip(Shelf, row, strict=True))


def open_tasks_of_case(session: Session, case_id: UUID) -> Sequence[UserTask]:
    query = (
        select(UserTask)
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(Instance.business_key == case_id, UserTask.state == TaskState.OPEN)
    )
    return session.scalars(query.order_by(UserTask.due_at, UserTask.id)).all()


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


def task_with_case(
    session: Session, task_id: UUID
) -> Row[tuple[UserTask, Instance, Case | None, str | None]] | None:
    query = (
        select(UserTask, Instance, Case, Quarter.name)
        .join(Instance, Instance.id == UserTask.instance_id)
        .outerjoin(Case, Case.id == Instance.business_key)
        .outerjoin(Quarter, Quarter.id == Case.quarter_id)
        .where(UserTask.id == task_id)
    )
    return session.execute(query).one_or_none()


def _lines(
    actor: Actor, where: Collection[ColumnElement[bool]]
) -> Select[tuple[UserTask, Case | None, str | None]]:
    query = _from(select(UserTask, Case, Quarter.name), actor)
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
    by_role = (_through(actor, role) for role in sorted(actor.roles))
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

"""A task with its instance, its case and whom it waits for: one statement, read or held."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, and_, bindparam, cast, exists, func, select
from sqlalchemy.orm import Session, aliased

from engine.models import CandidateKind, Instance, TaskCandidate, TaskState, UserTask
from engine.queries import TASK_AND_INSTANCE, task_and_instance
from engine.records import InstanceRecord, TaskRecord
from workflows.cases.models import Case
from workflows.inbox.models import TaskDraft
from workflows.people.models import Quarter
from workflows.sealing import CaseKeyRow


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A task with everything that one statement can find around it."""

    task: TaskRecord
    instance: InstanceRecord
    case: Case | None
    wrapped_key: bytes | None
    quarter: str | None
    candidates: tuple[tuple[CandidateKind, str], ...]
    is_alone: bool
    """No other task of the case is open."""
    draft: TaskDraft | None = None
    """What the reader has kept of her answers."""


_other = aliased(UserTask)
_others_instance = aliased(Instance)
_OTHERS = (
    exists()
    .where(_others_instance.business_key == Instance.business_key)
    .where(_other.instance_id == _others_instance.id)
    .where(_other.state == TaskState.OPEN, _other.id != UserTask.id)
    .correlate(Instance, UserTask)
)
_CANDIDATES = (
    select(
        func.aggregate_strings(
            cast(TaskCandidate.kind, Text).concat(":").concat(TaskCandidate.name), "\n"
        )
    )
    .where(TaskCandidate.task_id == UserTask.id)
    .correlate(UserTask)
    .scalar_subquery()
)
_TASK = (
    select(
        *TASK_AND_INSTANCE,
        CaseKeyRow.wrapped,
        Quarter.name.label("quarter"),
        _CANDIDATES.label("candidates"),
        _OTHERS.label("others"),
        Case,
    )
    .select_from(Instance)
    .join(UserTask, UserTask.instance_id == Instance.id)
    .where(UserTask.id == bindparam("task"))
)
_AROUND = (
    _TASK.add_columns(TaskDraft)
    .outerjoin(Case, Case.id == Instance.business_key)
    .outerjoin(CaseKeyRow, CaseKeyRow.case_id == Case.id)
    .outerjoin(Quarter, Quarter.id == Case.quarter_id)
    .outerjoin(
        TaskDraft,
        and_(TaskDraft.task_id == UserTask.id, TaskDraft.person_id == bindparam("reader")),
    )
)
_HELD = (
    _TASK.join(Case, Case.id == Instance.business_key)
    .outerjoin(CaseKeyRow, CaseKeyRow.case_id == Case.id)
    .outerjoin(Quarter, Quarter.id == Case.quarter_id)
    .with_for_update(of=(Instance, UserTask, Case), key_share=True)
    .execution_options(populate_existing=True)
)


def read_surroundings(session: Session, task_id: UUID, reader: UUID) -> Surroundings | None:
    """Read a task and what is around it, the reader's draft too; nothing is held."""
    return _surroundings(session, _AROUND, {"task": task_id, "reader": reader})


def hold_surroundings(session: Session, task_id: UUID) -> Surroundings | None:
    """Hold the instance, the task and the case, in this order; None without a case.

    The candidates and the key of a case do not change, so that it does not matter when they were
    read; `is_alone` may be a moment old.
    """
    return _surroundings(session, _HELD, {"task": task_id})


def _surroundings(
    session: Session, query: Select[Any], given: Mapping[str, UUID]
) -> Surroundings | None:
    row = session.execute(query, given).first()
    if row is None:
        return None
    task, instance = task_and_instance(row)
    wrapped, quarter, candidates, others, case, *drafts = row[len(TASK_AND_INSTANCE) :]
    pairs = (line.partition(":") for line in (candidates or "").split("\n") if line)
    known = tuple((CandidateKind(kind), name) for kind, _, name in pairs)
    draft = drafts[0] if drafts else None
    return Surroundings(task, instance, case, wrapped, quarter, known, not others, draft)

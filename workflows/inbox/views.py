"""What pages see of tasks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from bpmn.forms import Conditions, Form, PageData
from bpmn.wording import Sentence
from workflows.cases.values import ConflictType, Priority


class Shelf(StrEnum):
    """Which tasks to list."""

    MINE = "mine"
    """Assigned to me."""
    GROUP = "group"
    """Nobody's yet, and one of my roles may take them."""
    OVERDUE = "overdue"
    """Past due, of the two other shelves."""


@dataclass(frozen=True, slots=True)
class TaskRow:
    id: UUID
    name: str
    case_id: UUID | None
    case_number: str | None
    conflict_type: ConflictType | None
    quarter: str | None
    priority: Priority | None
    due_at: datetime | None
    overdue: bool
    assignee: str | None
    mine: bool
    """Assigned to the reader."""
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class TaskCounts:
    mine: int
    group: int
    overdue: int


@dataclass(frozen=True, slots=True)
class TaskPage:
    rows: tuple[TaskRow, ...]
    counts: TaskCounts
    next_cursor: str | None


def unconditional(_answers: Mapping[str, Any]) -> Conditions:
    return Conditions()


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task with everything its page needs."""

    task: TaskRow
    process: str
    element: str
    form: Form | None
    values: Mapping[str, Any]
    """Typed values by field key: a draft before the case file before process variables."""
    choices: Mapping[str, Mapping[str, str]]
    """Source → id → label, for the form's select fields with a source."""
    hints: tuple[Sentence, ...]
    """Reasons and proposals: "2 with Sorani, 1 of them free", "Why: stage 5 and power imbalance"."""
    reported: tuple[str, ...]
    """What the reports say, where the form asks to sum them up."""
    draft_saved_at: datetime | None
    may_claim: bool
    may_release: bool
    may_complete: bool
    closed_by: str | None = None
    """Set when the task is done already; then the page only says so."""
    conditions: Callable[[Mapping[str, Any]], Conditions] = unconditional
    """What the form hides, locks and requires for these answers (full key → as sent or typed).

    It sees the process variables too; the page asks it again when answers change.
    """


@dataclass(frozen=True, slots=True)
class SentPage:
    """What a page with a form sends: the answers, and which questions it showed."""

    answers: PageData
    shown: frozenset[str]


@dataclass(frozen=True, slots=True)
class Completed:
    """What to show after a task is done."""

    task_id: UUID
    task_name: str
    case_id: UUID | None
    next_tasks: tuple[TaskRow, ...]
    """Open tasks of the same case that the person may go on with."""

"""The morning screen: at most seven things, each with the next physical step."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bpmn.wording import Sentence
from engine.unit_of_work import UnitOfWork
from workflows.access import Actor


class Because(StrEnum):
    """Why something is on the morning screen; in this order."""

    OVERDUE = "overdue"
    APPOINTMENT = "appointment"
    DUE_TODAY = "due_today"
    NEW = "new"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class TodayItem:
    because: Because
    title: str
    step: Sentence
    """The next thing to do with one's hands: "Call party B, speaks ro, only after 17:00"."""
    case_id: UUID | None
    case_number: str | None
    task_id: UUID | None
    at: datetime | None
    """When it is due or starts."""


@dataclass(frozen=True, slots=True)
class Today:
    items: tuple[TodayItem, ...]
    more: int
    """How many further tasks wait in the lists."""


def today(uow: UnitOfWork, actor: Actor) -> Today:
    """Choose what the reader should do first today."""
    raise NotImplementedError

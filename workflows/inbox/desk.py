"""One task on the desk: open, claim, release, save a draft, complete."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from engine.unit_of_work import UnitOfWork
from workflows.access import Actor
from workflows.inbox.views import Completed, OpenTask


def open_task(uow: UnitOfWork, actor: Actor, task_id: UUID) -> OpenTask:
    """Unknown to those who have nothing to do with it."""
    raise NotImplementedError


def claim(uow: UnitOfWork, actor: Actor, task_id: UUID) -> None:
    """Take a group's task; claiming one's own again changes nothing."""
    raise NotImplementedError


def release(uow: UnitOfWork, actor: Actor, task_id: UUID) -> None:
    """Give a claimed task back to its group."""
    raise NotImplementedError


def save_draft(uow: UnitOfWork, actor: Actor, task_id: UUID, answers: Mapping[str, Any]) -> None:
    """Keep half-filled answers as they were sent, sealed, for this person and task."""
    raise NotImplementedError


def complete(
    uow: UnitOfWork,
    actor: Actor,
    task_id: UUID,
    answers: Mapping[str, Any],
    command_id: str | None,
) -> Completed:
    """Finish a person's task and let the process move on.

    `answers` are raw form values (MultiDict or JSON object). Repeating the same command returns
    the first result; another person's or a second completion is refused, naming who was first.
    """
    raise NotImplementedError

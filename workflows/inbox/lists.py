"""The task lists."""

from uuid import UUID

from engine.unit_of_work import UnitOfWork
from workflows.access import Actor
from workflows.inbox.views import Shelf, TaskCounts, TaskPage


def list_tasks(
    uow: UnitOfWork,
    actor: Actor,
    shelf: Shelf,
    *,
    case_id: UUID | None = None,
    after: str | None = None,
) -> TaskPage:
    """One page (25) of a shelf, the earliest due date first; `after` is a page's `next_cursor`."""
    raise NotImplementedError


def count_tasks(uow: UnitOfWork, actor: Actor) -> TaskCounts:
    """For the badges."""
    raise NotImplementedError

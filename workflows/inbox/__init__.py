"""A person's tasks: list, open, claim, release, save a draft, complete."""

from workflows.inbox.desk import claim, complete, keep_file, open_task, release, save_draft
from workflows.inbox.lists import count_tasks, list_tasks
from workflows.inbox.views import (
    Completed,
    OpenTask,
    SentPage,
    Shelf,
    TaskCounts,
    TaskPage,
    TaskRow,
)

__all__ = [
    "Completed",
    "OpenTask",
    "SentPage",
    "Shelf",
    "TaskCounts",
    "TaskPage",
    "TaskRow",
    "claim",
    "complete",
    "count_tasks",
    "keep_file",
    "list_tasks",
    "open_task",
    "release",
    "save_draft",
]

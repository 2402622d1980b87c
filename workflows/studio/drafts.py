"""The shared draft of the next deployment: change files, check, submit, approve."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engine.unit_of_work import UnitOfWork
from workflows.access import Actor
from workflows.studio.views import Checked, FileOpened, Studio


def open_studio(uow: UnitOfWork, actor: Actor) -> Studio:
    """The files of the current deployment with the draft's changes, and the deployments so far."""
    raise NotImplementedError


def open_file(uow: UnitOfWork, actor: Actor, name: str) -> FileOpened:
    """The draft's version of a file, or else the published one."""
    raise NotImplementedError


def save_file(
    uow: UnitOfWork, actor: Actor, name: str, content: bytes, etag: str | None
) -> Checked:
    """Put a file (new or changed) into the draft; the first change starts one.

    `etag` None: an upload that may replace whatever is there. An older etag is refused.
    """
    raise NotImplementedError


def remove_file(uow: UnitOfWork, actor: Actor, name: str) -> Checked:
    raise NotImplementedError


def restore_file(uow: UnitOfWork, actor: Actor, name: str) -> None:
    """Take a file's changes out of the draft."""
    raise NotImplementedError


def check_draft(uow: UnitOfWork, actor: Actor) -> Checked:
    """All findings on the draft (or, without one, on what is published)."""
    raise NotImplementedError


def check_file(uow: UnitOfWork, actor: Actor, name: str, content: bytes) -> Checked:
    """The findings as if the draft held this content; nothing is stored (the editor asks often)."""
    raise NotImplementedError


def offer_choices(uow: UnitOfWork, actor: Actor) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """What the editor's fields may name: forms, decisions, processes, handlers, groups, variables.

    Lists of `{"id", "name"}` (variables: `{"name", "type", "info"}`), see frontend/README.md.
    """
    raise NotImplementedError


def submit_draft(uow: UnitOfWork, actor: Actor, comment: str) -> None:
    """Ask a second person to publish; refused while the check finds errors."""
    raise NotImplementedError


def publish_draft(uow: UnitOfWork, actor: Actor) -> UUID:
    """Approve a submitted draft and publish it as the next deployment.

    Only the coordination or a second process manager, never one of the draft's authors.
    """
    raise NotImplementedError


def discard_draft(uow: UnitOfWork, actor: Actor) -> None:
    raise NotImplementedError


def rebase_draft(uow: UnitOfWork, actor: Actor) -> None:
    """Carry the changed files over onto what was published meanwhile."""
    raise NotImplementedError

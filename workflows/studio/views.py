"""What the process pages see of diagrams, decisions and forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from bpmn.lint import Finding


class FileKind(StrEnum):
    PROCESS = "bpmn"
    DECISION = "dmn"
    FORM = "form"


@dataclass(frozen=True, slots=True)
class FileRow:
    """A file of the current deployment or of the draft."""

    name: str
    kind: FileKind
    title: str
    size: int
    changed: bool
    """Differs in the draft from what is published."""
    added: bool
    removed: bool


@dataclass(frozen=True, slots=True)
class DraftView:
    """The shared draft: one for the house."""

    base_deployment_id: UUID
    base_is_current: bool
    """False: somebody published meanwhile; the draft must be taken over onto the new state."""
    authors: tuple[str, ...]
    changed_at: datetime
    changed_files: tuple[str, ...]
    submitted_at: datetime | None
    submitted_by: str | None
    comment: str
    may_submit: bool
    may_approve: bool
    """The reader may publish it: a second person, never one of the authors."""


@dataclass(frozen=True, slots=True)
class DeploymentRow:
    id: UUID
    version: int
    digest: str
    published_at: datetime
    published_by: str | None
    comment: str
    running: int
    """Instances that still belong to it."""


@dataclass(frozen=True, slots=True)
class Studio:
    """The process list page."""

    files: tuple[FileRow, ...]
    draft: DraftView | None
    deployments: tuple[DeploymentRow, ...]
    may_edit: bool


@dataclass(frozen=True, slots=True)
class FileOpened:
    name: str
    title: str
    kind: FileKind
    content: bytes
    from_draft: bool
    etag: str
    """Send it back when saving; a newer one means that somebody else saved in between."""
    may_edit: bool


@dataclass(frozen=True, slots=True)
class Checked:
    """The result of a check: findings by file, and whether it may be published."""

    findings: Mapping[str, tuple[Finding, ...]]
    errors: int
    warnings: int

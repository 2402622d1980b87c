"""What the case page shows of a file."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from workflows.cases.file_kinds import FileKind


@dataclass(frozen=True, slots=True)
class AttachmentView:
    id: UUID
    name: str
    kind: FileKind
    size: int
    at: datetime
    by: str | None

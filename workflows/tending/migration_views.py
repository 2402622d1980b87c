"""What operators see of migrations."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bpmn.migration import Change, Notice
from bpmn.wording import Sentence
from engine.migration_table import Direction, ItemState
from engine.transfers import Transfer


@dataclass(frozen=True, slots=True)
class SourceView:
    """How many instances would go over from one deployment, and what is different over there."""

    deployment: int
    instances: int
    changes: tuple[Change, ...]
    hindrance: Sentence | None = None
    """Why none of them can go over: its diagrams run no more."""


@dataclass(frozen=True, slots=True)
class PlanView:
    target: int
    sources: tuple[SourceView, ...]

    @property
    def instances(self) -> int:
        return sum(source.instances for source in self.sources)


@dataclass(frozen=True, slots=True)
class ForetoldPage:
    """What would happen to some of the instances that are meant."""

    plan: PlanView
    rows: tuple[Transfer, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class MigrationView:
    id: UUID
    target: int
    direction: Direction
    started_at: datetime
    started_by: str | None
    counts: Mapping[ItemState, int]
    open: int
    """How many instances are still to be done."""


@dataclass(frozen=True, slots=True)
class MigrationPage:
    rows: tuple[MigrationView, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class MigratedView:
    """What became of one instance."""

    instance_id: UUID
    case_id: UUID | None
    process: str
    source: int
    state: ItemState
    done_at: datetime | None
    notices: tuple[Notice, ...]


@dataclass(frozen=True, slots=True)
class MigratedPage:
    rows: tuple[MigratedView, ...]
    next_cursor: str | None

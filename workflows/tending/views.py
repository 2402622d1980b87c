"""What operators see."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from bpmn.wording import Sentence
from engine.fault_queries import FaultGroup
from engine.fault_table import FaultState
from engine.instance_queries import InstanceRow


@dataclass(frozen=True, slots=True)
class FaultView:
    """A fault: its sentence, how often it was tried, and where it stands on which picture."""

    id: UUID
    state: FaultState
    sentence: Sentence
    error: str
    place: str
    """File, line and function of the code; empty where nothing was unexpected."""
    attempts: int
    job_kind: str | None
    """What failed: timer, service, correlation, delivery …; None: a step of a person."""
    raised_at: datetime
    closed_at: datetime | None
    instance_id: UUID | None
    case_id: UUID | None
    deployment_id: UUID | None
    process: str | None
    process_name: str | None
    element: str | None
    element_name: str | None


@dataclass(frozen=True, slots=True)
class FaultPage:
    rows: tuple[FaultView, ...]
    groups: tuple[FaultGroup, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class PlaceView:
    """Where an instance stands, to be marked on the picture."""

    token: int
    process: str
    element: str
    name: str
    kind: str
    """The BPMN tag."""
    inside: int | None
    watches: bool


@dataclass(frozen=True, slots=True)
class ActView:
    at: datetime
    by: str | None
    action: str
    about: tuple[str, ...]
    reason: str | None
    """None once the personal data of the case have been erased."""


@dataclass(frozen=True, slots=True)
class ActPage:
    rows: tuple[ActView, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class InstanceView:
    row: InstanceRow
    process_name: str
    readable: bool
    places: tuple[PlaceView, ...]
    variables: Mapping[str, str]
    """Written in FEEL."""
    faults: tuple[FaultView, ...]
    acts: ActPage


@dataclass(frozen=True, slots=True)
class InstancePage:
    rows: tuple[InstanceRow, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class StepView:
    """An element entered, left or cancelled."""

    process: str
    element: str
    name: str
    passage: str


@dataclass(frozen=True, slots=True)
class UnheardView:
    """A place that is left though a signal has come for it."""

    token: int
    process: str
    element: str
    name: str
    signal: str


@dataclass(frozen=True, slots=True)
class ForecastView:
    """What moving an instance does to it, while it has this version."""

    version: int
    cancelled: tuple[PlaceView, ...]
    left: tuple[PlaceView, ...]
    created: tuple[PlaceView, ...]
    passed: tuple[StepView, ...]
    signals: tuple[str, ...]
    unheard: tuple[UnheardView, ...]
    ends: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one fault of several; without a sentence it went well."""

    fault_id: UUID
    refused: Sentence | None

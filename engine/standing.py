"""Where an instance stands and by what it routes, read without holding it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.model import Definitions
from bpmn.moves import Position
from bpmn.spiff.errors import UnreadableSnapshot
from bpmn.spiff.run import ProcessRun
from engine import instance_queries
from engine.instance_queries import InstanceRow
from engine.models import InstanceState
from engine.unit_of_work import ReadingSession


@dataclass(frozen=True, slots=True)
class Standing:
    """An instance at rest."""

    definitions: Definitions | None
    """None when its diagrams can be run no more."""
    positions: tuple[Position, ...]
    variables: Mapping[str, Any]
    """Of the process itself, as FEEL values."""
    readable: bool
    """False when nobody can read its diagrams or its snapshot; it can only be cancelled."""


def standing(reading: ReadingSession, row: InstanceRow) -> Standing:
    """Read where an instance stands; one that has ended stands nowhere."""
    definitions = reading.library.find(reading.connection(), row.deployment_id, row.digest)
    if definitions is None:
        return Standing(None, (), {}, readable=False)
    snapshot = instance_queries.snapshot_of(reading, row.id)
    try:
        run = ProcessRun.restore(definitions, snapshot or "")
    except UnreadableSnapshot:
        return Standing(definitions, (), {}, readable=False)
    positions = run.positions() if row.state is InstanceState.ACTIVE else []
    return Standing(definitions, tuple(positions), run.variables, readable=True)

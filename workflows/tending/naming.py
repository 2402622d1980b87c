"""Elements of any deployment under the names that people gave them."""

from uuid import UUID

from bpmn.model import Definitions, ElementInfo
from engine import queries
from engine.unit_of_work import ReadingSession


class Names:
    """Looks each deployment up once."""

    def __init__(self, reading: ReadingSession) -> None:
        self._reading = reading
        self._known: dict[UUID, Definitions | None] = {}

    def element(self, deployment_id: UUID, process: str, element: str) -> ElementInfo:
        """Find an element; one that nobody can read any more is called by its id."""
        if deployment_id not in self._known:
            self._known[deployment_id] = self._read(deployment_id)
        definitions = self._known[deployment_id]
        found = definitions and definitions.processes.get(process)
        info = found.elements.get(element) if found else None
        return info or ElementInfo(element, element, "", None)

    def _read(self, deployment_id: UUID) -> Definitions | None:
        row = queries.deployment(self._reading, deployment_id)
        if row is None:
            return None
        return self._reading.library.find(self._reading.connection(), row.id, row.digest)

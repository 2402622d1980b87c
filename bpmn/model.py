"""What a bundle means once it is read: its processes, decisions and forms, ready to run."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpmn.dmn.decision import Decision
from bpmn.errors import Invalid
from bpmn.forms.form import Form
from bpmn.host import Host
from bpmn.wording import Sentence


class NotExecutable(Invalid):
    """A file of the bundle cannot be run as it is; names the place as far as it is known."""

    def __init__(
        self,
        sentence: Sentence,
        file: str | None = None,
        element: str | None = None,
        line: int | None = None,
    ) -> None:
        super().__init__(sentence)
        self.file = file
        self.element = element
        self.line = line


@dataclass(frozen=True, slots=True)
class ElementInfo:
    """A node of a diagram, as people and statistics speak of it."""

    id: str
    name: str
    """The label; the id where the diagram has none."""
    kind: str
    """The BPMN tag: userTask, serviceTask, subProcess, exclusiveGateway, startEvent …"""
    lane: str | None
    inside: str | None = None
    """The embedded sub-process around it."""


@dataclass(frozen=True, slots=True)
class ProcessInfo:
    id: str
    name: str
    file: str
    version_tag: str | None
    elements: Mapping[str, ElementInfo]
    """Every flow node, those inside embedded sub-processes too, by element id."""


@dataclass(frozen=True, eq=False)
class Definitions:
    """A bundle, read once. Immutable: share it between threads and keep it per digest."""

    digest: str
    host: Host
    processes: Mapping[str, ProcessInfo]
    decisions: Mapping[str, Decision]
    forms: Mapping[str, Form]
    executable: Any = field(repr=False)
    """Belongs to `bpmn.spiff`; nobody else looks inside."""
    starts: Mapping[str, str] = field(default_factory=dict)
    """Messages that begin a process when nobody waits for them, and which process."""

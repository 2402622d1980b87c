"""A BPMN file is read: checked against the grammar, compiled, and built into graphs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException

from bpmn.dmn.decision import Decision
from bpmn.host import Host
from bpmn.model import ElementInfo, NotExecutable, ProcessInfo
from bpmn.notation.links import levels_of, link_flows
from bpmn.notation.tags import BPMN, NODES, TRIGGERS, tag_of
from bpmn.spiff.extensions import read_extensions, refusal
from bpmn.spiff.formulas import Formula
from bpmn.spiff.grammar import check_document, check_process
from bpmn.spiff.parsing import DiagramParser, Graph
from bpmn.spiff.reading import Desk
from bpmn.spiff.settings import ArrivalTrigger, CallWork, Settings
from bpmn.spiff.triggers import is_interrupting, read_message, read_trigger
from bpmn.spiff.works import read_loop, read_work
from bpmn.wording import say


@dataclass
class Library:
    """The processes of a bundle while they are collected file by file."""

    host: Host
    decisions: Mapping[str, Decision]
    processes: dict[str, ProcessInfo] = field(default_factory=dict)
    graphs: dict[str, Graph] = field(default_factory=dict)
    calls: list[tuple[str, NotExecutable]] = field(default_factory=list)
    """Called processes, each with what to say when it is not in the bundle."""
    starts: dict[str, str] = field(default_factory=dict)
    """Messages that begin a process, and which."""

    def add(self, file: str, root: etree._Element) -> None:
        """Read one file. Raises `NotExecutable`."""
        try:
            check_document(root)
            for process in root.iterfind(f"{BPMN}process"):
                self._add_process(file, root, process)
        except NotExecutable as error:
            error.file = file
            raise

    def _add_process(self, file: str, root: etree._Element, process: etree._Element) -> None:
        name = process.get("id", "")
        if not name or name in self.processes:
            raise refusal(say("The process id “%(id)s” is used twice.", id=name), process)
        check_process(process)
        desk = Desk(root, name, self.host, self.decisions)
        self.processes[name] = _describe(file, process)
        settings = {node.get("id", ""): _settings(desk, node) for node in _nodes(process)}
        self._note_calls(file, process, settings)
        self._note_start(name, process, settings)
        self._build(settings, _conditions(desk, process), process, file)

    def _note_start(
        self, name: str, process: etree._Element, settings: Mapping[str, Settings]
    ) -> None:
        start = process.find(f"{BPMN}startEvent")
        if start is None:
            return
        trigger = settings[start.get("id", "")].trigger
        if isinstance(trigger, ArrivalTrigger):
            if trigger.name in self.starts:
                raise refusal(
                    say("Two processes start by the message “%(name)s”.", name=trigger.name), start
                )
            self.starts[trigger.name] = name

    def _note_calls(
        self, file: str, process: etree._Element, settings: Mapping[str, Settings]
    ) -> None:
        for node in process.iter(f"{BPMN}callActivity"):
            work = settings[node.get("id", "")].work
            if isinstance(work, CallWork):
                missing = say("There is no process “%(id)s” in this bundle.", id=work.process)
                error = refusal(missing, node)
                error.file = file
                self.calls.append((work.process, error))

    def _build(
        self,
        settings: Mapping[str, Settings],
        conditions: Mapping[str, Formula],
        process: etree._Element,
        file: str,
    ) -> None:
        for level in levels_of(process):
            level.extend(link_flows(level))
        try:
            DiagramParser(settings, conditions, self.graphs).build(process, file)
        except ValidationException as error:
            raise refusal(
                say("The diagram cannot be executed: %(reason)s", reason=str(error)), process
            ) from error
        except RecursionError as error:
            raise refusal(say("The process is a chain too long to read."), process) from error

    def finish(self) -> Mapping[str, Graph]:
        """Check what ties the files together. Raises `NotExecutable`."""
        for process, error in self.calls:
            if process not in self.processes:
                raise error
        return MappingProxyType(self.graphs)


def _settings(desk: Desk, node: etree._Element) -> Settings:
    extensions = read_extensions(node)
    trigger = read_trigger(desk, node) if tag_of(node) in TRIGGERS else None
    if tag_of(node) == "receiveTask":
        trigger = read_message(desk, node, node.get("messageRef"))
    return Settings(
        place=desk.place(node),
        inputs=desk.mappings(extensions, "input", node),
        outputs=desk.mappings(extensions, "output", node),
        work=read_work(desk, node, extensions),
        trigger=trigger,
        loop=read_loop(desk, node),
        interrupting=is_interrupting(node),
    )


def _nodes(process: etree._Element) -> Iterator[etree._Element]:
    return (
        node for node in process.iter(f"{BPMN}*") if tag_of(node) in NODES and node is not process
    )


def _conditions(desk: Desk, process: etree._Element) -> Mapping[str, Formula]:
    return {
        flow.get("id", ""): desk.formula(condition.text, flow)
        for flow in process.iter(f"{BPMN}sequenceFlow")
        for condition in flow.iterfind(f"{BPMN}conditionExpression")
    }


def _describe(file: str, process: etree._Element) -> ProcessInfo:
    name = process.get("id", "")
    tag = read_extensions(process).get("versionTag")
    lanes = {
        (reference.text or "").strip(): lane.get("name")
        for lane in process.iter(f"{BPMN}lane")
        for reference in lane.iterfind(f"{BPMN}flowNodeRef")
    }
    return ProcessInfo(
        id=name,
        name=process.get("name") or name,
        file=file,
        version_tag=tag.get("value") if tag else None,
        elements=MappingProxyType(
            {node.get("id", ""): _describe_node(node, lanes) for node in _nodes(process)}
        ),
    )


def _describe_node(node: etree._Element, lanes: Mapping[str, str | None]) -> ElementInfo:
    name = node.get("id", "")
    around = node.getparent()
    inside = around.get("id") if around is not None and tag_of(around) == "subProcess" else None
    return ElementInfo(
        id=name,
        name=node.get("name") or name,
        kind=tag_of(node),
        lane=lanes.get(name) or lanes.get(inside or ""),
        inside=inside,
    )

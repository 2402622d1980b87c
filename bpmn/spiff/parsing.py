"""Diagrams become graphs of nodes: SpiffWorkflow's parser, with our nodes and our settings."""

from collections.abc import Mapping
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.task_parsers import SubprocessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from bpmn.notation.tags import BPMN, is_event_subprocess
from bpmn.spiff.activities import Call, Job, Rule, Script, SubProcess, UserTask
from bpmn.spiff.elements import Element
from bpmn.spiff.events import Boundary, Catch, End, EventStart, Guard, Start, Throw
from bpmn.spiff.formulas import Formula
from bpmn.spiff.gateways import Choice, Exclusive, Inclusive, Parallel, Race
from bpmn.spiff.grammar import GUARD_SUFFIX
from bpmn.spiff.loops import Loop
from bpmn.spiff.settings import JobWork, LinkTrigger, Settings

ROOT_NAME = "(start)"
"""No id of a diagram contains a bracket: `grammar.RESERVED_SIGNS`."""


class JobEnd(Job, End):
    """An end that sends a message: a job first, then the end."""


class Graph(BpmnProcessSpec):  # type: ignore[misc]  # the library is untyped
    """The nodes of one level, shared by all its runs."""

    key: str
    process_id: str
    first: str
    event_starts: tuple[str, ...]
    """Nodes that watch for what starts an event sub-process of this level."""
    inclusive_joins: tuple[Inclusive, ...]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.start.name = ROOT_NAME
        self.task_specs = {ROOT_NAME: self.start}

    def finish(self) -> None:
        """Compute what the joins need to know about the ways to them."""
        joins = [spec for spec in self.task_specs.values() if isinstance(spec, Inclusive)]
        self.inclusive_joins = tuple(spec for spec in joins if len(spec.inputs) > 1)
        for spec in self.inclusive_joins:
            spec.upstream = {name: self._upstream(name, spec.name) for name in spec._inputs}  # noqa: SLF001 - the library's name

    def _upstream(self, name: str, join: str) -> frozenset[str]:
        found: set[str] = set()
        ahead = [name]
        while ahead:
            one = ahead.pop()
            if one not in found and one != join:
                found.add(one)
                ahead += self.task_specs[one]._inputs  # noqa: SLF001 - the library's name
        return frozenset(found)


class ProcessReader(ProcessParser):  # type: ignore[misc]  # the library is untyped
    def create_spec(self) -> Graph:
        graph = Graph(name=self.bpmn_id, description=self.get_name(), filename=self.filename)
        process = next(self.node.iterancestors(f"{BPMN}process"), self.node)
        graph.process_id = process.get("id")
        graph.key = self.bpmn_id if process is self.node else f"{graph.process_id}/{self.bpmn_id}"
        return graph

    def add_tasks(self) -> None:
        start = self.node.find(f"{BPMN}startEvent")
        self.spec.first = start.get("id")
        self.parse_node(start)
        self.spec.event_starts = tuple(
            self._watch(node)
            for node in self.node.iterchildren(f"{BPMN}subProcess")
            if is_event_subprocess(node)
        )
        self.spec.finish()
        self.parser.graphs[self.spec.key] = self.spec

    def _watch(self, node: etree._Element) -> str:
        """Put the start event of an event sub-process in front of it, on the level around."""
        name = next(node.iterchildren(f"{BPMN}startEvent")).get("id", "")
        watch = EventStart(self.spec, name)
        watch.settings = self.parser.settings[name]
        watch.connect(self.parse_node(node))
        return name


class NodeReader(TaskParser):  # type: ignore[misc]  # the library is untyped
    task: Any

    def create_task(self) -> Any:
        settings: Settings = self.process_parser.parser.settings[self.bpmn_id]
        spec_class = self.spec_class
        if isinstance(settings.work, JobWork):
            spec_class = JobEnd if spec_class is End else Job
        elif isinstance(settings.trigger, LinkTrigger):
            spec_class = Element  # a flow leads on from it, see `notation.links`
        spec = spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)
        spec.settings, spec.work = settings, settings.work
        if isinstance(spec, Call):
            spec.processes = self.process_parser.parser.graphs
        elif isinstance(spec, SubProcess):
            inner = SubprocessParser.get_subprocess_spec(self)
            spec.inner = self.process_parser.parser.process_parsers[inner].get_spec()
        return spec

    def handles_multiple_outgoing(self) -> bool:
        return True

    def connect_outgoing(
        self, outgoing_task: Any, sequence_flow_node: etree._Element, is_default: Any
    ) -> None:
        self.task.connect(outgoing_task)
        condition = self.process_parser.parser.conditions.get(sequence_flow_node.get("id"))
        if condition is not None:
            self.task.branches.append((condition, outgoing_task.name))
        elif isinstance(self.task, Choice) or is_default:
            self.task.default = outgoing_task.name
        else:
            self.task.always.append(outgoing_task.name)

    def _add_multiinstance_task(self, _loop_characteristics: etree._Element) -> None:
        each = self.task
        del self.spec.task_specs[each.name]
        self.task = Loop(self.spec, each.name, bpmn_name=each.bpmn_name, lane=each.lane)
        self.task.loop = each.settings.loop
        self.task.settings = Settings(each.settings.place)
        self._copy_task_attrs(each)
        self.task.each = each.name

    def _add_boundary_event(self, children: list[etree._Element]) -> Guard:
        guard = Guard(self.spec, self.bpmn_id + GUARD_SUFFIX, lane=self.task.lane)
        guard.bpmn_id = None
        guard.settings = Settings(self.task.settings.place)
        guard.connect(self.task)
        for event in children:
            guard.connect(self.process_parser.parse_node(event))
        return guard


NODE_CLASSES: Mapping[str, type] = {
    "startEvent": Start,
    "endEvent": End,
    "intermediateCatchEvent": Catch,
    "intermediateThrowEvent": Throw,
    "boundaryEvent": Boundary,
    "userTask": UserTask,
    "serviceTask": Job,
    "sendTask": Job,
    "receiveTask": Catch,
    "scriptTask": Script,
    "businessRuleTask": Rule,
    "callActivity": Call,
    "subProcess": SubProcess,
    "exclusiveGateway": Exclusive,
    "inclusiveGateway": Inclusive,
    "parallelGateway": Parallel,
    "eventBasedGateway": Race,
}


class DiagramParser(BpmnParser):  # type: ignore[misc]  # the library is untyped
    """Builds the graphs of one file, whose elements have been read and checked before."""

    PROCESS_PARSER_CLASS = ProcessReader

    def __init__(
        self,
        settings: Mapping[str, Settings],
        conditions: Mapping[str, Formula],
        graphs: dict[str, Graph],
    ) -> None:
        super().__init__()
        self.settings = settings
        self.conditions = conditions
        self.graphs = graphs

    def _get_parser_class(self, tag: str) -> tuple[type, type]:
        return NodeReader, NODE_CLASSES[tag.removeprefix(BPMN)]

    def _add_diagram_indexes(self, bpmn: etree._Element) -> None:
        """Leave the picture aside; the order of ways out is that of the file."""

    def build(self, process: etree._Element, file: str) -> None:
        self.create_parser(process, file)
        self.get_spec(process.get("id"))

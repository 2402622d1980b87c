"""Which elements and attributes a diagram may have, and how its nodes may be joined.

What is not named here is refused: nothing that a diagram says is ignored in silence, pictures
and comments apart.
"""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bpmn.notation.elements import CHILDREN, is_known
from bpmn.notation.limits import MOST_NODES
from bpmn.notation.links import links
from bpmn.notation.tags import (
    ACTIVITIES,
    BPMN,
    CHOICES,
    GATEWAYS,
    LOOP,
    MESSAGE,
    NODES,
    TRIGGERS,
    begins_process,
    is_event_subprocess,
    names,
    tag_of,
)
from bpmn.spiff.extensions import read_extensions, refusal
from bpmn.wording import say

GUARD_SUFFIX = ".BoundaryEventSplit"
"""The library gives this name to what holds an activity and its boundary events."""
RESERVED_SIGNS = frozenset("/(")
"""Stand in names that are made here: `process/sub-process`, `(start)`."""

BEHIND_RACE = names("intermediateCatchEvent receiveTask")


def check_document(root: etree._Element) -> None:
    """Refuse a file with a structure that would not be executed as drawn."""
    if root.tag != f"{BPMN}definitions":
        raise refusal(say("The file is no BPMN 2.0 diagram."), root)
    _check_ids(root)
    for element in root.iterdescendants(f"{BPMN}*"):
        read_extensions(element)
    for element in root.iter(f"{BPMN}*"):
        _check_children(element)
        _check_attributes(element)


def nodes_of(level: etree._Element) -> Iterator[etree._Element]:
    """List the nodes of one level, without those of its sub-processes."""
    return (child for child in level if child.tag.startswith(BPMN) and tag_of(child) in NODES)


def flows_of(level: etree._Element) -> Iterator[etree._Element]:
    return level.iterchildren(f"{BPMN}sequenceFlow")


def _check_ids(root: etree._Element) -> None:
    ids = Counter(element.get("id") for element in root.iter(f"{BPMN}*") if element.get("id"))
    for element in root.iter(f"{BPMN}*"):
        name = element.get("id", "")
        if ids[name] > 1:
            raise refusal(say("The id “%(id)s” is used twice.", id=name), element)
        if name.endswith(GUARD_SUFFIX) or RESERVED_SIGNS & set(name):
            raise refusal(say("The id “%(id)s” is reserved.", id=name), element)


def _check_children(element: etree._Element) -> None:
    allowed = CHILDREN.get(tag_of(element), frozenset())
    for child in element:
        if child.tag.startswith(BPMN) and tag_of(child) not in allowed:
            raise refusal(
                say("“%(name)s” is not executed here; remove it.", name=tag_of(child)), child
            )


def _check_attributes(element: etree._Element) -> None:
    for name, value in element.attrib.items():
        if not is_known(tag_of(element), str(name), str(value)):
            raise refusal(
                say("“%(name)s” is not executed here; remove it.", name=str(name)), element
            )


def check_process(process: etree._Element) -> None:
    """Refuse a graph that could not be followed as it is drawn."""
    count = sum(1 for element in process.iter(f"{BPMN}*") if tag_of(element) in NODES)
    if count > MOST_NODES:
        raise refusal(
            say("The process has more than %(limit)s elements.", limit=MOST_NODES), process
        )
    if process.get("isExecutable") != "true":
        raise refusal(say("The process is not marked as executable."), process)
    for level in (process, *process.iter(f"{BPMN}subProcess")):
        _Graph(level).check()


class _Graph:
    """The nodes and flows of one level."""

    def __init__(self, level: etree._Element) -> None:
        self.level = level
        self.nodes = {node.get("id"): node for node in nodes_of(level)}
        self.flows = list(flows_of(level))
        self.outgoing = Counter(flow.get("sourceRef") for flow in self.flows)
        self.incoming = Counter(flow.get("targetRef") for flow in self.flows)

    def check(self) -> None:
        starts = [node for node in self.nodes.values() if tag_of(node) == "startEvent"]
        if len(starts) != 1:
            raise refusal(say("Exactly one start event is needed."), self.level)
        self._check_start(starts[0])
        if not any(tag_of(node) == "endEvent" for node in self.nodes.values()):
            raise refusal(say("At least one end event is needed."), self.level)
        for flow in self.flows:
            self._check_flow(flow)
        for node in self.nodes.values():
            self._check_node(node)
        self._check_links()

    def _check_start(self, start: etree._Element) -> None:
        triggers = [child for child in start if tag_of(child) in TRIGGERS["startEvent"]]
        if begins_process(start):
            if any(tag_of(trigger) != MESSAGE for trigger in triggers):
                raise refusal(say("A process starts by a message, or by being called."), start)
        elif bool(triggers) != is_event_subprocess(self.level):
            raise refusal(say("An event starts an event sub-process, and nothing but that."), start)
        if not is_event_subprocess(self.level) and "ioMapping" in read_extensions(start):
            raise refusal(say("A mapping on this start event has no effect; remove it."), start)

    def _check_links(self) -> None:
        caught = Counter(name for _, name in links(self.level, "intermediateCatchEvent"))
        for event, name in links(self.level, "intermediateCatchEvent"):
            if caught[name] > 1 or self.incoming[event.get("id")]:
                raise refusal(
                    say("The link “%(name)s” is reached by its own kind alone.", name=name), event
                )
        for event, name in links(self.level, "intermediateThrowEvent"):
            if name not in caught or self.outgoing[event.get("id")]:
                raise refusal(say("The link “%(name)s” leads nowhere.", name=name), event)

    def _check_flow(self, flow: etree._Element) -> None:
        source = self.nodes.get(flow.get("sourceRef"))
        target = self.nodes.get(flow.get("targetRef"))
        if source is None or target is None or flow.get("id") is None:
            raise refusal(say("A flow needs an id and two ends in the same process."), flow)
        ends = (source, target)
        if (
            tag_of(target) in {"startEvent", "boundaryEvent"}
            or tag_of(source) == "endEvent"
            or any(map(is_event_subprocess, ends))
        ):
            raise refusal(say("A flow cannot lead from or to here."), flow)
        conditional = flow.find(f"{BPMN}conditionExpression") is not None
        if conditional and (
            tag_of(source) not in CHOICES | ACTIVITIES or source.get("default") == flow.get("id")
        ):
            raise refusal(say("The condition on this flow would never be asked."), flow)
        if not conditional and self._needs_condition(source, flow):
            raise refusal(say("This flow needs a condition, or to be the default."), flow)
        if tag_of(source) == "eventBasedGateway":
            self._check_race(target, flow)

    def _needs_condition(self, source: etree._Element, flow: etree._Element) -> bool:
        return (
            tag_of(source) in CHOICES
            and self.outgoing[source.get("id")] > 1
            and source.get("default") != flow.get("id")
        )

    def _check_race(self, target: etree._Element, flow: etree._Element) -> None:
        watched = any(node.get("attachedToRef") == target.get("id") for node in self.nodes.values())
        if (
            tag_of(target) not in BEHIND_RACE
            or self.incoming[target.get("id")] > 1
            or watched
            or target.find(BPMN + LOOP) is not None
        ):
            raise refusal(
                say("Behind an event-based gateway only plain events may stand, each its own."),
                flow,
            )

    def _check_node(self, node: etree._Element) -> None:
        name, tag = node.get("id"), tag_of(node)
        if name is None:
            raise refusal(say("An element without an id cannot be executed."), node)
        if tag in GATEWAYS and not self.outgoing[name]:
            raise refusal(say("The gateway has no way out."), node)
        if tag == "boundaryEvent":
            host = self.nodes.get(node.get("attachedToRef"))
            if host is None or tag_of(host) not in ACTIVITIES or is_event_subprocess(host):
                raise refusal(say("The boundary event is attached to no activity."), node)
        if is_event_subprocess(node) and node.find(f"{BPMN}{LOOP}") is not None:
            raise refusal(say("An event sub-process cannot be repeated."), node)
        default = node.get("default")
        if default and not any(
            flow.get("id") == default and flow.get("sourceRef") == name for flow in self.flows
        ):
            raise refusal(say("The default flow does not leave this gateway."), node)

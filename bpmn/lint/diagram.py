"""A BPMN file as the rules look at it: processes, nodes and flows, before anything is compiled."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from lxml import etree

from bpmn.notation.links import link_flows
from bpmn.notation.tags import BPMN, NODES, ZEEBE, tag_of

Thing = TypeVar("Thing")
Key = TypeVar("Key")


@dataclass(frozen=True)
class Node:
    """A flow node that the engine executes."""

    element: etree._Element

    @property
    def id(self) -> str:
        return self.element.get("id", "")

    @property
    def kind(self) -> str:
        return tag_of(self.element)

    @property
    def label(self) -> str:
        """The name that the author sees; the id where there is none."""
        return " ".join(self.element.get("name", "").split()) or self.id

    @property
    def attached_to(self) -> str | None:
        return self.element.get("attachedToRef") if self.kind == "boundaryEvent" else None

    @property
    def triggers(self) -> list[etree._Element]:
        """The event definitions inside."""
        return [c for c in self.element if tag_of(c).endswith("EventDefinition")]

    @property
    def loop(self) -> etree._Element | None:
        return self.element.find(f"{BPMN}multiInstanceLoopCharacteristics")

    def extension(self, name: str) -> etree._Element | None:
        return extension(self.element, name)


def extension(element: etree._Element, name: str) -> etree._Element | None:
    return element.find(f"{BPMN}extensionElements/{ZEEBE}{name}")


@dataclass(frozen=True)
class Flow:
    element: etree._Element

    @property
    def id(self) -> str:
        return self.element.get("id", "")

    @property
    def source(self) -> str:
        return self.element.get("sourceRef", "")

    @property
    def target(self) -> str:
        return self.element.get("targetRef", "")

    @property
    def condition(self) -> str | None:
        found = self.element.find(f"{BPMN}conditionExpression")
        return None if found is None else (found.text or "").strip()


@dataclass(frozen=True, eq=False)
class Scope:
    """A process, or an embedded sub-process: flows never leave it."""

    element: etree._Element

    @property
    def id(self) -> str:
        return self.element.get("id", "")

    @cached_property
    def nodes(self) -> Mapping[str, Node]:
        return {
            child.get("id", ""): Node(child)
            for child in self.element
            if child.tag.startswith(BPMN) and tag_of(child) in NODES
        }

    @cached_property
    def strangers(self) -> frozenset[str]:
        """Ids of what stands between flows but is not executed; `known_elements` says so."""
        ends = {end for flow in self.flows for end in (flow.source, flow.target)}
        return frozenset(
            child.get("id", "")
            for child in self.element
            if child.get("id") in ends and tag_of(child) not in NODES
        )

    @cached_property
    def flows(self) -> tuple[Flow, ...]:
        """The flows that are drawn, and those that links stand for."""
        drawn = self.element.findall(f"{BPMN}sequenceFlow")
        return tuple(Flow(element) for element in (*drawn, *link_flows(self.element)))

    @cached_property
    def _by_source(self) -> Mapping[str, list[Flow]]:
        return _sorted_by(self.flows, lambda flow: flow.source)

    @cached_property
    def _by_target(self) -> Mapping[str, list[Flow]]:
        return _sorted_by(self.flows, lambda flow: flow.target)

    @cached_property
    def _by_host(self) -> Mapping[str | None, list[Node]]:
        return _sorted_by(self.nodes.values(), lambda node: node.attached_to)

    def leaving(self, node: Node) -> list[Flow]:
        return self._by_source.get(node.id, [])

    def arriving(self, node: Node) -> list[Flow]:
        return self._by_target.get(node.id, [])

    def after(self, node: Node) -> list[Node]:
        ends = (flow.target for flow in self.leaving(node))
        return [self.nodes[end] for end in ends if end in self.nodes]

    def boundaries(self, node: Node) -> list[Node]:
        return self._by_host.get(node.id, [])

    def reached_from(self, sources: Iterable[Node]) -> frozenset[str]:
        """Name these nodes and all that a token of theirs can come to, by flow or boundary event."""
        reached: set[str] = set()
        ahead = list(sources)
        while ahead:
            node = ahead.pop()
            if node.id not in reached:
                reached.add(node.id)
                ahead += self.boundaries(node)
                ahead += self.after(node)
        return frozenset(reached)

    def inner(self) -> Iterator["Scope"]:
        """Itself and every sub-process inside."""
        yield self
        for node in self.nodes.values():
            if node.kind == "subProcess":
                yield from Scope(node.element).inner()


def _sorted_by(things: Iterable[Thing], key: Callable[[Thing], Key]) -> dict[Key, list[Thing]]:
    found: dict[Key, list[Thing]] = {}
    for thing in things:
        found.setdefault(key(thing), []).append(thing)
    return found


@dataclass(frozen=True, eq=False)
class Diagram:
    file: str
    root: etree._Element

    @cached_property
    def processes(self) -> tuple[Scope, ...]:
        return tuple(Scope(element) for element in self.root.findall(f"{BPMN}process"))

    @cached_property
    def scopes(self) -> tuple[Scope, ...]:
        return tuple(scope for process in self.processes for scope in process.inner())

    def nodes(self, *kinds: str) -> Iterator[Node]:
        """Every node of these kinds (of any, when none is named), those inside scopes too."""
        for scope in self.scopes:
            for node in scope.nodes.values():
                if not kinds or node.kind in kinds:
                    yield node

    @cached_property
    def messages(self) -> Mapping[str, etree._Element]:
        return {m.get("id", ""): m for m in self.root.findall(f"{BPMN}message")}

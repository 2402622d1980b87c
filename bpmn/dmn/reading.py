"""From the tree of a DMN file to executable decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from lxml import etree

from bpmn.dmn.boxes import BoxedFunction
from bpmn.dmn.decision import Decision, Knowledge
from bpmn.dmn.drawing import kind, name_of, part, parts, references, unreadable, variable_of
from bpmn.dmn.workshop import READERS, Bench, Workshop, function
from bpmn.feel import OFFICE, Limits
from bpmn.host import HostFunction
from bpmn.wording import say

MOST_REQUIRED = 50
"""Decisions in a row of which each requires the next."""

NAMED = ("inputData", "decision", "businessKnowledgeModel")


def read_decisions(
    root: etree._Element,
    *,
    functions: Mapping[str, HostFunction] | None = None,
    limits: Limits = OFFICE,
) -> dict[str, Decision]:
    """Read every decision of a file, by id.

    Raises `UnreadableDecision` for the first thing that could not be executed.
    """
    workshop = Workshop(_names(root), functions or {}, limits)
    reading = _Reading(workshop, _elements(root))
    return {key: reading.decision(key) for key in map(_key, parts(root, "decision"))}


def _elements(root: etree._Element) -> dict[str, etree._Element]:
    elements: dict[str, etree._Element] = {}
    for each in parts(root, *NAMED):
        key = _key(each)
        if not key or key in elements:
            raise unreadable(
                name_of(each), say("The id “%(id)s” is missing or stands twice.", id=key), each
            )
        elements[key] = each
    return elements


def _key(element: etree._Element) -> str:
    return element.get("id") or name_of(element)


def _names(root: etree._Element) -> frozenset[str]:
    """Collect all names that formulas of the file may use; some contain spaces."""
    named = ("variable", "formalParameter", "itemComponent", "parameter", "column", "output")
    return frozenset(
        name_of(each)
        for each in root.iter()
        if isinstance(each.tag, str) and kind(each) in (*NAMED, *named) and each.get("name")
    )


@dataclass
class _Reading:
    workshop: Workshop
    elements: Mapping[str, etree._Element]
    decisions: dict[str, Decision] = field(default_factory=dict)
    functions: dict[str, Knowledge] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    """What is being read right now, outermost first: to notice circles."""

    def decision(self, key: str) -> Decision:
        if key not in self.decisions:
            element = self.elements[key]
            name = name_of(element)
            self._begin(key)
            self.decisions[key] = Decision(
                id=key,
                name=name,
                variable=variable_of(element),
                logic=Bench(self.workshop, name).content(element),
                required=tuple(
                    self.decision(each)
                    for each in self._targets(element, "informationRequirement", "requiredDecision")
                ),
                knowledge=self._required_knowledge(element),
                limits=self.workshop.limits,
            )
            self.open.pop()
        return self.decisions[key]

    def knowledge(self, key: str) -> Knowledge:
        if key not in self.functions:
            element = self.elements[key]
            self._begin(key)
            self.functions[key] = Knowledge(
                variable_of(element), self._function(element), self._required_knowledge(element)
            )
            self.open.pop()
        return self.functions[key]

    def _function(self, element: etree._Element) -> BoxedFunction:
        logic = part(element, "encapsulatedLogic")
        bench = Bench(self.workshop, name_of(element))
        if logic is None or part(logic, *READERS) is None:
            raise unreadable(bench.decision, say("It is empty."), element)
        return function(bench, logic)

    def _required_knowledge(self, element: etree._Element) -> tuple[Knowledge, ...]:
        return tuple(
            self.knowledge(each)
            for each in self._targets(element, "knowledgeRequirement", "requiredKnowledge")
        )

    def _targets(self, element: etree._Element, requirement: str, target: str) -> list[str]:
        keys = list(references(element, requirement, target))
        for key in keys:
            if key not in self.elements:
                raise unreadable(
                    name_of(element),
                    say("It requires “%(key)s”, which is not in this file.", key=key),
                    element,
                )
        return keys

    def _begin(self, key: str) -> None:
        if key in self.open:
            element = self.elements[key]
            raise unreadable(name_of(element), say("It requires itself in a circle."), element)
        if len(self.open) == MOST_REQUIRED:
            raise unreadable(
                name_of(self.elements[key]),
                say("More than %(limit)s decisions stand on each other.", limit=MOST_REQUIRED),
                self.elements[key],
            )
        self.open.append(key)

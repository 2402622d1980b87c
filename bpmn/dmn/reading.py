"""From the tree of a DMN file to executable decisions."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

from lxml import etree

from bpmn.dmn.box_reading import READERS, bench_for, function
from bpmn.dmn.boxes import BoxedFunction, Parameter
from bpmn.dmn.decision import Decision, Knowledge, Required, Service, Shared
from bpmn.dmn.declaring import Declarations
from bpmn.dmn.drawing import (
    check_pointer,
    kind,
    name_of,
    part,
    parts,
    references,
    unreadable,
    variable_of,
)
from bpmn.dmn.formulas import Workshop, names_in, parameters_in
from bpmn.dmn.sizes import too_large
from bpmn.feel import Limits
from bpmn.host import HostFunction
from bpmn.wording import say

MOST_REQUIRED = 50
"""Decisions in a row of which each requires the next."""

MOST_IMPORTED = 20
"""Files in a row of which each imports the next."""

DRAWN = ("inputData", "decision", "businessKnowledgeModel", "decisionService")


@dataclass
class Shelf:
    """The files that are read together."""

    functions: Mapping[str, HostFunction]
    limits: Limits
    roots: Mapping[str, etree._Element]
    """By namespace."""
    readings: dict[etree._Element, "Reading"] = field(default_factory=dict)
    under_way: list[tuple[etree._Element, str]] = field(default_factory=list)
    """What is being read right now, outermost first: to notice circles."""

    opening: int = 0

    def open(self, root: etree._Element) -> "Reading":
        if root not in self.readings:
            if self.opening == MOST_IMPORTED:
                raise unreadable(
                    name_of(root),
                    say("More than %(limit)s files import each other.", limit=MOST_IMPORTED),
                    root,
                )
            self.readings[root] = reading = Reading(self, root)
            self.opening += 1
            reading.prepare()
            self.opening -= 1
        return self.readings[root]


def key_of(element: etree._Element) -> str:
    return element.get("id") or name_of(element)


@dataclass
class Reading:
    """One file being read."""

    shelf: Shelf
    root: etree._Element
    imports: dict[str, str] = field(default_factory=dict)
    """Namespace → the name that formulas use for it."""
    elements: dict[str, etree._Element] = field(default_factory=dict)
    decisions: dict[str, Decision] = field(default_factory=dict)
    shared: dict[str, Shared] = field(default_factory=dict)

    def prepare(self) -> None:
        problem = too_large(self.root)
        if problem is not None:
            raise unreadable(name_of(self.root), problem, self.root)
        for each in parts(self.root, *DRAWN):
            key = key_of(each)
            if not key or key in self.elements:
                raise unreadable(
                    name_of(each), say("The id “%(id)s” is missing or stands twice.", id=key), each
                )
            self.elements[key] = each
        types = Declarations(self.shelf.limits)
        names = set(names_in(self.root))
        for each in parts(self.root, "import"):
            self._import(each, types, names)
        types.add({name_of(each): each for each in parts(self.root, "itemDefinition")})
        self.workshop = Workshop(
            frozenset(names),
            self.shelf.functions,
            types,
            parameters_in(self.root),
            self.shelf.limits,
        )

    def _import(self, element: etree._Element, types: Declarations, names: set[str]) -> None:
        namespace, name = element.get("namespace", ""), " ".join(element.get("name", "").split())
        root = self.shelf.roots.get(namespace)
        if root is None:
            raise unreadable(
                name, say("The model “%(name)s” is not in this bundle.", name=namespace), element
            )
        self.imports[namespace] = name
        other = self.shelf.open(root)
        if not hasattr(other, "workshop"):
            raise unreadable(name, say("It requires itself in a circle."), element)
        names |= {name, *other.workshop.names}
        prefix, theirs = f"{name}." if name else "", other.workshop.types
        types.known |= {f"{prefix}{each}": found for each, found in theirs.known.items()}
        types.bare |= {f"{prefix}{each}": found for each, found in theirs.bare.items()}

    def decision(self, key: str) -> Decision:
        if key not in self.decisions:
            with self._under_way(key) as element:
                self.decisions[key] = self._read_decision(key, element)
        return self.decisions[key]

    def _read_decision(self, key: str, element: etree._Element) -> Decision:
        name = name_of(element)
        bench = bench_for(self.workshop, name)
        if self.shelf.limits.checks_calls and part(element, *READERS) is None:
            bench.content(element)  # it may say something that is not supported
            bench.refuse(say("It is empty."), element)
        logic = bench.typed(bench.content(element), part(element, "variable"))
        knowledge = self._knowledge(element)
        bench.refuse_unconnected({each.thing.variable for each in knowledge}, element)
        return Decision(
            id=key,
            name=name,
            variable=variable_of(element),
            logic=logic,
            inputs=tuple(self._inputs(element)),
            required=tuple(
                Required(reading.decision(each), model)
                for reading, each, model in self._targets(
                    element, "informationRequirement", "requiredDecision"
                )
            ),
            knowledge=knowledge,
            limits=self.shelf.limits,
        )

    def service(self, key: str) -> Service:
        found = self._shared(key)
        assert isinstance(found, Service)
        return found

    def parameter(self, key: str) -> Parameter:
        """Read input data, or a decision, as something that is handed in."""
        element = self.elements[key]
        variable = part(element, "variable")
        bench = bench_for(self.workshop, name_of(element))
        return Parameter(variable_of(element), bench.type_of(variable))

    def _inputs(self, element: etree._Element) -> Iterator[Required[Parameter]]:
        for reading, key, model in self._targets(
            element, "informationRequirement", "requiredInput"
        ):
            yield Required(reading.parameter(key), model)

    def _knowledge(self, element: etree._Element) -> tuple[Required[Shared], ...]:
        return tuple(
            Required(reading._shared(key), model)  # noqa: SLF001 - the same class
            for reading, key, model in self._targets(
                element, "knowledgeRequirement", "requiredKnowledge"
            )
        )

    def _shared(self, key: str) -> Shared:
        if key not in self.shared:
            with self._under_way(key) as element:
                if kind(element) == "decisionService":
                    self.shared[key] = self._read_service(key, element)
                else:
                    self.shared[key] = self._read_knowledge(element)
        return self.shared[key]

    def _read_service(self, key: str, element: etree._Element) -> Service:
        outputs = self._named(element, "outputDecision")
        if not outputs:
            raise unreadable(name_of(element), say("It is empty."), element)
        return Service(
            id=key,
            variable=variable_of(element),
            data=tuple(at.parameter(each) for at, each, _ in self._named(element, "inputData")),
            decided=tuple(
                (at.decision(each), at.parameter(each))
                for at, each, _ in self._named(element, "inputDecision")
            ),
            outputs=tuple(at.decision(each) for at, each, _ in outputs),
            limits=self.shelf.limits,
        )

    def _read_knowledge(self, element: etree._Element) -> Knowledge:
        logic, name = part(element, "encapsulatedLogic"), variable_of(element)
        bench = bench_for(self.workshop, name_of(element))
        if logic is None or part(logic, *READERS) is None:
            raise unreadable(bench.decision, say("It is empty."), element)
        read, required = function(bench, logic), self._knowledge(element)
        bench.refuse_unconnected({name, *(each.thing.variable for each in required)}, element)
        typed = bench.typed(read.body, part(element, "variable"))
        return Knowledge(name, BoxedFunction(read.parameters, typed), required)

    def _targets(
        self, element: etree._Element, requirement: str, target: str
    ) -> "list[tuple[Reading, str, str | None]]":
        """Find what the requirements of an element point at: its file, its id, its import."""
        return [
            place
            for each in parts(element, requirement)
            for place in self._named(each, target, element)
        ]

    def _named(
        self, around: etree._Element, target: str, element: etree._Element | None = None
    ) -> "list[tuple[Reading, str, str | None]]":
        element = around if element is None else element
        places = [self._place(href, element) for href in references(around, target)]
        for reading, key, _ in places:
            check_pointer(element, target, reading.elements[key])
        return places

    def _place(self, href: str, element: etree._Element) -> "tuple[Reading, str, str | None]":
        namespace, _, key = href.rpartition("#")
        reading, model = self, None
        if namespace and namespace != self.root.get("namespace"):
            model = self.imports.get(namespace)
            reading = reading if model is None else self.shelf.open(self.shelf.roots[namespace])
        if key not in reading.elements or (namespace and reading is self and model):
            raise unreadable(
                name_of(element),
                say("It requires “%(key)s”, which is not in this file.", key=key),
                element,
            )
        return reading, key, model

    @contextmanager
    def _under_way(self, key: str) -> Iterator[etree._Element]:
        """Notice when reading something leads back to it, or too far."""
        under_way = self.shelf.under_way
        element = self.elements[key]
        if (self.root, key) in under_way:
            raise unreadable(name_of(element), say("It requires itself in a circle."), element)
        if len(under_way) == MOST_REQUIRED:
            raise unreadable(
                name_of(element),
                say("More than %(limit)s decisions stand on each other.", limit=MOST_REQUIRED),
                element,
            )
        under_way.append((self.root, key))
        try:
            yield element
        finally:
            under_way.pop()

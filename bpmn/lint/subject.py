"""A bundle laid out for the rules: every file read once, as far as it can be read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from lxml import etree

from bpmn import xml
from bpmn.bundle import Bundle
from bpmn.forms import Form, UnreadableForm, read_form
from bpmn.host import Host
from bpmn.lint.diagram import Diagram, Flow, Node
from bpmn.lint.findings import UNREADABLE, Finding, Severity
from bpmn.wording import Sentence, say


@dataclass(frozen=True, eq=False)
class Subject:
    bundle: Bundle
    host: Host
    diagrams: tuple[Diagram, ...]
    decisions: Mapping[str, etree._Element]
    """Root elements of the DMN files, by file name."""
    forms: Mapping[str, Form]
    """By file name."""
    unreadable: tuple[Finding, ...]
    """What stopped files from being read at all."""

    @property
    def process_ids(self) -> frozenset[str]:
        return frozenset(p.id for diagram in self.diagrams for p in diagram.processes)

    @property
    def form_ids(self) -> frozenset[str]:
        return frozenset(form.id for form in self.forms.values())

    @property
    def decision_ids(self) -> frozenset[str]:
        return frozenset(
            child.get("id", "")
            for root in self.decisions.values()
            for child in root
            if etree.QName(child).localname == "decision"
        )

    def nodes(self, *kinds: str) -> Iterator[tuple[Diagram, Node]]:
        for diagram in self.diagrams:
            for node in diagram.nodes(*kinds):
                yield diagram, node


def lay_out(bundle: Bundle, host: Host) -> Subject:
    diagrams, decisions, forms = [], {}, {}
    unreadable: list[Finding] = []
    for name, content in bundle.files.items():
        try:
            if name.endswith(".bpmn"):
                diagrams.append(Diagram(name, xml.read(content)))
            elif name.endswith(".dmn"):
                decisions[name] = xml.read(content)
            elif name.endswith(".form"):
                forms[name] = read_form(content)
            else:
                unreadable.append(_unreadable(name, say("Only .bpmn, .dmn and .form files run.")))
        except xml.UnreadableXml as error:
            unreadable.append(_unreadable(name, error.problem, error.line))
        except UnreadableForm as error:
            unreadable += [
                Finding(UNREADABLE, Severity.ERROR, name, p.component, None, p.sentence)
                for p in error.problems
            ]
    return Subject(bundle, host, tuple(diagrams), decisions, forms, tuple(unreadable))


def _unreadable(name: str, sentence: Sentence, line: int | None = None) -> Finding:
    return Finding(UNREADABLE, Severity.ERROR, name, None, line, sentence)


@dataclass(frozen=True)
class Voice:
    """How a rule speaks: it knows its own name, so findings are short to write."""

    rule: str

    def error(
        self, diagram: Diagram, at: Node | Flow | etree._Element, sentence: Sentence
    ) -> Finding:
        return self._finding(Severity.ERROR, diagram, at, sentence)

    def warning(
        self, diagram: Diagram, at: Node | Flow | etree._Element, sentence: Sentence
    ) -> Finding:
        return self._finding(Severity.WARNING, diagram, at, sentence)

    def in_file(self, file: str, sentence: Sentence, element: str | None = None) -> Finding:
        return Finding(self.rule, Severity.ERROR, file, element, None, sentence)

    def _finding(
        self,
        severity: Severity,
        diagram: Diagram,
        at: Node | Flow | etree._Element,
        sentence: Sentence,
    ) -> Finding:
        element = at.element if isinstance(at, Node | Flow) else at
        return Finding(
            self.rule,
            severity,
            diagram.file,
            nearest_id(element),
            cast("int | None", element.sourceline),
            sentence,
            label_of(element),
        )


def nearest_id(element: etree._Element | None) -> str | None:
    """Name the element that the author can click on."""
    named = _nearest_with_id(element)
    return None if named is None else named.get("id")


def label_of(element: etree._Element | None) -> str | None:
    """Name it as the author does, if they do."""
    named = _nearest_with_id(element)
    return None if named is None else " ".join(named.get("name", "").split()) or None


def _nearest_with_id(element: etree._Element | None) -> etree._Element | None:
    while element is not None and not element.get("id"):
        element = element.getparent()
    return element

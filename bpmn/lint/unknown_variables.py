"""A formula reads only what something sets; a misspelt name would be empty for ever."""

from collections.abc import Iterator
from difflib import get_close_matches

from lxml import etree

from bpmn.feel import FeelError, compile_expression
from bpmn.forms import process_fields
from bpmn.lint.diagram import Diagram
from bpmn.lint.expressions import formulas
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import BPMN, ZEEBE
from bpmn.wording import Sentence, say

voice = Voice("unknown_variables")

SETTING = (
    ("input", "target"),
    ("output", "target"),
    ("script", "resultVariable"),
    ("calledDecision", "resultVariable"),
    ("loopCharacteristics", "inputElement"),
    ("loopCharacteristics", "outputCollection"),
)
"""Extension elements and the attribute with the name that they set."""
STRANDING = frozenset(
    {"conditionExpression", "timeDate", "timeDuration", "timeCycle", "inputCollection"}
    | {"correlationKey", "dueDate"}
)
"""Places where an empty value would stop the case; elsewhere a finding is a warning."""
COUNTED = frozenset(
    f"numberOf{each}Instances" for each in ("", "Active", "Completed", "Terminated")
) | {"loopCounter"}
"""What a repeated activity counts by itself."""
BRINGING = ("serviceTask", "receiveTask", "intermediateCatchEvent", "boundaryEvent", "startEvent")
"""Nodes whose results come from outside, under any name unless mappings say which."""


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the bundle as a whole: what one process sets, another may be called with."""
    known = known_names(subject)
    for diagram in subject.diagrams:
        for element, place, text in formulas(diagram):
            if not text.strip().startswith("=") or element.tag == f"{ZEEBE}output":
                continue
            for sentence in _unknown(text.strip()[1:], known, subject):
                yield _found(diagram, element, place, sentence)


def known_names(subject: Subject) -> frozenset[str]:
    """Return every name that the host, a form, a mapping or a step of the bundle sets."""
    names = {*subject.host.variables, *COUNTED}
    for diagram in subject.diagrams:
        for tag, attribute in SETTING:
            for element in diagram.root.iter(f"{ZEEBE}{tag}"):
                names.add(element.get(attribute, ""))
    for form in subject.forms.values():
        names |= {field.key.partition(".")[0] for field in process_fields(form, subject.host)}
    return frozenset(names)


def _unknown(text: str, known: frozenset[str], subject: Subject) -> Iterator[Sentence]:
    try:
        expression = compile_expression(text, functions=subject.host.functions)
    except FeelError:
        return  # another rule says so
    for variable in expression.unknown_names(known):
        yield nothing_sets(variable.name, text, known)


def nothing_sets(name: str, text: str, known: frozenset[str]) -> Sentence:
    """Say that a formula reads a name that nothing sets, and which one may be meant."""
    near = get_close_matches(name, sorted(known), 1)
    if near:
        return say(
            "Nothing sets “%(name)s”, so “%(text)s” would find nothing there. "
            "Do you mean “%(near)s”?",
            name=name,
            text=text[:80],
            near=near[0],
        )
    return say(
        "Nothing sets “%(name)s”, so “%(text)s” would find nothing there. Let a form, "
        "a mapping or an earlier step set it.",
        name=name,
        text=text[:80],
    )


def _found(diagram: Diagram, element: etree._Element, place: str, sentence: Sentence) -> Finding:
    if place in STRANDING and not _is_open(diagram):
        return voice.error(diagram, element, sentence)
    return voice.warning(diagram, element, sentence)


def _is_open(diagram: Diagram) -> bool:
    """Tell whether variables of any name may come into this file from outside."""
    return any(
        node.element.find(f".//{ZEEBE}output") is None and _brings(node.element)
        for node in diagram.nodes(*BRINGING)
    )


def _brings(element: etree._Element) -> bool:
    waits_for_word = element.find(f"{BPMN}messageEventDefinition") is not None
    return waits_for_word or element.tag in (f"{BPMN}serviceTask", f"{BPMN}receiveTask")

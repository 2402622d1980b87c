"""Every formula can be read, wherever it stands; what looks like a formula is one."""

from collections.abc import Iterator

from lxml import etree

from bpmn.feel import FeelError, compile_expression
from bpmn.host import Host
from bpmn.lint.diagram import Diagram
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import BPMN, ZEEBE
from bpmn.wording import Sentence, say

voice = Voice("expressions")

ATTRIBUTES = (
    ("assignmentDefinition", ("assignee", "candidateGroups", "candidateUsers")),
    ("taskSchedule", ("dueDate", "followUpDate")),
    ("priorityDefinition", ("priority",)),
    ("script", ("expression",)),
    ("input", ("source",)),
    ("output", ("source",)),
    ("loopCharacteristics", ("inputCollection", "outputElement")),
    ("subscription", ("correlationKey",)),
)
TEXTS = ("conditionExpression", "completionCondition", "timeDate", "timeDuration", "timeCycle")
ALWAYS_FORMULAS = frozenset(
    {"conditionExpression", "completionCondition", "expression", "inputCollection"}
    | {"outputElement", "correlationKey"}
)


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for element, place, text in formulas(diagram):
            problem = _problem(text, place, subject.host)
            if problem is not None:
                yield voice.error(diagram, element, problem)
    for file, form in subject.forms.items():
        for component, text in form.expressions():
            problem = _unreadable(text, subject.host)
            if problem is not None:
                yield voice.in_file(file, problem, component)


def formulas(diagram: Diagram) -> Iterator[tuple[etree._Element, str, str]]:
    """Find everything that may be a formula: its element, the place and the text."""
    for name, attributes in ATTRIBUTES:
        for element in diagram.root.iter(f"{ZEEBE}{name}"):
            for attribute in attributes:
                if element.get(attribute):
                    yield element, attribute, element.get(attribute, "")
    for name in TEXTS:
        for element in diagram.root.iter(f"{BPMN}{name}"):
            yield element, name, element.text or ""


def _problem(text: str, place: str, host: Host) -> Sentence | None:
    text = text.strip()
    if text.startswith("="):
        return _unreadable(text[1:], host)
    if not text and place == "conditionExpression":
        return None  # the flow lacks its condition, which is the matter of another rule
    if place in ALWAYS_FORMULAS:
        return say("“%(text)s” is no formula. Begin it with “=”.", text=text[:80])
    return None


def _unreadable(text: str, host: Host) -> Sentence | None:
    try:
        compile_expression(text, functions=host.functions)
    except FeelError as error:
        return say(
            "The formula “%(text)s” cannot be read: %(problem)s",
            text=text[:80],
            problem=error.sentence,
        )
    return None

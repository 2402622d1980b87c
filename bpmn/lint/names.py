"""Names are short enough to be read, and those that the engine goes by are fixed."""

from collections.abc import Iterator

from bpmn.feel.syntax.lexer import KEYWORDS
from bpmn.lint.diagram import Diagram
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.lint.unknown_variables import SETTING
from bpmn.notation.limits import LONGEST_NAME
from bpmn.notation.tags import BPMN, VARIABLE, ZEEBE
from bpmn.wording import Sentence, say

voice = Voice("names")

FIXED = {
    "message": "name",
    "signal": "name",
    "error": "errorCode",
    "escalation": "escalationCode",
}
"""By what the engine knows them; the same text everywhere and always."""
LABELS = ("name", "id", "errorCode", "escalationCode")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        yield from _lengths(diagram)
        yield from _computed(diagram)
        yield from _variables(diagram)


def _lengths(diagram: Diagram) -> Iterator[Finding]:
    for element in diagram.root.iter(f"{BPMN}*"):
        for attribute in LABELS:
            name = element.get(attribute, "")
            if len(name) > LONGEST_NAME:
                sentence = say(
                    "“%(name)s…” is longer than %(limit)s characters. Shorten it; explanations "
                    "stand in the documentation or in a comment.",
                    name=name[:40],
                    limit=LONGEST_NAME,
                )
                yield voice.error(diagram, element, sentence)


def _computed(diagram: Diagram) -> Iterator[Finding]:
    for tag, attribute in FIXED.items():
        for element in diagram.root.iterchildren(f"{BPMN}{tag}"):
            name = element.get(attribute, "").strip()
            if name.startswith("="):
                sentence = say(
                    "“%(name)s” would be computed, but messages, signals, errors and "
                    "escalations have fixed names. Take the “=” away.",
                    name=name[:80],
                )
                yield voice.error(diagram, element, sentence)


def _variables(diagram: Diagram) -> Iterator[Finding]:
    for tag, attribute in SETTING:
        for element in diagram.root.iter(f"{ZEEBE}{tag}"):
            problem = _problem(element.get(attribute, "").strip())
            if problem:
                yield voice.error(diagram, element, problem)


def _problem(name: str) -> Sentence | None:
    """Tell what is wrong with the name of a variable; that there is none is told by other rules."""
    if name and (not VARIABLE.fullmatch(name) or name in KEYWORDS):
        return say(
            "“%(name)s” cannot be the name of a variable. Take letters, digits and “_”, "
            "a letter first, and no word of the formula language such as “if” or “true”.",
            name=name[:80],
        )
    if len(name) > LONGEST_NAME:
        return say("The name of a variable has at most %(limit)s characters.", limit=LONGEST_NAME)
    return None

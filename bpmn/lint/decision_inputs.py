"""A decision reads only what something sets; a misspelt column would be empty for ever."""

from collections.abc import Iterator

from lxml import etree

from bpmn.dmn.sizes import too_large
from bpmn.feel import FeelError, compile_expression
from bpmn.lint.findings import Finding, Severity
from bpmn.lint.subject import Subject, label_of, nearest_id
from bpmn.lint.unknown_variables import known_names, nothing_sets
from bpmn.notation.tags import ZEEBE, line_of

RULE = "decision_inputs"


def check(subject: Subject) -> Iterator[Finding]:
    """Look at the files of decisions that a diagram asks; others may be asked from elsewhere."""
    known = known_names(subject)
    asked = {
        element.get("decisionId")
        for diagram in subject.diagrams
        for element in diagram.root.iter(f"{ZEEBE}calledDecision")
    }
    for file, root in subject.decisions.items():
        decisions = {each.get("id") for each in root.iterchildren("{*}decision")}
        if asked & decisions and not too_large(root):
            yield from _in_file(subject, file, root, known)


def _in_file(
    subject: Subject, file: str, root: etree._Element, known: frozenset[str]
) -> Iterator[Finding]:
    inputs = {each.get("name", ""): each for each in root.iterchildren("{*}inputData")}
    named = {each.get("name", "") for each in root.iter() if each.get("name")}
    for name, element in inputs.items():
        if name not in known:
            yield _finding(file, element, name, name, known)
    for text in root.iterfind(".//{*}inputExpression/{*}text"):
        written = " ".join((text.text or "").split())
        try:
            formula = compile_expression(written, names=named, functions=subject.host.functions)
        except FeelError:
            continue  # another rule says so
        for variable in formula.unknown_names(known | named):
            yield _finding(file, text, variable.name, written, known)


def _finding(
    file: str, element: etree._Element, name: str, text: str, known: frozenset[str]
) -> Finding:
    sentence = nothing_sets(name, text, known)
    place, line = nearest_id(element), line_of(element)
    return Finding(RULE, Severity.WARNING, file, place, line, sentence, label_of(element))

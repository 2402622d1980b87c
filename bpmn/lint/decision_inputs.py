"""A decision reads only what something sets; a misspelt name would be empty for ever."""

import re
from collections.abc import Callable, Iterator, Mapping

from lxml import etree

from bpmn.dmn.drawing import kind
from bpmn.dmn.sizes import too_large
from bpmn.feel import Expression, FeelError, compile_expression, compile_unary_tests
from bpmn.feel.expression import INPUT
from bpmn.feel.syntax.lexer import KEYWORDS
from bpmn.lint.findings import Finding, Severity
from bpmn.lint.subject import Subject, label_of, nearest_id
from bpmn.lint.unknown_variables import known_names, nothing_sets
from bpmn.notation.tags import ZEEBE, line_of

RULE = "decision_inputs"

READ_BY: Mapping[str, Callable[..., Expression]] = {
    "inputExpression": compile_expression,
    "inputEntry": compile_unary_tests,
    "outputEntry": compile_expression,
    "defaultOutputEntry": compile_expression,
    "literalExpression": compile_expression,
}
"""Element with a formula → how that is read."""

QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"')
WORD = re.compile(r"[^\W\d]\w*")
ALWAYS = frozenset({"item", "partial"})
"""Names that boxed filters and loops bring."""


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
    named = ALWAYS.union(
        *((each.get("name", ""), each.get("iteratorVariable", "")) for each in root.iter())
    )
    for name, element in inputs.items():
        if name not in known:
            yield _finding(file, element, name, name, known)
    understood = KEYWORDS | known | named
    for text, compile_text in _formulas(root):
        written = " ".join((text.text or "").split())
        if understood.issuperset(WORD.findall(QUOTED.sub("", written))):
            continue  # to read a formula takes long, and a table has thousands
        try:
            formula = compile_text(written, names=named, functions=subject.host.functions)
        except FeelError:
            continue  # another rule says so
        for variable in formula.unknown_names(known | named):
            if variable.name != INPUT:
                yield _finding(file, text, variable.name, written, known)


def _formulas(root: etree._Element) -> Iterator[tuple[etree._Element, Callable[..., Expression]]]:
    for text in root.iter("{*}text"):
        around = text.getparent()
        read = None if around is None else READ_BY.get(kind(around))
        if read is not None:
            yield text, read


def _finding(
    file: str, element: etree._Element, name: str, text: str, known: frozenset[str]
) -> Finding:
    sentence = nothing_sets(name, text, known)
    place, line = nearest_id(element), line_of(element)
    return Finding(RULE, Severity.WARNING, file, place, line, sentence, label_of(element))

"""No formula runs into its limits before it has even been given a value."""

import re
from collections.abc import Iterator
from itertools import islice

from lxml import etree

from bpmn.dmn.sizes import too_large
from bpmn.feel import Expression, FeelError, compile_expression, compile_unary_tests
from bpmn.host import Host
from bpmn.lint.expressions import formulas
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.wording import Sentence, say

voice = Voice("endless")

REPEATING = re.compile(r"\(|\b(for|some|every)\b")
"""Without a loop or a call a formula ends soon."""

MOST = 5
"""Trying an endless formula takes its time; after so many the others are not tried."""


def check(subject: Subject) -> Iterator[Finding]:
    return islice(_endless(subject), MOST)


def _endless(subject: Subject) -> Iterator[Finding]:
    host = subject.host
    for diagram in subject.diagrams:
        for element, _, text in formulas(diagram):
            problem = text.strip().startswith("=") and _problem(text.strip()[1:], host)
            if problem:
                yield voice.error(diagram, element, problem)
    for file, form in subject.forms.items():
        for component, text in form.expressions():
            problem = _problem(text, host)
            if problem:
                yield voice.in_file(file, problem, component)
    for file, root in subject.decisions.items():
        yield from _in_decisions(file, root, host)


def _in_decisions(file: str, root: etree._Element, host: Host) -> Iterator[Finding]:
    names = frozenset(each.get("name", "") for each in root.iter() if each.get("name"))
    if too_large(root):
        return  # it will not be read at all
    for text in root.iter("{*}text"):
        if not REPEATING.search(text.text or ""):
            continue
        problem = _problem(text.text or "", host, names)
        if problem:
            yield voice.in_file(file, problem, _decision_around(text))


def _decision_around(element: etree._Element) -> str | None:
    return next((each.get("id") for each in element.iterancestors("{*}decision")), None)


def _problem(text: str, host: Host, names: frozenset[str] = frozenset()) -> Sentence | None:
    formula = _readable(text, host, names)
    if formula is None:
        return None
    try:
        formula.evaluate({}, host)
    except FeelError as error:
        return say(
            "The formula “%(text)s” would take too long: %(problem)s Use shorter lists.",
            text=text[:80],
            problem=error.sentence,
        )
    return None


def _readable(text: str, host: Host, names: frozenset[str]) -> Expression | None:
    """Read a formula or a cell of a table; other rules say what is wrong with an unreadable one."""
    for read in (compile_expression, compile_unary_tests):
        try:
            return read(text, names=names, functions=host.functions)
        except FeelError:
            continue
    return None

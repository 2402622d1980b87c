"""The last word has the engine: what it cannot load is not published."""

from collections.abc import Iterator

from bpmn.definitions import load
from bpmn.lint.findings import Finding, Severity
from bpmn.lint.subject import Subject
from bpmn.model import NotExecutable

RULE = "runs"


def check(subject: Subject) -> Iterator[Finding]:
    try:
        load(subject.bundle, subject.host)
    except NotExecutable as error:
        yield Finding(
            RULE, Severity.ERROR, error.file or "", error.element, error.line, error.sentence
        )

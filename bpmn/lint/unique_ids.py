"""Every id names one thing: tasks, timers and history of running cases are found by it."""

from collections import Counter
from collections.abc import Iterator

from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import BPMN
from bpmn.wording import say

voice = Voice("unique_ids")


def check(subject: Subject) -> Iterator[Finding]:
    yield from _within_files(subject)
    yield from _across_files(subject)


def _within_files(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        seen: set[str] = set()
        for element in diagram.root.iter(f"{BPMN}*"):
            name = element.get("id")
            if name is not None and name in seen:
                yield voice.error(diagram, element, say("The id “%(id)s” is used twice.", id=name))
            seen.add(name or "")


def _across_files(subject: Subject) -> Iterator[Finding]:
    owners = [(diagram.file, p.id) for diagram in subject.diagrams for p in diagram.processes]
    owners += [(file, form.id) for file, form in subject.forms.items()]
    kinds = Counter((file.rpartition(".")[2], name) for file, name in owners)
    for file, name in owners:
        if kinds[file.rpartition(".")[2], name] > 1:
            yield voice.in_file(
                file, say("Another file of this bundle has the same id “%(id)s”.", id=name), name
            )

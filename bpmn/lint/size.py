"""Keep diagrams at a size that people and the engine can handle."""

from collections.abc import Iterator

from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.wording import say

voice = Voice("size")
MOST_NODES = 300


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for process in diagram.processes:
            count = sum(len(scope.nodes) for scope in process.inner())
            if count > MOST_NODES:
                yield voice.error(
                    diagram,
                    process.element,
                    say(
                        "The process has %(count)s elements; more than %(limit)s are not allowed. "
                        "Move a part into a process of its own and call it.",
                        count=count,
                        limit=MOST_NODES,
                    ),
                )

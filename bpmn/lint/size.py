"""Keep diagrams at a size that people and the engine can handle."""

from collections.abc import Iterator

from lxml import etree

from bpmn.lint.diagram import Node
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.limits import DEEPEST_NESTING, MOST_NODES
from bpmn.notation.tags import tag_of
from bpmn.wording import say

voice = Voice("size")


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
            for scope in process.inner():
                if len(_around(scope.element)) == DEEPEST_NESTING + 1:
                    yield voice.error(
                        diagram,
                        scope.element,
                        say(
                            "“%(name)s” lies in more than %(limit)s sub-processes. "
                            "Move a part into a process of its own and call it.",
                            name=Node(scope.element).label,
                            limit=DEEPEST_NESTING,
                        ),
                    )


def _around(level: etree._Element) -> list[etree._Element]:
    return [each for each in level.iterancestors() if tag_of(each) == "subProcess"]

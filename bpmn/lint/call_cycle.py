"""Processes do not call each other in circles."""

from collections.abc import Iterator

from bpmn.lint.diagram import Diagram, Node
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.wording import say

voice = Voice("call_cycle")


def check(subject: Subject) -> Iterator[Finding]:
    calls = dict(_calls(subject))
    for name, (diagram, targets) in calls.items():
        for node, target in targets:
            if name in _reached(calls, target):
                yield voice.error(
                    diagram,
                    node,
                    say("“%(name)s” calls a process that leads back to this one.", name=node.label),
                )


Calls = dict[str, tuple[Diagram, list[tuple[Node, str]]]]


def _calls(subject: Subject) -> Iterator[tuple[str, tuple[Diagram, list[tuple[Node, str]]]]]:
    for diagram in subject.diagrams:
        for process in diagram.processes:
            targets = [
                (node, called.get("processId", ""))
                for scope in process.inner()
                for node in scope.nodes.values()
                if (called := node.extension("calledElement")) is not None
            ]
            yield process.id, (diagram, targets)


def _reached(calls: Calls, start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [start]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in calls:
            reached.add(name)
            waiting += [target for _, target in calls[name][1]]
    return reached

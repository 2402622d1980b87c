"""Every element can be reached, and from every element the process goes on or ends."""

from collections.abc import Iterator

from bpmn.lint.diagram import Diagram, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import is_event_subprocess
from bpmn.wording import say

voice = Voice("reachable")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            if scope.strangers:
                continue  # what lies behind them cannot be told yet
            yield from _unreachable(diagram, scope)
            yield from _dead_ends(diagram, scope)


def _unreachable(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    reached = scope.reached_from(
        node
        for node in scope.nodes.values()
        if node.kind == "startEvent" or is_event_subprocess(node.element)
    )
    for node in scope.nodes.values():
        if node.id not in reached:
            yield voice.error(
                diagram,
                node,
                say(
                    "No way leads from the start to “%(name)s”. Connect it, or delete it.",
                    name=node.label,
                ),
            )


def _dead_ends(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    for node in scope.nodes.values():
        ends = node.kind == "endEvent" or is_event_subprocess(node.element)
        if not ends and not scope.leaving(node):
            yield voice.error(
                diagram,
                node,
                say(
                    "The process stops at “%(name)s”. Connect it to the next step or to an end.",
                    name=node.label,
                ),
            )

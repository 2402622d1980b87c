"""What parts at gateways comes together again as it parted."""

from collections.abc import Iterator

from bpmn.lint.diagram import Diagram, Node, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.markings import Course, explore
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import ACTIVITIES, THROWING
from bpmn.wording import say

voice = Voice("balanced_gateways")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            if _is_drawn(scope):
                course = explore(scope)
                yield from _stuck(diagram, scope, course)
                yield from _meeting(diagram, scope, course)
                yield from _doubling(diagram, scope)


def _is_drawn(scope: Scope) -> bool:
    """Tell whether every flow leads from node to node; other rules say where one does not."""
    ids = [flow.id for flow in scope.flows]
    return len(set(ids)) == len(ids) and all(
        flow.source in scope.nodes and flow.target in scope.nodes for flow in scope.flows
    )


def _stuck(diagram: Diagram, scope: Scope, course: Course) -> Iterator[Finding]:
    beside = _beside(scope)
    for name in sorted(course.stuck - beside):
        node = scope.nodes[name]
        if course.is_complete and name not in course.passed:
            sentence = say(
                "“%(name)s” waits for all its ways at once, but only some of them are ever "
                "taken. Use an exclusive gateway here, or split with a parallel one before.",
                name=node.label,
            )
            yield voice.error(diagram, node, sentence)
        else:
            sentence = say(
                "“%(name)s” waits for all its ways at once, and it can happen that not all of "
                "them are taken: then the case stands still. Let every way lead here, or use an "
                "inclusive gateway.",
                name=node.label,
            )
            yield voice.warning(diagram, node, sentence)


def _meeting(diagram: Diagram, scope: Scope, course: Course) -> Iterator[Finding]:
    for name in sorted(course.meeting):
        node = scope.nodes[name]
        if _does_something(scope, node):
            sentence = say(
                "From “%(name)s” on everything can happen twice: ways that run at the same time "
                "come together here without waiting for each other. Put a parallel gateway "
                "before it.",
                name=node.label,
            )
            yield voice.warning(diagram, node, sentence)


def _doubling(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    for event in scope.nodes.values():
        host = event.attached_to
        if host is None or event.element.get("cancelActivity") != "false":
            continue
        if host in scope.reached_from(scope.after(event)):
            sentence = say(
                "“%(name)s” leads back to “%(host)s” while that is still there, so that it would be "
                "there twice. Lead this way elsewhere, or let the event interrupt.",
                name=event.label,
                host=scope.nodes[host].label if host in scope.nodes else host,
            )
            yield voice.error(diagram, event, sentence)


def _beside(scope: Scope) -> frozenset[str]:
    """Return what can be reached from events that do not interrupt: nobody knows how often."""
    return scope.reached_from(
        node
        for node in scope.nodes.values()
        if node.attached_to and node.element.get("cancelActivity") == "false"
    )


def _does_something(scope: Scope, node: Node) -> bool:
    kinds = {scope.nodes[name].kind for name in scope.reached_from([node])}
    return bool(kinds & (ACTIVITIES | THROWING - {"endEvent"}))

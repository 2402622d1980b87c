"""A choice always finds a way: a default where it could be that no condition holds."""

from collections.abc import Iterator

from bpmn.lint.diagram import Diagram, Node, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import ACTIVITIES, CHOICES
from bpmn.wording import say

voice = Voice("gateway_default")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            for node in scope.nodes.values():
                if node.kind in CHOICES and len(scope.leaving(node)) > 1:
                    yield from _choice(diagram, scope, node)
                elif node.kind in ACTIVITIES:
                    yield from _activity(diagram, scope, node)


def _choice(diagram: Diagram, scope: Scope, gateway: Node) -> Iterator[Finding]:
    default = gateway.element.get("default")
    flows = {flow.id: flow for flow in scope.leaving(gateway)}
    if default not in flows:
        yield voice.error(
            diagram,
            gateway,
            say(
                "“%(name)s” has no default flow. Choose the flow that is taken "
                "when no condition holds.",
                name=gateway.label,
            ),
        )
    for flow in flows.values():
        if flow.id == default and flow.condition:
            yield voice.error(
                diagram,
                flow,
                say("The default flow may not have a condition. Take the condition away."),
            )
        elif flow.id != default and not flow.condition:
            yield voice.error(
                diagram,
                flow,
                say("This flow needs a condition, or must be the default of its gateway."),
            )


def _activity(diagram: Diagram, scope: Scope, node: Node) -> Iterator[Finding]:
    """Of the flows that leave a step all are taken that ask for nothing or whose condition holds."""
    leaving, default = scope.leaving(node), node.element.get("default")
    if default is not None and default not in {flow.id for flow in leaving}:
        yield voice.error(
            diagram,
            node,
            say("The default flow does not leave “%(name)s”. Choose it anew.", name=node.label),
        )
    for flow in leaving:
        if flow.id == default and flow.condition:
            yield voice.error(
                diagram,
                flow,
                say("The default flow may not have a condition. Take the condition away."),
            )
    if leaving and all(flow.condition for flow in leaving):
        yield voice.error(
            diagram,
            node,
            say(
                "When no condition holds, the process stops behind “%(name)s”. "
                "Choose a default flow, or add one without a condition.",
                name=node.label,
            ),
        )

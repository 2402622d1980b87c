"""Sequence flows connect nodes of one scope; only gateways choose between them."""

from collections.abc import Iterator

from bpmn.lint.diagram import Diagram, Flow, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import CHOICES, GATEWAYS
from bpmn.wording import say

voice = Voice("flows")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            for flow in scope.flows:
                yield from _ends(diagram, scope, flow)
            yield from _splits(diagram, scope)


def _ends(diagram: Diagram, scope: Scope, flow: Flow) -> Iterator[Finding]:
    if {flow.source, flow.target} & scope.strangers:
        return
    if flow.source not in scope.nodes or flow.target not in scope.nodes:
        yield voice.error(
            diagram, flow, say("The flow does not connect two elements of the same process.")
        )
        return
    if flow.condition is not None and scope.nodes[flow.source].kind not in CHOICES:
        yield voice.error(
            diagram,
            flow,
            say("Only flows that leave an exclusive or inclusive gateway may have a condition."),
        )
    if scope.nodes[flow.target].kind in {"startEvent", "boundaryEvent"}:
        yield voice.error(diagram, flow, say("A flow cannot lead into this event."))


def _splits(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    for node in scope.nodes.values():
        leaving = scope.leaving(node)
        if len(leaving) > 1 and node.kind not in GATEWAYS:
            yield voice.error(
                diagram,
                node,
                say(
                    "Several flows leave “%(name)s”. Put a gateway behind it that says "
                    "whether all of them or one of them is taken.",
                    name=node.label,
                ),
            )
        if leaving and node.kind == "endEvent":
            yield voice.error(diagram, node, say("No flow may leave an end event."))

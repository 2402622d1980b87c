"""Sequence flows connect nodes of one scope; only gateways and steps choose between them."""

from collections.abc import Iterator

from bpmn.lint.diagram import Diagram, Flow, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import ACTIVITIES, BPMN, CHOICES, is_event_subprocess
from bpmn.wording import say

voice = Voice("flows")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            for flow in scope.flows:
                yield from _ends(diagram, scope, flow)
            yield from _ends_of_paths(diagram, scope)


def _ends(diagram: Diagram, scope: Scope, flow: Flow) -> Iterator[Finding]:
    if {flow.source, flow.target} & scope.strangers:
        return
    if flow.source not in scope.nodes or flow.target not in scope.nodes:
        yield voice.error(
            diagram,
            flow,
            say("The flow does not connect two elements of the same process. Draw it anew."),
        )
        return
    if len(flow.element.findall(f"{BPMN}conditionExpression")) > 1:
        yield voice.error(diagram, flow, say("The flow has several conditions. Keep one of them."))
    if flow.condition is not None and scope.nodes[flow.source].kind not in CHOICES | ACTIVITIES:
        yield voice.error(
            diagram,
            flow,
            say(
                "Only flows that leave a step, or an exclusive or inclusive gateway, may have "
                "a condition. Take the condition away, or draw such a gateway."
            ),
        )
    if scope.nodes[flow.target].kind in {"startEvent", "boundaryEvent"}:
        yield voice.error(
            diagram, flow, say("A flow cannot lead into this event. Delete the flow.")
        )


def _ends_of_paths(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    for node in scope.nodes.values():
        if is_event_subprocess(node.element) and (
            scope.leaving(node)
            or scope.arriving(node)
            or scope.boundaries(node)
            or node.loop is not None
        ):
            yield voice.error(
                diagram,
                node,
                say(
                    "“%(name)s” starts by its own event: no flow leads to it or leaves it, "
                    "nothing is attached to it, and it is not repeated.",
                    name=node.label,
                ),
            )
        if scope.leaving(node) and node.kind == "endEvent":
            yield voice.error(
                diagram,
                node,
                say(
                    "No flow may leave an end event. Delete the flow, or let it leave the step "
                    "before."
                ),
            )

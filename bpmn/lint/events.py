"""Events have one trigger that the engine knows, and it is complete."""

from collections.abc import Iterator

from lxml import etree

from bpmn.lint.diagram import Diagram, Node, Scope, extension
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import (
    ACTIVITIES,
    BPMN,
    CATCHING,
    ERROR,
    ESCALATION,
    HEARING,
    MESSAGE,
    NODES,
    SIGNAL,
    TRIGGERS,
    begins_process,
    names,
    tag_of,
)
from bpmn.wording import say

voice = Voice("events")

NO_HOSTS = (NODES - ACTIVITIES) | {"sequenceFlow", "nothing"}
BEHIND_RACE = names("intermediateCatchEvent receiveTask")
REFERENCES = {
    ERROR: ("errorRef", "error"),
    ESCALATION: ("escalationRef", "escalation"),
}


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            for node in scope.nodes.values():
                if node.kind in TRIGGERS:
                    yield from _event(diagram, node)
                if node.kind in HEARING:
                    yield from _hearing(diagram, node)
                yield from _placed(diagram, scope, node)


def _placed(diagram: Diagram, scope: Scope, node: Node) -> Iterator[Finding]:
    if node.kind == "boundaryEvent":
        yield from _boundary(diagram, scope, node)
    elif node.kind == "receiveTask":
        yield from _message(diagram, node.element, catches=True)
    elif node.kind == "eventBasedGateway":
        yield from _race(diagram, scope, node)


def _event(diagram: Diagram, node: Node) -> Iterator[Finding]:
    if len(node.triggers) > 1 or (not node.triggers and node.kind in CATCHING):
        yield voice.error(
            diagram,
            node,
            say(
                "“%(name)s” needs exactly one trigger. Choose it: a message, a timer, …",
                name=node.label,
            ),
        )
    for trigger in node.triggers:
        name = tag_of(trigger)
        if name not in TRIGGERS[node.kind]:
            yield voice.error(
                diagram,
                node,
                say(
                    "“%(name)s” cannot have this trigger here. Choose another kind.",
                    name=node.label,
                ),
            )
        elif name == MESSAGE:
            yield from _message(
                diagram, trigger, catches=node.kind in HEARING and not begins_process(node.element)
            )
        elif name == SIGNAL:
            yield from _signal(diagram, trigger)
        elif name in REFERENCES:
            yield from _reference(diagram, trigger, *REFERENCES[name])


def _message(diagram: Diagram, at: etree._Element, *, catches: bool) -> Iterator[Finding]:
    message = diagram.messages.get(at.get("messageRef", ""))
    if message is None or not message.get("name"):
        yield voice.error(diagram, at, say("The event names no message. Choose one, or make it."))
        return
    subscription = extension(message, "subscription")
    if catches and (subscription is None or not subscription.get("correlationKey")):
        yield voice.error(
            diagram,
            at,
            say(
                "The message “%(name)s” has no correlation key. Write one, for example =case_id.",
                name=message.get("name"),
            ),
        )


def _signal(diagram: Diagram, at: etree._Element) -> Iterator[Finding]:
    signals = {one.get("id"): one for one in diagram.root.findall(f"{BPMN}signal")}
    signal = signals.get(at.get("signalRef"))
    if signal is None or not signal.get("name", "").strip():
        yield voice.error(diagram, at, say("The event names no signal. Choose one, or make it."))


def _reference(
    diagram: Diagram, at: etree._Element, attribute: str, kind: str
) -> Iterator[Finding]:
    wanted = at.get(attribute)
    known = {found.get("id"): found for found in diagram.root.findall(f"{BPMN}{kind}")}
    if wanted is not None and wanted not in known:
        sentence = say(
            "The error or escalation “%(id)s” does not exist. Choose another one or make it anew.",
            id=wanted,
        )
        yield voice.error(diagram, at, sentence)
    elif wanted is not None and not known[wanted].get(f"{kind}Code", "").strip():
        yield voice.error(
            diagram, at, say("The error or escalation has no code. Write one, for example E1.")
        )
    owner = at.getparent()
    if wanted is None and owner is not None and tag_of(owner) not in HEARING:
        yield voice.error(
            diagram,
            at,
            say("Say which error or escalation this event throws: choose one, or make it."),
        )


def _boundary(diagram: Diagram, scope: Scope, node: Node) -> Iterator[Finding]:
    hosts = (tag_of(child) for child in scope.element if child.get("id") == node.attached_to)
    if next(hosts, "nothing") in NO_HOSTS:
        sentence = say(
            "“%(name)s” is not attached to a step. Drag it to the edge of one.", name=node.label
        )
        yield voice.error(diagram, node, sentence)


def _hearing(diagram: Diagram, node: Node) -> Iterator[Finding]:
    """Only what does not interrupt may be a cycle; an error always interrupts."""
    keeps_going = "false" in (
        node.element.get("cancelActivity"),
        node.element.get("isInterrupting"),
    )
    cycles = [each for each in node.triggers if each.find(f"{BPMN}timeCycle") is not None]
    if cycles and not keeps_going:
        yield voice.error(
            diagram,
            node,
            say(
                "“%(name)s” comes again and again, so it must not interrupt. "
                "Choose a kind that does not, or a date or duration.",
                name=node.label,
            ),
        )
    if keeps_going and any(tag_of(trigger) == ERROR for trigger in node.triggers):
        yield voice.error(
            diagram,
            node,
            say(
                "An error always ends the step it is attached to. Choose the interrupting kind "
                "of event."
            ),
        )


def _race(diagram: Diagram, scope: Scope, gateway: Node) -> Iterator[Finding]:
    targets = [scope.nodes[f.target] for f in scope.leaving(gateway) if f.target in scope.nodes]
    if len(targets) < 2 or not all(_may_compete(scope, target) for target in targets):
        yield voice.error(
            diagram,
            gateway,
            say(
                "Behind “%(name)s” there must be at least two catching events and nothing else. "
                "No other way leads to them, nothing is attached to them, and they are not repeated.",
                name=gateway.label,
            ),
        )


def _may_compete(scope: Scope, target: Node) -> bool:
    alone = len(scope.arriving(target)) == 1 and not scope.boundaries(target)
    return target.kind in BEHIND_RACE and alone and target.loop is None

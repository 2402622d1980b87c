"""Automatic steps name work that exists: handlers, decisions, processes, results."""

from collections.abc import Iterator

from bpmn.lint.diagram import Diagram, Node
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.limits import MOST_TRIES, tries_of
from bpmn.notation.tags import THROWING, ZEEBE
from bpmn.wording import say

voice = Voice("work")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.kind in {"serviceTask", "sendTask"} or _throws_message(node):
            yield from _handler(diagram, node, subject)
            yield from _headers(diagram, node)
        elif node.kind == "businessRuleTask":
            yield from _decision(diagram, node, subject)
        elif node.kind == "callActivity":
            yield from _call(diagram, node, subject)
        elif node.kind == "scriptTask":
            yield from _script(diagram, node)
        elif node.kind in THROWING and node.extension("taskDefinition") is not None:
            sentence = say(
                "“%(name)s” has an automatic step, but only an event that sends a message has one. "
                "Make it a message event, or take the step away.",
                name=node.label,
            )
            yield voice.error(diagram, node, sentence)


def _throws_message(node: Node) -> bool:
    return node.kind in THROWING and any(
        trigger.tag.endswith("messageEventDefinition") for trigger in node.triggers
    )


def _handler(diagram: Diagram, node: Node, subject: Subject) -> Iterator[Finding]:
    definition = node.extension("taskDefinition")
    name = "" if definition is None else definition.get("type", "")
    if not name:
        sentence = say("“%(name)s” does not say what is to be done. Choose it.", name=node.label)
        yield voice.error(diagram, node, sentence)
    elif name not in subject.host.handlers:
        yield voice.error(
            diagram,
            node,
            say(
                "“%(name)s” asks for the automatic step “%(type)s”, which does not exist. "
                "Known steps: %(known)s.",
                name=node.label,
                type=name,
                known=", ".join(sorted(subject.host.handlers)),
            ),
        )
    if definition is not None and tries_of(definition.get("retries", "1")) is None:
        sentence = say(
            "“%(name)s” says how often it is tried: that must be a whole number from 1 to %(most)s.",
            name=node.label,
            most=MOST_TRIES,
        )
        yield voice.error(diagram, node, sentence)


def _headers(diagram: Diagram, node: Node) -> Iterator[Finding]:
    headers = node.extension("taskHeaders")
    keys = [] if headers is None else [each.get("key") for each in headers.iter(f"{ZEEBE}header")]
    if len(set(keys)) < len(keys):
        sentence = say("Two headers of “%(name)s” have the same key.", name=node.label)
        yield voice.error(diagram, node, sentence)


def _decision(diagram: Diagram, node: Node, subject: Subject) -> Iterator[Finding]:
    called = node.extension("calledDecision")
    name = "" if called is None else called.get("decisionId", "")
    if not name:
        sentence = say("“%(name)s” asks no decision. Choose one.", name=node.label)
        yield voice.error(diagram, node, sentence)
    elif name not in subject.decision_ids:
        yield voice.error(
            diagram,
            node,
            say("The decision “%(id)s” does not exist. Choose another one, or add it.", id=name),
        )
    if called is not None and not called.get("resultVariable"):
        yield voice.error(
            diagram, node, say("Say in which variable the answer of the decision is kept.")
        )


def _call(diagram: Diagram, node: Node, subject: Subject) -> Iterator[Finding]:
    called = node.extension("calledElement")
    name = "" if called is None else called.get("processId", "")
    if not name:
        sentence = say("“%(name)s” calls no process. Choose one.", name=node.label)
        yield voice.error(diagram, node, sentence)
    elif name not in subject.process_ids:
        yield voice.error(
            diagram,
            node,
            say(
                "The called process “%(id)s” does not exist. Choose another one, or add it.",
                id=name,
            ),
        )


def _script(diagram: Diagram, node: Node) -> Iterator[Finding]:
    script = node.extension("script")
    if script is None or not script.get("expression", "").startswith("="):
        yield voice.error(
            diagram,
            node,
            say(
                "“%(name)s” computes nothing. Write a formula that starts with “=”.",
                name=node.label,
            ),
        )
    elif not script.get("resultVariable"):
        yield voice.error(diagram, node, say("Say in which variable the result is kept."))

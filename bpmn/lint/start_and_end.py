"""A process starts at one place, is executable, and can end."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from bpmn.lint.diagram import Diagram, Node, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import MESSAGE, TRIGGERS, begins_process, is_event_subprocess, tag_of
from bpmn.wording import say

voice = Voice("start_and_end")


@dataclass(frozen=True, eq=False)
class MessageStart:
    """A start event by whose message its process begins."""

    diagram: Diagram
    node: Node
    process: str
    message: str


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        if not diagram.processes:
            yield voice.error(
                diagram,
                diagram.root,
                say("The file contains no process. Draw one, or remove the file."),
            )
        for process in diagram.processes:
            if process.element.get("isExecutable") != "true":
                yield voice.error(
                    diagram, process.element, say("The process is not marked as executable.")
                )
        for scope in diagram.scopes:
            yield from _scope(diagram, scope)
    yield from _same_message(subject)


def _same_message(subject: Subject) -> Iterator[Finding]:
    starts = list(message_starts(subject))
    counted = Counter(start.message for start in starts)
    for start in starts:
        if counted[start.message] > 1:
            sentence = say(
                "Several processes start by the message “%(message)s”. Keep one of them, or give "
                "each a message of its own.",
                message=start.message,
            )
            yield voice.error(start.diagram, start.node, sentence)


def message_starts(subject: Subject) -> Iterator[MessageStart]:
    for diagram in subject.diagrams:
        for process in diagram.processes:
            for node in process.nodes.values():
                for trigger in node.triggers if begins_process(node.element) else ():
                    message = diagram.messages.get(trigger.get("messageRef", ""))
                    name = "" if message is None else message.get("name", "").strip()
                    if tag_of(trigger) == MESSAGE and name:
                        yield MessageStart(diagram, node, process.id, name)


def _trigger(diagram: Diagram, scope: Scope, start: Node) -> Iterator[Finding]:
    if is_event_subprocess(scope.element) and not start.triggers:
        yield voice.error(
            diagram,
            start,
            say("The start of an event sub-process says what starts it: a message, a timer, …"),
        )
    if is_event_subprocess(scope.element):
        return
    allowed: set[str] = {MESSAGE} if begins_process(start.element) else set()
    if any(tag_of(each) in TRIGGERS["startEvent"] - allowed for each in start.triggers):
        yield voice.error(
            diagram,
            start,
            say(
                "“%(name)s” cannot start this way. A process starts by itself or by a message, "
                "a sub-process by itself.",
                name=start.label,
            ),
        )
    if start.element.get("isInterrupting") == "false":
        yield voice.error(
            diagram,
            start,
            say("Only the start of an event sub-process can leave the rest going on."),
        )
    if start.extension("ioMapping") is not None:
        yield voice.error(
            diagram, start, say("A mapping on this start event has no effect; remove it.")
        )


def _scope(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    starts = [node for node in scope.nodes.values() if node.kind == "startEvent"]
    if len(starts) != 1:
        yield voice.error(
            diagram,
            scope.element,
            say(
                "There must be exactly one start event; here are %(count)s. Draw one, or "
                "delete those that are too many.",
                count=len(starts),
            ),
        )
    for start in starts:
        yield from _trigger(diagram, scope, start)
    if not any(node.kind == "endEvent" for node in scope.nodes.values()):
        yield voice.error(diagram, scope.element, say("There is no end event. Draw one."))

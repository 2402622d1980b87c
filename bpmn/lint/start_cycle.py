"""Processes that begin each other by messages do not do so without end."""

from collections.abc import Iterator
from dataclasses import dataclass

from bpmn.lint.diagram import Diagram, Node, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.fixed_values import known_beforehand
from bpmn.lint.start_and_end import message_starts
from bpmn.lint.subject import Subject, Voice
from bpmn.lint.waiting_cycle import Patience
from bpmn.notation.tags import ZEEBE
from bpmn.wording import say

voice = Voice("start_cycle")
PUBLISHING = "message.publish"


@dataclass(frozen=True, eq=False)
class _Throw:
    """A place that publishes a message by which a process begins."""

    diagram: Diagram
    node: Node
    begins: str


def check(subject: Subject) -> Iterator[Finding]:
    """Look at messages with a fixed name; a process in which every way rests may begin itself."""
    processes = {scope.id: scope for diagram in subject.diagrams for scope in diagram.processes}
    patience = Patience(processes, subject.host)
    busy = {name for name, scope in processes.items() if not patience.way_waits(scope)}
    throws = {name: list(_throws(subject, processes[name])) for name in busy}
    for name in sorted(busy):
        for throw in throws[name]:
            if name in _begun(throws, throw.begins):
                sentence = say(
                    "“%(name)s” sends a message that begins this process anew, without end. "
                    "Put a user task or a timer before it, or take another message.",
                    name=throw.node.label,
                )
                yield voice.error(throw.diagram, throw.node, sentence)


def _throws(subject: Subject, process: Scope) -> Iterator[_Throw]:
    starts = {start.message: start.process for start in message_starts(subject)}
    diagram = next(each for each in subject.diagrams if process in each.processes)
    for scope in process.inner():
        for node in scope.nodes.values():
            message = _published(node, subject)
            if message in starts:
                yield _Throw(diagram, node, starts[message])


def _published(node: Node, subject: Subject) -> str | None:
    definition = node.extension("taskDefinition")
    if definition is None or definition.get("type") != PUBLISHING:
        return None
    for container, tag, key, value in (
        ("ioMapping", "input", "target", "source"),
        ("taskHeaders", "header", "key", "value"),
    ):
        extension = node.extension(container)
        for entry in () if extension is None else extension.iterchildren(f"{ZEEBE}{tag}"):
            if entry.get(key) == "name":
                fixed = known_beforehand(entry.get(value, ""), subject.host)
                return None if fixed is None else str(fixed.value)
    return None


def _begun(throws: dict[str, list[_Throw]], first: str) -> set[str]:
    begun: set[str] = set()
    ahead = [first]
    while ahead:
        name = ahead.pop()
        if name not in begun:
            begun.add(name)
            ahead += [throw.begins for throw in throws.get(name, ())]
    return begun

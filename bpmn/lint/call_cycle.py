"""Processes do not call each other in circles, nor through too many others."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bpmn.lint.diagram import Diagram, Node
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.limits import DEEPEST_CALL
from bpmn.wording import say

voice = Voice("call_cycle")


@dataclass(frozen=True, eq=False)
class _Call:
    diagram: Diagram
    node: Node
    target: str


Calls = Mapping[str, list[_Call]]


def check(subject: Subject) -> Iterator[Finding]:
    calls = _calls(subject)
    circles = list(_circles(calls))
    for call in circles:
        sentence = say(
            "“%(name)s” calls a process that leads back to this one. Call another one, or draw "
            "the repetition as a loop.",
            name=call.node.label,
        )
        yield voice.error(call.diagram, call.node, sentence)
    for call in [] if circles else _too_deep(calls):
        sentence = say(
            "“%(name)s” is called through more than %(limit)s other processes. Call it directly.",
            name=call.node.label,
            limit=DEEPEST_CALL,
        )
        yield voice.error(call.diagram, call.node, sentence)


def _calls(subject: Subject) -> Calls:
    found: dict[str, list[_Call]] = {}
    for diagram in subject.diagrams:
        for process in diagram.processes:
            found.setdefault(process.id, []).extend(
                _Call(diagram, node, called.get("processId", ""))
                for scope in process.inner()
                for node in scope.nodes.values()
                if (called := node.extension("calledElement")) is not None
            )
    return found


def _circles(calls: Calls) -> Iterator[_Call]:
    callers: dict[str, list[tuple[str, _Call]]] = {}
    for name, made in calls.items():
        for call in made:
            callers.setdefault(call.target, []).append((name, call))
    for target, made_to in callers.items():
        reached = _reached(calls, target)
        yield from (call for name, call in made_to if name in reached)


def _reached(calls: Calls, first: str) -> set[str]:
    reached: set[str] = set()
    waiting = [first]
    while waiting:
        name = waiting.pop()
        if name not in reached and name in calls:
            reached.add(name)
            waiting += [call.target for call in calls[name]]
    return reached


def _too_deep(calls: Calls) -> list[_Call]:
    """List the calls around which as many others can lie as are allowed."""
    names = set(calls)
    for _ in range(DEEPEST_CALL):
        names = {call.target for name in names for call in calls[name]} & calls.keys()
    return [call for name in sorted(names) for call in calls[name]]

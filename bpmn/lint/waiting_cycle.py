"""A loop has to wait somewhere, or it would run until the budget stops it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from bpmn.host import Host
from bpmn.lint.diagram import Node, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.fixed_values import known_beforehand
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import ACTIVITIES, BPMN, MESSAGE, SIGNAL, TIMER, tag_of
from bpmn.timers import SHORTEST_CYCLE, NotATime, span_of
from bpmn.wording import say

voice = Voice("waiting_cycle")
RESTS = frozenset({"userTask", "receiveTask"})


def check(subject: Subject) -> Iterator[Finding]:
    processes = {p.id: p for d in subject.diagrams for p in d.processes}
    patience = Patience(processes, subject.host)
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            for loop in _busy_loops(scope, patience):
                yield voice.error(
                    diagram,
                    loop,
                    say(
                        "The loop through “%(name)s” hardly waits. Put a user task, a message "
                        "or a timer of at least 15 minutes into it.",
                        name=loop.label,
                    ),
                )


@dataclass
class Patience:
    """Knows where a token has to rest.

    A job does not count: a loop of jobs never ends either. A repeated activity counts as what is
    repeated; that its list may be empty is left to the budget of the step.
    """

    processes: dict[str, Scope]
    host: Host
    known: dict[str, bool] = field(default_factory=dict)
    """Whether each called process waits."""

    def waits(self, node: Node) -> bool:
        """Whether no token passes this node without resting."""
        if node.kind in RESTS:
            return True
        if node.kind in {"boundaryEvent", "intermediateCatchEvent"}:
            return self._event_waits(node)
        if node.kind == "subProcess":
            return self.way_waits(Scope(node.element))
        if node.kind == "callActivity":
            return self._called_waits(node)
        return False

    def _event_waits(self, event: Node) -> bool:
        """Trust that an error comes when its activity has rested, if that does."""
        kinds = {tag_of(trigger): trigger for trigger in event.triggers}
        if TIMER in kinds:
            return self._is_long(kinds[TIMER])
        if kinds.keys() & {MESSAGE, SIGNAL}:
            return True
        around = event.element.getparent()
        host = None if around is None else Scope(around).nodes.get(event.attached_to or "")
        return host is not None and host.kind in ACTIVITIES and self.waits(host)

    def _is_long(self, timer: etree._Element) -> bool:
        """Trust what is not known beforehand; a date comes once, and in the next round it has passed."""
        date, duration = (timer.find(f"{BPMN}{kind}") for kind in ("timeDate", "timeDuration"))
        if date is not None:
            return (date.text or "").strip().startswith("=")
        fixed = None if duration is None else known_beforehand(duration.text or "", self.host)
        try:
            return fixed is None or span_of(fixed.value).shortest >= SHORTEST_CYCLE
        except NotATime:
            return True

    def _called_waits(self, node: Node) -> bool:
        called = node.extension("calledElement")
        process = self.processes.get("" if called is None else called.get("processId", ""))
        if process is None:
            return False
        if process.id not in self.known:
            self.known[process.id] = self.way_waits(process)
        return self.known[process.id]

    def way_waits(self, scope: Scope) -> bool:
        """Whether every way from the start to an end rests somewhere."""
        open_nodes = [node for node in scope.nodes.values() if node.kind == "startEvent"]
        seen: set[str] = set()
        while open_nodes:
            node = open_nodes.pop()
            if node.id in seen or self.waits(node):
                continue
            if node.kind == "endEvent":
                return False
            seen.add(node.id)
            open_nodes += _next(scope, node)
        return True


def _next(scope: Scope, node: Node) -> list[Node]:
    """Where a token may rest next; whoever comes to an activity comes to its boundary events."""
    ends = scope.after(node)
    return [*ends, *(boundary for end in ends for boundary in scope.boundaries(end))]


def _busy_loops(scope: Scope, patience: Patience) -> Iterator[Node]:
    """One node of each loop in which no token has to rest."""
    busy = {node.id: node for node in scope.nodes.values() if not patience.waits(node)}
    ways = {
        name: [other.id for other in _next(scope, node) if other.id in busy]
        for name, node in busy.items()
    }
    done: set[str] = set()
    for start in ways:
        for name in _returns(ways, start, done):
            yield busy[name]


def _returns(ways: dict[str, list[str]], start: str, done: set[str]) -> Iterator[str]:
    """Depth-first search; yield each node at which a way comes back to itself."""
    path = {} if start in done else {start: iter(ways[start])}
    while path:
        name, targets = next(reversed(path.items()))
        target = next(targets, None)
        if target is None:
            done.add(name)
            del path[name]
        elif target in path:
            yield target
        elif target not in done:
            path[target] = iter(ways[target])

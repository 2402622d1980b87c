"""A loop has to wait somewhere, or it would run until the budget stops it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from bpmn.lint.diagram import Node, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.tags import MESSAGE, SIGNAL, TIMER
from bpmn.wording import say

voice = Voice("waiting_cycle")
RESTS = frozenset({"userTask", "receiveTask", "eventBasedGateway"})
RESTING_TRIGGERS = (TIMER, MESSAGE, SIGNAL)


def check(subject: Subject) -> Iterator[Finding]:
    patience = _Patience({p.id: p for d in subject.diagrams for p in d.processes})
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            for loop in _busy_loops(scope, patience):
                yield voice.error(
                    diagram,
                    loop,
                    say(
                        "The loop through “%(name)s” never waits. "
                        "Put a user task, a timer or a message into it.",
                        name=loop.label,
                    ),
                )


@dataclass
class _Patience:
    """Knows where a token has to rest.

    A job does not count: a loop of jobs never ends either. A repeated activity counts as what is
    repeated; that its list may be empty is left to the budget of the step.
    """

    processes: dict[str, Scope]
    asked: set[str] = field(default_factory=set)

    def waits(self, node: Node) -> bool:
        """Whether no token passes this node without resting."""
        if node.kind in RESTS:
            return True
        if node.kind in {"boundaryEvent", "intermediateCatchEvent"}:
            return any(trigger.tag.endswith(RESTING_TRIGGERS) for trigger in node.triggers)
        if node.kind == "subProcess":
            return self.way_waits(Scope(node.element))
        if node.kind == "callActivity":
            return self._called_waits(node)
        return False

    def _called_waits(self, node: Node) -> bool:
        called = node.extension("calledElement")
        process = self.processes.get("" if called is None else called.get("processId", ""))
        if process is None or process.id in self.asked:
            return False
        self.asked.add(process.id)
        try:
            return self.way_waits(process)
        finally:
            self.asked.discard(process.id)

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
    return [scope.nodes[flow.target] for flow in scope.leaving(node) if flow.target in scope.nodes]


def _busy_loops(scope: Scope, patience: _Patience) -> Iterator[Node]:
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

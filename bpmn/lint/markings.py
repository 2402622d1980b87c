"""Where tokens can stand together: every course of a scope, whatever its conditions say.

A marking is the set of flows that carry a token (Petri nets; van der Aalst, "Workflow
verification: finding control-flow errors using Petri-net-based techniques", 2000). A token moves
without regard to the others unless it waits for them, so that one token a turn is enough to find
each marking that goes no further; those that could meet wait for each other as long as they can.
What runs beside an activity without interrupting it is left out: nobody knows how often it does.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, combinations, islice

from bpmn.lint.diagram import Flow, Node, Scope
from bpmn.notation.tags import ERROR, TERMINATE, tag_of

Marking = frozenset[str]
"""Ids of the flows that carry a token."""

MOST_MOVES = 5_000
"""A scope with more is looked at in part."""

MOST_CHOICES = 6
"""Of more conditional ways out only each one, and all together, are tried."""


@dataclass(frozen=True)
class Course:
    """What became of the tokens of a scope."""

    stuck: frozenset[str]
    """Parallel gateways at which tokens wait for others that never come."""
    passed: frozenset[str]
    """Parallel gateways at which all tokens came together."""
    meeting: frozenset[str]
    """Nodes that two tokens reach at once although nothing waits for both."""
    is_complete: bool
    """Whether every marking was looked at."""


def explore(scope: Scope) -> Course:
    """Follow the tokens from the start of the scope; every flow must lead from node to node."""
    return _Explorer(_Net(scope)).run()


@dataclass(frozen=True, eq=False)
class _Net:
    """Nodes with their flows, looked up once."""

    scope: Scope

    @cached_property
    def target(self) -> dict[str, str]:
        return {flow.id: flow.target for flow in self.scope.flows}

    @cached_property
    def arriving(self) -> dict[str, frozenset[str]]:
        return _by_end(self.scope, lambda flow: flow.target)

    @cached_property
    def leaving(self) -> dict[str, frozenset[str]]:
        return _by_end(self.scope, lambda flow: flow.source)

    @cached_property
    def conditional(self) -> frozenset[str]:
        return frozenset(flow.id for flow in self.scope.flows if flow.condition is not None)

    def is_join(self, name: str) -> bool:
        return self.scope.nodes[name].kind in {"parallelGateway", "inclusiveGateway"} and (
            len(self.arriving[name]) > 1
        )

    def is_merge(self, name: str) -> bool:
        return len(self.arriving[name]) > 1 and self.scope.nodes[name].kind != "endEvent"

    @cached_property
    def outcomes(self) -> dict[str, list[Marking]]:
        """What a token may become at each node; an interrupting boundary event is one way on."""
        found = {name: list(self._ways_on(node)) for name, node in self.scope.nodes.items()}
        for name, node in self.scope.nodes.items():
            if node.attached_to in found and node.element.get("cancelActivity") != "false":
                found[node.attached_to] += found[name]
        return found

    def _ways_on(self, node: Node) -> Iterator[Marking]:
        ways = self.leaving[node.id]
        if node.kind in {"exclusiveGateway", "eventBasedGateway"}:
            yield from (frozenset({way}) for way in sorted(ways))
            return
        default = node.element.get("default")
        is_choice = node.kind == "inclusiveGateway" and len(ways) > 1
        chosen = (ways if is_choice else ways & self.conditional) - {default}
        always = ways - chosen - {default}
        otherwise = always | (ways & {default})
        if otherwise or not chosen:
            yield otherwise
        yield from (always | some for some in _selections(sorted(chosen)))

    def ends_all(self, name: str) -> bool:
        node = self.scope.nodes[name]
        return node.kind == "endEvent" and any(
            tag_of(trigger) in {TERMINATE, ERROR} for trigger in node.triggers
        )

    @cached_property
    def reached(self) -> dict[str, frozenset[str]]:
        """The nodes that a token of each inclusive gateway may come to."""
        beyond = {
            name: frozenset(self.target[flow] for outcome in outcomes for flow in outcome)
            for name, outcomes in self.outcomes.items()
        }
        waiting = (n.id for n in self.scope.nodes.values() if n.kind == "inclusiveGateway")
        return {name: _closure(beyond, name) for name in waiting}


@dataclass
class _Explorer:
    net: _Net
    stuck: set[str] = field(default_factory=set)
    passed: set[str] = field(default_factory=set)
    meeting: set[str] = field(default_factory=set)

    def run(self) -> Course:
        starts = [node.id for node in self.net.scope.nodes.values() if node.kind == "startEvent"]
        ahead = [marking for start in starts for marking in self.net.outcomes[start]]
        seen = set(ahead)
        moves = 0
        while ahead and moves < MOST_MOVES:
            for marking in islice(self._after(ahead.pop()), MOST_MOVES - moves):
                moves += 1
                if marking not in seen:
                    seen.add(marking)
                    ahead.append(marking)
        return Course(
            frozenset(self.stuck), frozenset(self.passed), frozenset(self.meeting), not ahead
        )

    def _after(self, marking: Marking) -> Iterator[Marking]:
        standing: dict[str, set[str]] = {}
        for flow in marking:
            standing.setdefault(self.net.target[flow], set()).add(flow)
        name = self._next(standing)
        if name is None:
            self.stuck |= standing.keys()
            return
        if not self.net.is_join(name) and len(standing[name]) > 1 and self.net.is_merge(name):
            self.meeting.add(name)
            return
        if self.net.ends_all(name):
            yield frozenset()
            return
        rest = marking - standing[name]
        for outcome in self.net.outcomes[name]:
            twice = rest & outcome
            self.meeting |= {self.net.target[flow] for flow in twice}
            if not twice:
                yield rest | outcome

    def _next(self, standing: dict[str, set[str]]) -> str | None:
        """Choose the node that goes on: the freest first, those that wait for others last."""
        names = sorted(standing)
        joins = [name for name in names if self.net.is_join(name)]
        free = [name for name in names if name not in joins]
        for name in sorted(free, key=self.net.is_merge):
            if not self.net.is_merge(name):
                return name
        for name in joins:
            if self._is_parallel(name) and standing[name] == self.net.arriving[name]:
                self.passed.add(name)
                return name
        if free:
            return free[0]
        return self._inclusive([name for name in joins if not self._is_parallel(name)])

    def _is_parallel(self, name: str) -> bool:
        return self.net.scope.nodes[name].kind == "parallelGateway"

    def _inclusive(self, waiting: list[str]) -> str | None:
        """Choose the inclusive gateway that no other waiting one can still bring a token to."""
        first = (
            name
            for name in waiting
            if not any(name in self.net.reached[other] for other in waiting if other != name)
        )
        return next(first, next(iter(waiting), None))


def _closure(beyond: dict[str, frozenset[str]], start: str) -> frozenset[str]:
    seen: set[str] = set()
    ahead = {start}
    while ahead:
        new = beyond[ahead.pop()] - seen
        seen |= new
        ahead |= new
    return frozenset(seen)


def _by_end(scope: Scope, end: Callable[[Flow], str]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {name: set() for name in scope.nodes}
    for flow in scope.flows:
        found[end(flow)].add(flow.id)
    return {name: frozenset(flows) for name, flows in found.items()}


def _selections(ways: list[str]) -> Iterator[Marking]:
    sizes = range(1, len(ways) + 1) if len(ways) <= MOST_CHOICES else {1, len(ways)}
    return map(frozenset, chain.from_iterable(combinations(ways, size) for size in sizes))

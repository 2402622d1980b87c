"""Where the tokens of one level can come from where they stand, whatever the conditions say.

A marking is how many tokens stand where. A token moves without regard to the others unless it
waits for them, so one that is free is followed alone, and those before joins come last.
"""

from collections import Counter
from collections.abc import Iterator
from itertools import chain, combinations
from typing import Any

from bpmn.spiff.elements import Element
from bpmn.spiff.events import Boundary, End, EventStart, Guard
from bpmn.spiff.gateways import SOURCE, Exclusive, Inclusive, Join, Parallel, Race
from bpmn.spiff.loops import Loop
from bpmn.spiff.settings import ErrorTrigger, TerminateTrigger
from bpmn.spiff.tokens import Level, Token

Standing = tuple[str, str | None]
"""A node, and by which node a token came to it if it waits for others there."""
Marking = tuple[Standing, ...]
"""Sorted; two tokens at one place are there twice."""

MOST_MARKINGS = 3_000
"""A level with more is looked at in part."""
MOST_CHOICES = 6
"""Of more conditional ways out only each one, and all together, are tried."""


def dead_ends(level: Level) -> list[str]:
    """Name the joins at which tokens may wait for ever, unless they may from the start as well."""
    net = _Net(level.spec)
    return sorted(net.stuck(marking_of(level)) - net.stuck(((level.spec.first, None),)))


def marking_of(level: Level) -> Marking:
    """Tell where the tokens of a level stand; what watches stands with what it watches."""
    tops = {id(top): top for top in map(_top, level.open_tokens())}
    return tuple(sorted((_standing(top) for top in tops.values() if top is not None), key=str))


def _top(token: Token) -> Token | None:
    if isinstance(token.task_spec, EventStart):
        return None
    above = token.parent
    while isinstance(above.task_spec, Guard | Race | Loop):
        token, above = above, above.parent
    return token


def _standing(token: Token) -> Standing:
    waits = isinstance(token.task_spec, Join)
    return (token.task_spec.name, token.internal_data.get(SOURCE) if waits else None)


class _Net:
    """The nodes of a level, and what may become of a token at each."""

    def __init__(self, graph: Any) -> None:
        self.nodes = graph.task_specs

    def stuck(self, start: Marking) -> set[str]:
        """Follow every course; name the joins at which one comes to a stop."""
        seen, ahead, found = {start}, [start], set[str]()
        while ahead and len(seen) < MOST_MARKINGS:
            marking = ahead.pop()
            after = self._after(marking)
            if after is None:
                found |= {name for name, _ in marking}
                continue
            for new in after:
                if new not in seen:
                    seen.add(new)
                    ahead.append(new)
        return found

    def _after(self, marking: Marking) -> list[Marking] | None:
        """List what may follow; None when tokens stand that nothing can move."""
        for place in marking:
            if place[1] is None:
                return [
                    () if outcome is None else _changed(marking, (place,), outcome)
                    for outcome in self._outcomes(place[0])
                ]
        for name in dict.fromkeys(name for name, _ in marking):
            taken = self._joined(name, marking)
            if taken:
                return [
                    _changed(marking, taken, outcome)
                    for outcome in self._leave(self.nodes[name])
                    if outcome is not None
                ]
        return None if marking else []

    def _joined(self, name: str, marking: Marking) -> tuple[Standing, ...]:
        """Take one token from each way in, if the join may go on."""
        join, here = self.nodes[name], {place for place in marking if place[0] == name}
        if isinstance(join, Parallel):
            return tuple(here) if len(here) == len(set(inputs_of(join))) else ()
        filled = {source for _, source in here}
        others = {other for other, _ in marking if other != name}
        others -= {one for source in filled if source for one in join.upstream[source]}
        empty = [source for source in inputs_of(join) if source not in filled]
        return () if any(others & join.upstream[source] for source in empty) else tuple(here)

    def _outcomes(self, name: str) -> Iterator[tuple[Standing, ...] | None]:
        """Yield what a token here may become; None when it takes all others along."""
        node = self.nodes[name]
        if isinstance(node, Guard):
            for inner in (self.nodes[one] for one in _outputs(node)):
                if not isinstance(inner, Boundary) or inner.settings.interrupting:
                    yield from self._leave(inner)
        elif isinstance(node, Race):
            for event in _outputs(node):
                yield from self._leave(self.nodes[event])
        else:
            yield from self._leave(node)

    def _leave(self, node: Any) -> Iterator[tuple[Standing, ...] | None]:
        if isinstance(node, End):
            ends_all = isinstance(node.settings.trigger, TerminateTrigger | ErrorTrigger)
            yield None if ends_all else ()
            return
        for names in _ways_out(node):
            yield tuple(self._come(node.name, name) for name in names)

    def _come(self, source: str, name: str) -> Standing:
        node = self.nodes[name]
        waits = isinstance(node, Join) and len(inputs_of(node)) > 1
        return (name, source if waits else None)


def _ways_out(node: Element) -> Iterator[tuple[str, ...]]:
    conditional = [name for _, name in node.branches]
    if isinstance(node, Exclusive):
        yield from ((name,) for name in dict.fromkeys(_outputs(node)))
        return
    if not conditional:
        yield tuple(_outputs(node))
        return
    always = () if isinstance(node, Inclusive) else tuple(node.always)
    if node.default:
        yield (*always, node.default)
    elif always:
        yield always
    sizes = range(1, len(conditional) + 1) if len(conditional) <= MOST_CHOICES else (1,)
    some = chain.from_iterable(combinations(conditional, size) for size in sizes)
    yield from ((*always, *names) for names in some)
    if len(conditional) > MOST_CHOICES:
        yield (*always, *conditional)


def _changed(marking: Marking, taken: tuple[Standing, ...], new: tuple[Standing, ...]) -> Marking:
    left = Counter(marking)
    left.subtract(taken)
    left.update(new)
    return tuple(sorted(left.elements(), key=str))


def inputs_of(node: Any) -> list[str]:
    """Name the nodes from which a token comes to this one."""
    names: list[str] = node._inputs  # noqa: SLF001 - the library's name
    return names


def _outputs(node: Any) -> list[str]:
    names: list[str] = node._outputs  # noqa: SLF001 - the library's name
    return names

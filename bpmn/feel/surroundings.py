"""Which names a formula takes from its surroundings, without evaluating it."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bpmn.feel.syntax.nodes import Call, ContextLiteral, Filter, For, Lambda, Name, Node, Quantified


@dataclass(slots=True)
class Surroundings:
    """Names with the place where each is first read."""

    variables: dict[str, int] = field(default_factory=dict)
    entries_or_variables: dict[str, int] = field(default_factory=dict)
    """Read inside a filter, where an entry of the item comes before a variable."""
    functions_or_variables: dict[str, int] = field(default_factory=dict)
    """Names of functions that stand where a value is expected."""

    @property
    def all_names(self) -> tuple[str, ...]:
        read = self.variables | self.entries_or_variables | self.functions_or_variables
        return tuple(read)


def look_around(tree: Node, functions: Collection[str]) -> Surroundings:
    found = Surroundings()
    _Walk(found, functions).walk(tree)
    return found


@dataclass(frozen=True, slots=True)
class _Walk:
    found: Surroundings
    functions: Collection[str]
    bound: frozenset[str] = frozenset()
    inside_filter: bool = False

    def walk(self, node: Node) -> None:
        visit = VISITS.get(type(node))
        if visit is not None:
            visit(self, node)
            return
        for child in node.children():
            self.walk(child)

    def binding(self, *names: str) -> "_Walk":
        return replace(self, bound=self.bound.union(names))

    def name(self, node: Name) -> None:
        if node.name in self.bound:
            return
        names = self.found.variables
        if node.name in self.functions:
            names = self.found.functions_or_variables
        elif self.inside_filter:
            names = self.found.entries_or_variables
        names.setdefault(node.name, node.position)

    def call(self, node: Call) -> None:
        if not isinstance(node.function, Name) or node.function.name not in self.functions:
            self.walk(node.function)
        for argument in node.arguments:
            self.walk(argument)

    def filter(self, node: Filter) -> None:
        self.walk(node.base)
        replace(self.binding("item"), inside_filter=True).walk(node.condition)

    def function(self, node: Lambda) -> None:
        self.binding(*node.parameters).walk(node.body)

    def context(self, node: ContextLiteral) -> None:
        inside = self
        for key, value in zip(node.keys, node.values, strict=True):
            inside.walk(value)
            inside = inside.binding(key)

    def loop(self, node: For | Quantified) -> None:
        inside = self
        for iteration in node.iterations:
            inside.walk(iteration.source)
            if iteration.upto is not None:
                inside.walk(iteration.upto)
            inside = inside.binding(iteration.name)
        if isinstance(node, For):
            inside.binding("partial").walk(node.body)
        else:
            inside.walk(node.condition)


VISITS: Mapping[type[Node], Callable[[_Walk, Any], None]] = {
    Name: _Walk.name,
    Call: _Walk.call,
    Filter: _Walk.filter,
    Lambda: _Walk.function,
    ContextLiteral: _Walk.context,
    For: _Walk.loop,
    Quantified: _Walk.loop,
}

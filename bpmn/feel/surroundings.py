"""Which names a formula takes from its surroundings, without evaluating it."""

from collections.abc import Collection
from dataclasses import dataclass, field

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
    _Walk(found, functions).walk(tree, frozenset(), inside_filter=False)
    return found


@dataclass(frozen=True, slots=True)
class _Walk:
    found: Surroundings
    functions: Collection[str]

    def walk(self, node: Node, bound: frozenset[str], *, inside_filter: bool) -> None:
        match node:
            case Name():
                self._name(node, bound, inside_filter=inside_filter)
            case Call(function=Name(name=name)) if name in self.functions:
                for argument in node.arguments:
                    self.walk(argument, bound, inside_filter=inside_filter)
            case Filter():
                self.walk(node.base, bound, inside_filter=inside_filter)
                self.walk(node.condition, bound | {"item"}, inside_filter=True)
            case For() | Quantified():
                self._loop(node, bound, inside_filter=inside_filter)
            case Lambda():
                self.walk(node.body, bound.union(node.parameters), inside_filter=inside_filter)
            case ContextLiteral():
                for key, value in zip(node.keys, node.values, strict=True):
                    self.walk(value, bound, inside_filter=inside_filter)
                    bound |= {key}
            case _:
                for child in node.children():
                    self.walk(child, bound, inside_filter=inside_filter)

    def _name(self, node: Name, bound: frozenset[str], *, inside_filter: bool) -> None:
        if node.name in bound:
            return
        names = self.found.entries_or_variables if inside_filter else self.found.variables
        if node.name in self.functions:
            names = self.found.functions_or_variables
        names.setdefault(node.name, node.position)

    def _loop(self, node: For | Quantified, bound: frozenset[str], *, inside_filter: bool) -> None:
        for iteration in node.iterations:
            self.walk(iteration.source, bound, inside_filter=inside_filter)
            if iteration.upto is not None:
                self.walk(iteration.upto, bound, inside_filter=inside_filter)
            bound |= {iteration.name}
        body = node.body if isinstance(node, For) else node.condition
        self.walk(body, bound | {"partial"}, inside_filter=inside_filter)

"""What the compilers of the node kinds share."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Protocol

from bpmn.feel.calling import Definition
from bpmn.feel.errors import UnreadableFormula
from bpmn.feel.frames import Frame, Run
from bpmn.feel.limits import Limits
from bpmn.feel.syntax.nodes import Node
from bpmn.feel.types import SIMPLE, Belonging, Type
from bpmn.wording import say

Evaluate = Callable[[Frame], Any]


NODES_A_STEP = 4


def weight(node: Node) -> int:
    """Return the steps that one round through a part costs: one, and more for a long part."""
    count = 0
    waiting = [node]
    while waiting:
        waiting.extend(waiting.pop().children())
        count += 1
    return 1 + count // NODES_A_STEP


class DeclaredType(Protocol):
    def accepts(self, value: Any, run: Run) -> bool: ...


@dataclass(frozen=True, slots=True)
class Declared:
    """What the file of a formula declares, beside what the language knows."""

    types: Mapping[str, DeclaredType] = field(default_factory=dict)
    parameters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What those variables take of which it is known that they hold functions."""


class Compiler:
    """Turns nodes into closures by a table: node type → compiler of that type."""

    def __init__(
        self,
        table: Mapping[type[Node], Callable[["Compiler", Any], Evaluate]],
        functions: Mapping[str, Definition],
        variables: Collection[str],
        declared: Declared,
        limits: Limits,
    ) -> None:
        self._table = table
        self.types = declared.types
        self.functions = functions
        self.variables = variables
        """Known variables; they may hold functions."""
        self.parameters = declared.parameters
        self.limits = limits
        self.scopes: list[frozenset[str]] = []
        """The names that the surrounding loops, functions and contexts bind, outermost first."""

    def compile(self, node: Node) -> Evaluate:
        return self._table[type(node)](self, node)

    def compile_all(self, nodes: Iterable[Node]) -> tuple[Evaluate, ...]:
        return tuple(self.compile(node) for node in nodes)

    def binds(self, name: str) -> bool:
        return any(name in scope for scope in self.scopes)

    @contextmanager
    def scope(self, *names: str) -> Iterator[None]:
        """Compile inside a scope that binds the names."""
        self.scopes.append(frozenset(names))
        yield
        self.scopes.pop()

    def check_type(self, wanted: Type, position: int) -> None:
        """Refuse a type that neither the language nor the file knows."""
        if not self.limits.checks_calls:
            return
        if wanted.name not in SIMPLE and wanted.name not in self.types:
            raise UnreadableFormula(
                say("There is no type called “%(name)s”.", name=wanted.name), position
            )
        for part in (*wanted.parts, *(entry for _, entry in wanted.entries)):
            self.check_type(part, position)

    def declared(self, run: Run) -> Belonging:
        """Tell which values belong to the types that the file declares."""
        return lambda name, value: name in self.types and self.types[name].accepts(value, run)

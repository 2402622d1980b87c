"""The door: text in, compiled expression out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.feel.builtins import FUNCTIONS
from bpmn.feel.calling import of_host
from bpmn.feel.closures.compiler import compile_tree
from bpmn.feel.closures.compiling import Declared, Evaluate
from bpmn.feel.errors import LimitExceeded, UnknownVariable
from bpmn.feel.frames import Clock, Frame, Run, check_size
from bpmn.feel.limits import OFFICE, Limits
from bpmn.feel.surroundings import Surroundings, look_around
from bpmn.feel.syntax.nodes import Node
from bpmn.feel.syntax.parser import parse_expression, parse_unary_tests
from bpmn.feel.syntax.vocabulary import Branch, known_names
from bpmn.feel.values import from_python
from bpmn.host import Host, HostFunction
from bpmn.wording import say

INPUT = "?"
"""The name under which a unary test finds the value that is tested."""

NOTHING_DECLARED = Declared()

SYSTEM = Host()
"""Its clock is asked when the caller brings none."""


@dataclass(frozen=True, eq=False)
class Expression:
    """A compiled formula. Immutable: share it between threads and keep it as long as its diagram."""

    text: str
    free_names: frozenset[str]
    """Variables that the formula reads from its surroundings."""
    filter_names: frozenset[str]
    """Names inside a filter that may be either an entry of an item or a variable."""
    read: tuple[str, ...]
    """All names that are looked up in the surroundings, `INPUT` among them."""
    _surroundings: Surroundings
    _evaluate: Evaluate
    _limits: Limits

    def evaluate(self, scope: Mapping[str, Any], clock: Clock = SYSTEM) -> Any:
        """Compute the value; a variable that is missing in `scope` is null.

        Values in scope may be anything that `from_python` takes. Raises `FeelError` when a
        limit is reached; a wrong type inside the formula is null, as FEEL has it.
        """
        return self.evaluate_in(Run(clock, self._limits), scope)

    def evaluate_in(self, run: Run, scope: Mapping[str, Any]) -> Any:
        """Compute the value as part of a bigger run, whose steps it spends."""
        names = {name: from_python(scope[name]) for name in self.read if name in scope}
        noted = len(run.notes)
        try:
            value = self._evaluate(Frame(names, None, run))
        except RecursionError:
            raise LimitExceeded(say("The formula or its values are nested too deeply.")) from None
        if len(run.notes) > noted:
            run.name_notes(noted, self.text)
        if type(value) is list or type(value) is dict:
            check_size(value, run)
        return value

    def passes(self, frame: Frame) -> bool:
        """Tell whether these unary tests pass, as part of a bigger run.

        The frame holds values of FEEL under the names that are `read`, the tested one as `INPUT`.
        """
        noted = len(frame.run.notes)
        passed = self._evaluate(frame) is True
        if len(frame.run.notes) > noted:
            frame.run.name_notes(noted, self.text)
        return passed

    def test(self, value: Any, scope: Mapping[str, Any], clock: Clock = SYSTEM) -> bool:
        """Tell whether `value` passes these unary tests."""
        return self.evaluate({**scope, INPUT: value}, clock) is True

    def unknown_names(self, names: Collection[str]) -> tuple[UnknownVariable, ...]:
        """Name every variable that is read but not among `names`, as errors with positions.

        Names inside a filter are let pass: they may be entries of the items.
        """
        return tuple(
            UnknownVariable(name, position)
            for name, position in self._surroundings.variables.items()
            if name not in names
        )


Parse = Callable[[str, Branch, Limits], Node]


def compile_expression(
    text: str,
    *,
    names: Collection[str] = (),
    functions: Mapping[str, HostFunction] | None = None,
    declared: Declared = NOTHING_DECLARED,
    limits: Limits = OFFICE,
) -> Expression:
    """Read a FEEL expression (without the leading `=` of the diagram).

    `names` are variables and entries whose names contain spaces or signs, and variables that
    hold functions; other single words need not be given. `functions` are the installation's
    own. Raises `FeelError` when the text is no expression, too big, or calls a function that
    does not exist or takes other arguments.
    """
    return _compile(
        parse_expression,
        text,
        _Known(names, functions or {}, declared),
        limits,
    )


def compile_unary_tests(
    text: str,
    *,
    names: Collection[str] = (),
    functions: Mapping[str, HostFunction] | None = None,
    declared: Declared = NOTHING_DECLARED,
    limits: Limits = OFFICE,
) -> Expression:
    """Read the cell of a decision table, such as `> 3`, `"A", "B"`, `not(5)` or `-`."""
    return _compile(
        parse_unary_tests,
        text,
        _Known(names, functions or {}, declared),
        limits,
    )


@dataclass(frozen=True, slots=True)
class _Known:
    names: Collection[str]
    functions: Mapping[str, HostFunction]
    declared: Declared


def _compile(parse: Parse, text: str, known: _Known, limits: Limits) -> Expression:
    functions = FUNCTIONS
    if known.functions:
        own = {name: of_host(function) for name, function in known.functions.items()}
        functions = {**FUNCTIONS, **own}
    tree = parse(text, known_names(frozenset(functions), frozenset(known.names)), limits)
    found = look_around(tree, functions)
    inside = frozenset(found.entries_or_variables)
    return Expression(
        text=text,
        free_names=frozenset(found.variables) - {INPUT},
        filter_names=inside - {INPUT},
        read=(INPUT, *found.all_names),
        _surroundings=found,
        _evaluate=compile_tree(tree, functions, known.names, known.declared, limits),
        _limits=limits,
    )

"""The door: text in, compiled expression out."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.feel.errors import FeelError, LimitExceeded, UnknownVariable
from bpmn.feel.frames import Clock, Frame, Run
from bpmn.feel.limits import OFFICE, Limits
from bpmn.feel.values import from_python
from bpmn.host import Host, HostFunction
from bpmn.wording import say

INPUT = "?"
"""The name under which a unary test finds the value that is tested."""


@dataclass(frozen=True, eq=False)
class Expression:
    """A compiled formula. Immutable: share it between threads and keep it as long as its diagram."""

    text: str
    free_names: frozenset[str]
    """Variables that the formula reads from its surroundings."""
    filter_names: frozenset[str]
    """Names inside a filter that may be either an entry of an item or a variable."""
    _positions: Mapping[str, int]
    _evaluate: Callable[[Frame], Any]
    _limits: Limits

    def evaluate(self, scope: Mapping[str, Any], clock: Clock | None = None) -> Any:
        """Compute the value; a variable that is missing in `scope` is null.

        Values in scope may be anything that `from_python` takes. Raises `FeelError` when a
        limit is reached; a wrong type inside the formula is null, as FEEL has it.
        """
        raise NotImplementedError

    def test(self, value: Any, scope: Mapping[str, Any], clock: Clock | None = None) -> bool:
        """Tell whether `value` passes these unary tests."""
        return self.evaluate({**scope, INPUT: value}, clock) is True

    def unknown_names(self, names: Collection[str]) -> tuple[UnknownVariable, ...]:
        """Name every variable that is read but not among `names`, as errors with positions."""
        return tuple(
            UnknownVariable(name, position)
            for name, position in self._positions.items()
            if name not in names and name in self.free_names
        )


def compile_expression(
    text: str,
    *,
    names: Collection[str] = (),
    functions: Mapping[str, HostFunction] | None = None,
    limits: Limits = OFFICE,
) -> Expression:
    """Read a FEEL expression (without the leading `=` of the diagram).

    `names` are variables and entries whose names contain spaces or signs; single words need
    not be given. `functions` are the installation's own. Raises `FeelError` when the text is no
    expression, too big, or calls a function that does not exist or takes other arguments.
    """
    raise NotImplementedError


def compile_unary_tests(
    text: str,
    *,
    names: Collection[str] = (),
    functions: Mapping[str, HostFunction] | None = None,
    limits: Limits = OFFICE,
) -> Expression:
    """Read the cell of a decision table, such as `> 3`, `"A", "B"`, `not(5)` or `-`."""
    raise NotImplementedError

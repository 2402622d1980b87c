"""Every text of a diagram that says a value: a FEEL formula after “=”, else the text itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bpmn.feel import Expression, FeelError, compile_expression
from bpmn.host import Host
from bpmn.spiff.errors import ElementFailed


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a bundle something is written; errors carry it."""

    process: str
    element: str


@dataclass(frozen=True, slots=True)
class Formula:
    place: Place
    expression: Expression

    def evaluate(self, scope: Mapping[str, Any], host: Host) -> Any:
        """Compute the value; an error names the element."""
        try:
            return self.expression.evaluate(scope, host)
        except FeelError as error:
            raise ElementFailed(self.place.process, self.place.element, error.sentence) from error


@dataclass(frozen=True, slots=True)
class Fixed:
    place: Place
    text: str

    def evaluate(self, _scope: Mapping[str, Any], _host: Host) -> Any:
        return self.text


Value = Formula | Fixed


def is_formula(text: str) -> bool:
    return text.lstrip().startswith("=")


def compile_value(text: str, place: Place, host: Host) -> Value:
    """Compile what stands in a diagram. Raises `FeelError` for a formula that cannot be read."""
    stripped = text.strip()
    if not is_formula(stripped):
        return Fixed(place, stripped)
    return Formula(place, compile_expression(stripped[1:], functions=host.functions))

"""`range("[1..5]")`: reading a range from a text. Its ends are literals, nothing is computed."""

from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.constants import UNKNOWN, constant_of
from bpmn.feel.errors import FeelError
from bpmn.feel.frames import Run
from bpmn.feel.operations.comparing import order
from bpmn.feel.syntax.nodes import Node, RangeLiteral
from bpmn.feel.syntax.parser import parse_expression
from bpmn.feel.syntax.vocabulary import known_names
from bpmn.feel.values import Range

LIBRARY = Library()


@LIBRARY.function("range", "from: text")
def range_from_text(run: Run, text: str) -> Range | None:
    try:
        tree = parse_expression(text, known_names(), run.limits)
    except FeelError:
        return None
    if not isinstance(tree, RangeLiteral):
        return None
    low, high = _end(tree.low, run), _end(tree.high, run)
    found = order(low, high)
    if found is None or found > 0:
        return None
    return Range(low, high, tree.low_included, tree.high_included)


def _end(node: Node | None, run: Run) -> Any:
    found = UNKNOWN if node is None else constant_of(node, run.clock.zone)
    return None if found is UNKNOWN else found

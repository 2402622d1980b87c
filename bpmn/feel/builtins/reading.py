"""`range("[1..5]")`: reading a range from a text. Its ends are literals, nothing is computed."""

from collections.abc import Callable, Mapping
from datetime import tzinfo
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.errors import FeelError
from bpmn.feel.frames import Run
from bpmn.feel.operations import moments
from bpmn.feel.operations.comparing import order
from bpmn.feel.operations.computing import negate
from bpmn.feel.syntax.nodes import AtLiteral, Call, Literal, Name, Negation, Node, RangeLiteral
from bpmn.feel.syntax.parser import parse_expression
from bpmn.feel.syntax.vocabulary import known_names
from bpmn.feel.values import Range

LIBRARY = Library()
READERS: Mapping[str, Callable[[str, tzinfo | None], Any]] = {
    "date": lambda text, _: moments.read_date(text),
    "time": lambda text, _: moments.read_time(text),
    "date and time": moments.read_datetime,
    "duration": lambda text, _: moments.read_duration(text),
}


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
    match node:
        case Literal():
            return node.value
        case Negation(operand=Literal(value=value)):
            return negate(value)
        case AtLiteral():
            return moments.read_any(node.text, run.clock.zone)
        case Call(function=Name(name=name), arguments=(Literal(value=str() as text),)):
            read = READERS.get(name)
            return None if read is None else read(text, run.clock.zone)
    return None

"""A repeated activity says for which list it is repeated, and stays within bounds."""

from collections.abc import Iterator

from lxml import etree

from bpmn.feel import FeelError, compile_expression
from bpmn.host import Host
from bpmn.lint.diagram import Diagram, Node
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.limits import MOST_INSTANCES
from bpmn.notation.tags import BPMN, LOOP
from bpmn.wording import say

voice = Voice("loops")

MANY_AT_ONCE = 30
"""So many tasks at a time nobody keeps in view."""


def check(subject: Subject) -> Iterator[Finding]:
    for diagram, node in subject.nodes():
        if node.loop is not None:
            yield from _loop(diagram, node, node.loop, subject.host)


def _loop(diagram: Diagram, node: Node, drawn: etree._Element, host: Host) -> Iterator[Finding]:
    loop = drawn.find(f"{BPMN}extensionElements/*")
    if loop is None or not loop.get("inputCollection") or not loop.get("inputElement"):
        yield voice.error(
            diagram,
            node,
            say(
                "“%(name)s” is repeated: say for which list, and how the current entry is called.",
                name=node.label,
            ),
        )
        return
    if bool(loop.get("outputCollection")) != bool(loop.get("outputElement")):
        yield voice.error(
            diagram, node, say("Results need both: the name of their list and what is collected.")
        )
    yield from _too_often(diagram, node, _fixed_length(loop.get("inputCollection", ""), host))
    yield from _within_another(diagram, node)


def _too_often(diagram: Diagram, node: Node, length: int) -> Iterator[Finding]:
    loop = node.loop
    is_parallel = loop is not None and loop.get("isSequential") != "true"
    if length > MOST_INSTANCES:
        sentence = say(
            "“%(name)s” would run %(count)s times; at most %(limit)s are allowed. "
            "Use a shorter list.",
            name=node.label,
            count=length,
            limit=MOST_INSTANCES,
        )
        yield voice.error(diagram, node, sentence)
    elif is_parallel and length >= MANY_AT_ONCE:
        sentence = say(
            "“%(name)s” runs %(count)s times at once. Who works on them will lose sight: "
            "let it run one after another, or use a shorter list.",
            name=node.label,
            count=length,
        )
        yield voice.warning(diagram, node, sentence)


def _within_another(diagram: Diagram, node: Node) -> Iterator[Finding]:
    around = next(
        (each for each in node.element.iterancestors() if each.find(f"{BPMN}{LOOP}") is not None),
        None,
    )
    if around is not None:
        sentence = say(
            "“%(name)s” is repeated inside of “%(around)s”, which is repeated too: "
            "their numbers multiply. Make sure that both lists stay short.",
            name=node.label,
            around=Node(around).label,
        )
        yield voice.warning(diagram, node, sentence)


def _fixed_length(text: str, host: Host) -> int:
    """Return the length of a list that no variable changes; 0 where it cannot be known."""
    try:
        formula = compile_expression(text.strip().removeprefix("="), functions=host.functions)
        items = None if formula.free_names else formula.evaluate({}, host)
    except FeelError:
        return 0
    return len(items) if isinstance(items, list) else 0

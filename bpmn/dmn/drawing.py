"""Finding one's way in the XML of a DMN file, whatever version of the namespace it uses."""

from collections.abc import Iterator, Mapping
from typing import cast

from lxml import etree

from bpmn.dmn.errors import UnreadableDecision
from bpmn.wording import Sentence, say

MAY_BE: Mapping[str, tuple[str, ...]] = {
    "requiredDecision": ("decision",),
    "requiredInput": ("inputData",),
    "requiredKnowledge": ("businessKnowledgeModel", "decisionService"),
    "outputDecision": ("decision",),
    "inputDecision": ("decision",),
    "inputData": ("inputData",),
}
"""Pointer → the kinds that it may point at."""


def kind(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def parts(element: etree._Element, *kinds: str) -> Iterator[etree._Element]:
    """Yield the children of these kinds (of any, if none is named), in the order of the file."""
    for child in element:
        if isinstance(child.tag, str) and (not kinds or kind(child) in kinds):
            yield child


def part(element: etree._Element, *kinds: str) -> etree._Element | None:
    return next(parts(element, *kinds), None)


def text(element: etree._Element | None) -> str:
    """Return the text of an expression, which stands in a child of its own."""
    found = None if element is None else part(element, "text")
    return "" if found is None else (found.text or "").strip()


def name_of(element: etree._Element) -> str:
    return " ".join(element.get("name", element.get("id", "")).split())


def variable_of(element: etree._Element) -> str:
    """Return the name under which formulas know the thing."""
    variable = part(element, "variable")
    return name_of(element if variable is None else variable)


def references(element: etree._Element, target: str) -> Iterator[str]:
    """Yield what the pointers of an element say: `#id`, or `namespace#id` for another file."""
    for pointer in parts(element, target):
        yield pointer.get("href", "")


def unreadable(decision: str, problem: Sentence, element: etree._Element) -> UnreadableDecision:
    line = cast("int | None", element.sourceline)
    return UnreadableDecision(decision, problem, element.get("id"), line)


def check_pointer(element: etree._Element, target: str, found: etree._Element) -> None:
    """Refuse a pointer to something that is no such thing."""
    if kind(found) not in MAY_BE[target]:
        problem = say(
            "The connection with “%(name)s” is of the wrong kind. Delete it and draw it anew.",
            name=name_of(found),
        )
        raise unreadable(name_of(element), problem, element)

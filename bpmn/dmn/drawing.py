"""Finding one's way in the XML of a DMN file, whatever version of the namespace it uses."""

from collections.abc import Iterator
from typing import cast

from lxml import etree

from bpmn.dmn.errors import UnreadableDecision
from bpmn.wording import Sentence


def kind(element: etree._Element) -> str:
    return str(etree.QName(element).localname)


def parts(element: etree._Element, *kinds: str) -> Iterator[etree._Element]:
    """Yield the children of these kinds, in the order of the file."""
    for child in element:
        if isinstance(child.tag, str) and kind(child) in kinds:
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

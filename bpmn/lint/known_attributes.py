"""Refuse attributes that the engine does not read, instead of ignoring them."""

from collections.abc import Iterator

from lxml import etree

from bpmn.lint.diagram import BPMN, FLOW_NODES, ZEEBE, local_name
from bpmn.lint.dialect import (
    ELEMENTS,
    EXTENSIONS,
    FIXED,
    FOREIGN_NAMESPACES_IGNORED,
    TEMPLATE_ATTRIBUTES,
)
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.wording import Sentence, say

voice = Voice("known_attributes")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for element in diagram.root.iter(f"{BPMN}*", f"{ZEEBE}*"):
            for problem in _problems(element):
                yield voice.error(diagram, element, problem)


def _problems(element: etree._Element) -> Iterator[Sentence]:
    name = local_name(element)
    for attribute, value in element.attrib.items():
        tag = etree.QName(attribute)
        if tag.namespace in FOREIGN_NAMESPACES_IGNORED:
            continue
        if not _is_known(element, tag):
            yield say(
                "The setting “%(attribute)s” on “%(element)s” is not executed here. Remove it.",
                attribute=tag.localname,
                element=name,
            )
        elif value not in FIXED.get((name, tag.localname), {value}):
            yield say(
                "The setting “%(attribute)s” may not be “%(value)s” here.",
                attribute=tag.localname,
                value=value[:60],
            )


def _is_known(element: etree._Element, attribute: etree.QName) -> bool:
    name = local_name(element)
    if attribute.namespace == ZEEBE.strip("{}"):
        return name in FLOW_NODES and attribute.localname in TEMPLATE_ATTRIBUTES
    if attribute.namespace:
        return False
    if element.tag.startswith(BPMN):
        return attribute.localname in ELEMENTS.get(name, {attribute.localname})
    known = EXTENSIONS.get(name)
    return known is None or attribute.localname in known[1]

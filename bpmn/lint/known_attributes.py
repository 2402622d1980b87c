"""Refuse attributes that the engine does not read, instead of ignoring them."""

from collections.abc import Iterator

from lxml import etree

from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.elements import is_known
from bpmn.notation.extensions import BINDINGS, EXTENSIONS
from bpmn.notation.tags import BPMN, ZEEBE, tag_of
from bpmn.wording import say

voice = Voice("known_attributes")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for element in diagram.root.iter(f"{BPMN}*", f"{ZEEBE}*"):
            for attribute in _unknown(element):
                yield voice.error(
                    diagram,
                    element,
                    say(
                        "The setting “%(attribute)s” on “%(element)s”, or its value, "
                        "is not executed here. Remove it.",
                        attribute=etree.QName(attribute).localname,
                        element=tag_of(element),
                    ),
                )


def _unknown(element: etree._Element) -> Iterator[str]:
    tag = tag_of(element)
    allowed = _of_extension(element)
    for name, value in element.attrib.items():
        attribute = str(name)
        if element.tag.startswith(BPMN):
            known = is_known(tag, attribute, str(value))
        else:
            known = attribute in allowed and (attribute != "bindingType" or value in BINDINGS)
        if not known:
            yield attribute


def _of_extension(element: etree._Element) -> frozenset[str]:
    rule = EXTENSIONS.get(tag_of(element))
    if rule is not None:
        return rule.required | rule.optional
    parent = element.getparent()
    around = None if parent is None else EXTENSIONS.get(tag_of(parent))
    return frozenset() if around is None else around.children.get(tag_of(element), frozenset())

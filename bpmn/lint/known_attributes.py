"""Refuse attributes that the engine does not read, instead of ignoring them."""

from collections.abc import Iterator

from lxml import etree

from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.elements import CHILDREN, is_known
from bpmn.notation.extensions import EXTENSIONS, VALUES
from bpmn.notation.tags import BPMN, ZEEBE, names, tag_of
from bpmn.wording import say

voice = Voice("known_attributes")

PLAIN = names("priorityDefinition versionTag")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for element in diagram.root.iter(f"{BPMN}*", f"{ZEEBE}*"):
            unknown = [] if _is_refused(element) else sorted(_unknown(element))
            if unknown:
                yield voice.error(
                    diagram,
                    element,
                    say(
                        "Settings of “%(element)s” that are not executed here, "
                        "or not with this value: %(attributes)s. Remove them.",
                        attributes=", ".join(unknown),
                        element=element.get("name") or tag_of(element),
                    ),
                )
        for element in diagram.root.iter(f"{ZEEBE}*"):
            for attribute in sorted(_missing(element)):
                sentence = say(
                    "“%(element)s” lacks its “%(attribute)s”. Fill it in, or remove the line.",
                    element=tag_of(element),
                    attribute=attribute,
                )
                yield voice.error(diagram, element, sentence)


def _missing(element: etree._Element) -> Iterator[str]:
    """Name what must be filled in, where no other rule asks for it in its own words."""
    rule = EXTENSIONS.get(tag_of(element))
    if rule is None:
        needed = _of_extension(element)
    else:
        needed = rule.required if tag_of(element) in PLAIN else frozenset()
    return (attribute for attribute in needed if not element.get(attribute, "").strip())


def _is_refused(element: etree._Element) -> bool:
    """Tell whether another rule refuses the whole element."""
    around = element.getparent()
    if around is None or not element.tag.startswith(BPMN):
        return False
    return tag_of(element) not in CHILDREN.get(tag_of(around), frozenset())


def _unknown(element: etree._Element) -> Iterator[str]:
    tag = tag_of(element)
    allowed = _of_extension(element)
    for name, value in element.attrib.items():
        attribute = str(name)
        if element.tag.startswith(BPMN):
            known = is_known(tag, attribute, str(value))
        else:
            known = attribute in allowed and value in VALUES.get(attribute, {value})
        if not known:
            yield etree.QName(attribute).localname


def _of_extension(element: etree._Element) -> frozenset[str]:
    rule = EXTENSIONS.get(tag_of(element))
    if rule is not None:
        return rule.required | rule.optional
    parent = element.getparent()
    around = None if parent is None else EXTENSIONS.get(tag_of(parent))
    return frozenset() if around is None else around.children.get(tag_of(element), frozenset())

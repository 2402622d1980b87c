"""Reading extension elements by the tables of the notation; all else is refused."""

from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from bpmn.model import NotExecutable
from bpmn.notation.elements import IGNORED_NAMESPACES
from bpmn.notation.extensions import EXTENSIONS, VALUES, Rule
from bpmn.notation.tags import BPMN, ZEEBE, line_of, tag_of
from bpmn.wording import Sentence, say


@dataclass(frozen=True, slots=True)
class Extension:
    element: etree._Element
    attributes: Mapping[str, str]

    def get(self, name: str) -> str | None:
        return self.attributes.get(name)

    def children(self, tag: str) -> list[Mapping[str, str]]:
        return [_plain(child) for child in self.element.findall(ZEEBE + tag)]


def refusal(sentence: Sentence, element: etree._Element) -> NotExecutable:
    """Refuse an element of a diagram, with the nearest id and the line."""
    owner: etree._Element | None = element
    while owner is not None and owner.get("id") is None:
        owner = owner.getparent()
    name = None if owner is None else owner.get("id")
    return NotExecutable(sentence, element=name, line=line_of(element))


def read_extensions(element: etree._Element) -> dict[str, Extension]:
    """Read all extension elements of one BPMN element, by name."""
    found: dict[str, Extension] = {}
    for extension in element.iterfind(f"{BPMN}extensionElements/*"):
        name = tag_of(extension)
        if etree.QName(extension).namespace in IGNORED_NAMESPACES:
            continue
        if not str(extension.tag).startswith(ZEEBE) or name not in EXTENSIONS:
            raise _not_executed(name, extension)
        if name in found:
            raise refusal(say("“%(name)s” stands here twice.", name=name), extension)
        rule = EXTENSIONS[name]
        if tag_of(element) not in rule.hosts:
            raise refusal(
                say("“%(name)s” has no effect on “%(tag)s”.", name=name, tag=tag_of(element)),
                extension,
            )
        found[name] = _checked(extension, rule)
    return found


def _checked(extension: etree._Element, rule: Rule) -> Extension:
    name = tag_of(extension)
    _check_attributes(extension, rule.required, rule.optional)
    for attribute, values in VALUES.items():
        if extension.get(attribute) not in {None, *values}:
            raise _not_executed(f"{name} {attribute}", extension)
    for child in extension:
        if not str(child.tag).startswith(ZEEBE) or tag_of(child) not in rule.children:
            raise _not_executed(f"{name}/{tag_of(child)}", child)
        _check_attributes(child, rule.children[tag_of(child)], frozenset())
    return Extension(extension, _plain(extension))


def _check_attributes(
    element: etree._Element, required: frozenset[str], optional: frozenset[str]
) -> None:
    present = _plain(element)
    for attribute in present:
        if attribute not in required | optional:
            raise _not_executed(f"{tag_of(element)} {attribute}", element)
    for attribute in sorted(required):
        if not present.get(attribute, "").strip():
            raise refusal(
                say(
                    "“%(name)s” lacks its “%(attribute)s”.",
                    name=tag_of(element),
                    attribute=attribute,
                ),
                element,
            )


def _not_executed(name: str, element: etree._Element) -> NotExecutable:
    return refusal(say("“%(name)s” is not executed here; remove it.", name=name), element)


def _plain(element: etree._Element) -> dict[str, str]:
    return {str(name): str(value) for name, value in element.attrib.items()}

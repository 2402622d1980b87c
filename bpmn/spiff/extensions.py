"""The Camunda-8 extension elements that are executed here, by name and attribute. All else is refused."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import cast

from lxml import etree

from bpmn.model import NotExecutable
from bpmn.wording import Sentence, say

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"

TASKS = frozenset(
    {"userTask", "serviceTask", "scriptTask", "businessRuleTask", "sendTask", "receiveTask"}
)
ACTIVITIES = TASKS | {"callActivity", "subProcess"}
WAITING_EVENTS = frozenset({"intermediateCatchEvent", "boundaryEvent"})
THROWING_EVENTS = frozenset({"intermediateThrowEvent", "endEvent"})
JOBS = frozenset({"serviceTask", "sendTask"}) | THROWING_EVENTS
PERSON = frozenset({"userTask"})


@dataclass(frozen=True, slots=True)
class _Rule:
    hosts: frozenset[str]
    """Tags of the elements that may carry it."""
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    children: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Elements below it and the attributes each of them must have."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_MAPPING = _names("source target")
EXTENSIONS: Mapping[str, _Rule] = {
    "userTask": _Rule(PERSON),
    "formDefinition": _Rule(PERSON, _names("formId"), _names("bindingType")),
    "assignmentDefinition": _Rule(
        PERSON, optional=_names("assignee candidateGroups candidateUsers")
    ),
    "taskSchedule": _Rule(PERSON, optional=_names("dueDate followUpDate")),
    "priorityDefinition": _Rule(PERSON, _names("priority")),
    "taskDefinition": _Rule(JOBS, _names("type"), _names("retries")),
    "taskHeaders": _Rule(JOBS, children={"header": _names("key value")}),
    "script": _Rule(_names("scriptTask"), _names("expression resultVariable")),
    "calledDecision": _Rule(
        _names("businessRuleTask"), _names("decisionId resultVariable"), _names("bindingType")
    ),
    "calledElement": _Rule(
        _names("callActivity"),
        _names("processId"),
        _names("propagateAllChildVariables propagateAllParentVariables bindingType"),
    ),
    "ioMapping": _Rule(
        ACTIVITIES | WAITING_EVENTS | THROWING_EVENTS,
        children={"input": _MAPPING, "output": _MAPPING},
    ),
    "loopCharacteristics": _Rule(
        _names("multiInstanceLoopCharacteristics"),
        _names("inputCollection"),
        _names("inputElement outputCollection outputElement"),
    ),
    "subscription": _Rule(_names("message"), _names("correlationKey")),
    "versionTag": _Rule(_names("process"), _names("value")),
}
BINDINGS = frozenset({"latest", "deployment"})
"""Both mean the bundle that the diagram is published with."""


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


def line_of(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)


def tag_of(element: etree._Element) -> str:
    return etree.QName(element).localname


def read_extensions(element: etree._Element) -> dict[str, Extension]:
    """Read all extension elements of one BPMN element, by name."""
    found: dict[str, Extension] = {}
    for extension in element.iterfind(f"{BPMN}extensionElements/*"):
        name = tag_of(extension)
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


def _checked(extension: etree._Element, rule: _Rule) -> Extension:
    name = tag_of(extension)
    _check_attributes(extension, rule.required, rule.optional)
    if extension.get("bindingType", "latest") not in BINDINGS:
        raise refusal(say("A fixed version cannot be bound; use “latest”."), extension)
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

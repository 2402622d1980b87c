"""Refuse what the engine does not execute, instead of ignoring it."""

from collections.abc import Iterator

from lxml import etree

from bpmn.lint.diagram import Diagram
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.elements import CHILDREN, IGNORED_NAMESPACES
from bpmn.notation.extensions import EXTENSIONS
from bpmn.notation.tags import BPMN, LOOP, TIMES, TRIGGERS, ZEEBE, tag_of
from bpmn.wording import Sentence, say

voice = Voice("known_elements")
DRAWING = "{http://www.omg.org/spec/BPMN/20100524/DI}"

DATA = say(
    "Drawn data are not executed. Delete them; what a step takes and gives stands in its mappings."
)
ONCE = frozenset(
    {f"{BPMN}{name}" for name in (LOOP, "completionCondition", "extensionElements", *TIMES)}
    | {f"{ZEEBE}{name}" for name in EXTENSIONS}
)
HINTS = {
    **dict.fromkeys(
        (
            *("dataObject", "dataObjectReference", "dataStore", "dataStoreReference"),
            *("dataInputAssociation", "dataOutputAssociation", "ioSpecification"),
        ),
        DATA,
    ),
    **dict.fromkeys(
        ("globalTask", "globalUserTask", "globalScriptTask", "globalBusinessRuleTask"),
        say("A global task is not executed. Draw it as a process of its own and call that."),
    ),
    "task": say("A task without a kind is not executed. Make it a user task or a service task."),
    "manualTask": say("A manual task is not executed. Make it a user task."),
    "script": say("Scripts are not executed. Write a formula instead, which starts with “=”."),
    "complexGateway": say(
        "A complex gateway is not executed. Use an exclusive, inclusive or parallel gateway."
    ),
    "standardLoopCharacteristics": say(
        "A loop marker is not executed. Draw the loop with a gateway."
    ),
}


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        if diagram.root.tag != f"{BPMN}definitions":
            yield voice.error(diagram, diagram.root, say("The file is no BPMN 2.0 diagram."))
        else:
            yield from _below(diagram, diagram.root)
            yield from _foreign(diagram)


def _below(diagram: Diagram, parent: etree._Element) -> Iterator[Finding]:
    for child in parent:
        if _is_foreign(child) or _is_picture(child):
            yield from _hidden(diagram, child)
            continue
        problem = _problem(child, parent)
        if problem is not None:
            yield voice.error(diagram, child, problem)
        elif not _is_no_trigger(child):
            yield from _below(diagram, child)


def _hidden(diagram: Diagram, around: etree._Element) -> Iterator[Finding]:
    """Find what would look like a part of the process to one program and not to another."""
    for child in around.iterdescendants(f"{BPMN}*", f"{ZEEBE}*"):
        sentence = say(
            "“%(name)s” stands within the picture or an addition of another tool. Remove it.",
            name=tag_of(child),
        )
        yield voice.error(diagram, child, sentence)


def _foreign(diagram: Diagram) -> Iterator[Finding]:
    """Name what another tool has added once a file: there may be hundreds of places."""
    added = {
        tag_of(child)
        for child in _outermost_foreign(diagram.root)
        if etree.QName(child).namespace not in IGNORED_NAMESPACES
    }
    if added:
        sentence = say(
            "The file holds additions of another tool, which are not executed here: %(names)s. "
            "Save it there without them, or draw these elements anew.",
            names=", ".join(sorted(added)),
        )
        yield voice.error(diagram, diagram.root, sentence)


def _outermost_foreign(parent: etree._Element) -> Iterator[etree._Element]:
    for child in parent:
        if _is_foreign(child):
            yield child
        elif not child.tag.startswith(DRAWING):
            yield from _outermost_foreign(child)


def _is_foreign(child: etree._Element) -> bool:
    return not child.tag.startswith((BPMN, ZEEBE, DRAWING))


def _is_picture(child: etree._Element) -> bool:
    around = child.getparent()
    return child.tag.startswith(DRAWING) and around is not None and around.getparent() is None


def _is_no_trigger(child: etree._Element) -> bool:
    """Tell whether no event may have this trigger: another rule says so of the whole event."""
    name = tag_of(child)
    return name.endswith("EventDefinition") and not any(name in each for each in TRIGGERS.values())


def _problem(child: etree._Element, parent: etree._Element) -> Sentence | None:
    name, around = tag_of(child), tag_of(parent)
    if child.tag in ONCE and next(child.itersiblings(child.tag, preceding=True), None) is not None:
        return say("“%(name)s” stands here twice. Remove one of the two.", name=name)
    if child.tag.startswith(BPMN):
        return None if name in CHILDREN.get(around, frozenset()) else _not_executed(name)
    if parent.tag.startswith(ZEEBE):
        known = around in EXTENSIONS and name in EXTENSIONS[around].children
        return None if known else _not_executed(name)
    if not child.tag.startswith(ZEEBE) or name not in EXTENSIONS:
        return _not_executed(name)
    carrier = parent.getparent()
    if carrier is not None and tag_of(carrier) in EXTENSIONS[name].hosts:
        return None
    return say("“%(name)s” has no meaning here. Remove it.", name=name)


def _not_executed(name: str) -> Sentence:
    return HINTS.get(name) or say("“%(name)s” is not executed here; remove it.", name=name)

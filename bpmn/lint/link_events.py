"""A link leads from its throwing events to the one catching event of its name."""

from collections import Counter
from collections.abc import Iterator

from lxml import etree

from bpmn.lint.diagram import Diagram, Scope
from bpmn.lint.findings import Finding
from bpmn.lint.subject import Subject, Voice
from bpmn.notation.links import links
from bpmn.notation.tags import BPMN
from bpmn.wording import say

voice = Voice("link_events")


def check(subject: Subject) -> Iterator[Finding]:
    for diagram in subject.diagrams:
        for scope in diagram.scopes:
            yield from _links(diagram, scope)


def _links(diagram: Diagram, scope: Scope) -> Iterator[Finding]:
    thrown = list(links(scope.element, "intermediateThrowEvent"))
    caught = list(links(scope.element, "intermediateCatchEvent"))
    counted = Counter(name for _, name in caught)
    for event, name in (*thrown, *caught):
        if not name:
            yield voice.error(
                diagram,
                event,
                say("The link needs a name. Give the same name to its beginning and its end."),
            )
    for event, name in caught:
        yield from _end(diagram, scope, event, name if counted[name] > 1 else None)
    for event, name in thrown:
        yield from _beginning(diagram, scope, event, None if name in counted else name)


def _end(
    diagram: Diagram, scope: Scope, event: etree._Element, doubled: str | None
) -> Iterator[Finding]:
    if doubled is not None:
        several = say("The link “%(name)s” has several ends. Keep one of them.", name=doubled)
        yield voice.error(diagram, event, several)
    if _has_flow(scope, event, "targetRef"):
        yield voice.error(
            diagram,
            event,
            say("No flow may lead to the end of a link. Lead it to the step behind it."),
        )


def _beginning(
    diagram: Diagram, scope: Scope, event: etree._Element, lost: str | None
) -> Iterator[Finding]:
    if lost:
        yield voice.error(
            diagram,
            event,
            say(
                "The link “%(name)s” leads nowhere. Add a catching link of the same name.",
                name=lost,
            ),
        )
    if _has_flow(scope, event, "sourceRef"):
        yield voice.error(
            diagram, event, say("No flow may leave the beginning of a link. Delete the flow.")
        )


def _has_flow(scope: Scope, event: etree._Element, end: str) -> bool:
    drawn = scope.element.iterchildren(f"{BPMN}sequenceFlow")
    return any(flow.get(end) == event.get("id") for flow in drawn)

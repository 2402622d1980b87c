"""Namespaces, and the tags of what a token can pass."""

import re
from collections.abc import Mapping
from typing import cast

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
VARIABLE = re.compile(r"[^\W\d]\w*")
"""What a variable may be called."""


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRUTH = names("true false")
"""How a diagram says yes and no; the standard's 1 and 0 would be easy to overlook."""

TASKS = names("userTask serviceTask scriptTask businessRuleTask sendTask receiveTask")
ACTIVITIES = TASKS | {"callActivity", "subProcess"}
CHOICES = names("exclusiveGateway inclusiveGateway")
GATEWAYS = CHOICES | names("parallelGateway eventBasedGateway")
LOOP = "multiInstanceLoopCharacteristics"

TIMER, MESSAGE, SIGNAL, ERROR, ESCALATION, TERMINATE, LINK = (
    f"{kind}EventDefinition"
    for kind in ("timer", "message", "signal", "error", "escalation", "terminate", "link")
)
TRIGGERS: Mapping[str, frozenset[str]] = {
    "startEvent": frozenset({TIMER, MESSAGE, SIGNAL, ERROR, ESCALATION}),
    "intermediateCatchEvent": frozenset({TIMER, MESSAGE, SIGNAL, LINK}),
    "boundaryEvent": frozenset({TIMER, MESSAGE, SIGNAL, ERROR, ESCALATION}),
    "intermediateThrowEvent": frozenset({MESSAGE, SIGNAL, ESCALATION, LINK}),
    "endEvent": frozenset({MESSAGE, SIGNAL, ERROR, ESCALATION, TERMINATE}),
}
"""Which event definitions an event may have."""
HEARING = names("startEvent intermediateCatchEvent boundaryEvent")
"""Events that hear of something; a start event does at the head of an event sub-process."""
CATCHING = HEARING - {"startEvent"}
"""Events that need exactly one event definition; all but links wait for it."""
THROWING = names("intermediateThrowEvent endEvent")
TIMES = ("timeDate", "timeDuration", "timeCycle")

EVENTS = frozenset(TRIGGERS)
NODES = ACTIVITIES | EVENTS | GATEWAYS


def is_event_subprocess(element: etree._Element) -> bool:
    return tag_of(element) == "subProcess" and element.get("triggeredByEvent") == "true"


def begins_process(event: etree._Element) -> bool:
    """Tell whether this is the start event of a process itself, not of a sub-process."""
    around = event.getparent()
    return tag_of(event) == "startEvent" and around is not None and tag_of(around) == "process"


def tag_of(element: etree._Element) -> str:
    """Return the tag without its namespace."""
    return etree.QName(element).localname


def line_of(element: etree._Element) -> int | None:
    return cast("int | None", element.sourceline)

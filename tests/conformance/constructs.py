"""What the standard knows, and how to ask the gate about it."""

import re
from importlib import resources

from lxml import etree

from bpmn.bundle import Bundle
from bpmn.lint import Severity, check
from engine import clock
from tests.bpmn.spiff.drawing import (
    person,
    zeebe,
)
from tests.conformance import traces, worlds

HOUSE = worlds.house(clock.now, {"case_id", "ready"})
SCHEMA = resources.files("SpiffWorkflow") / "bpmn" / "parser" / "schema" / "Semantic.xsd"
ELEMENTS = frozenset(re.findall(r'<xsd:element name="(\w+)" type="\w+"', SCHEMA.read_text()))
RULES = re.compile("[a-z_]+")

SAY_NOTHING = frozenset(
    [
        "documentation",
        "extensionElements",
        "incoming",
        "outgoing",
        "lane",
        "laneSet",
        "text",
        "textAnnotation",
        "association",
        "group",
        "category",
        "categoryValue",
        "collaboration",
        "participant",
        "message",
        "error",
        "escalation",
        "signal",
    ]
)
"""Comments, pictures and names: they may stand there, nothing of them is executed."""

DEFINITIONS = {
    "timer": "<bpmn:timeDuration>P3D</bpmn:timeDuration>",
    "message": 'messageRef="msg"',
    "signal": 'signalRef="sig"',
    "error": 'errorRef="err"',
    "escalation": 'escalationRef="esc"',
    "link": 'name="onward"',
    "conditional": "<bpmn:condition>=ready</bpmn:condition>",
    "compensate": "",
    "terminate": "",
    "cancel": "",
}
WAYS = [(kind,) for kind in DEFINITIONS] + [(), ("timer", "message"), ("message", "signal")]
TASK = (
    zeebe("formDefinition", formId="answer")
    + zeebe("assignmentDefinition", candidateGroups="role_qm")
    + zeebe("taskSchedule", dueDate='=next due(now(), 3, "office")')
)


def ask(name, inside=""):
    return person(name, TASK, inside)


def definition(kind):
    given = DEFINITIONS[kind]
    inside, attributes = (given, "") if given.startswith("<") else ("", given)
    tag = f"bpmn:{kind}EventDefinition"
    return f'<{tag} id="definition_{kind}" {attributes}>{inside}</{tag}>'


def document(body):
    signal = '<bpmn:signal id="sig" name="alarm"/>' if "signalRef" in body else ""
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
        '<bpmn:message id="msg" name="letter"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=case_id"/></bpmn:extensionElements></bpmn:message>'
        '<bpmn:error id="err" errorCode="E1"/><bpmn:escalation id="esc" escalationCode="X1"/>'
        f"{signal}{body}</bpmn:definitions>"
    )


def findings_in(text):
    files = {"p.bpmn": text.encode(), "answer.form": (traces.HERE / "answer.form").read_bytes()}
    return [one for one in check(Bundle(files), HOUSE) if one.severity is Severity.ERROR]


def roots_of_traces():
    return [etree.fromstring(file.read_bytes()) for file in traces.HERE.glob("*.bpmn")]

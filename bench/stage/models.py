"""The same processes drawn twice: for us with FEEL, for SpiffWorkflow alone with Python."""

from dataclasses import dataclass
from html import escape
from itertools import pairwise

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
TEXT = "Seit Wochen laute Musik nach 22 Uhr. " * 20
VARIABLES = {
    "complaint": {
        "id": 4711,
        "title": "Lärm in der Hauptstraße",
        "reporter": {"name": "Max Mustermann", "email": "m@example.org", "phone": "0231 123456"},
        "text": TEXT,
        "tags": ["Lärm", "Nachbarschaft", "Nachtruhe"],
    },
    "kind": "noise",
    "again": False,
}


@dataclass(frozen=True)
class Dialect:
    """How a model says what is computed."""

    formula: str
    """Stands before a formula."""
    quote: str
    """Stands around a duration."""

    def script(self, name: str, value: str) -> str:
        if not self.formula:
            inside = f"<script>{name}_done = {value}</script>"
        else:
            inside = (
                f'<extensionElements><zeebe:script expression="={value}"'
                f' resultVariable="{name}_done"/></extensionElements>'
            )
        return f'<scriptTask id="{name}" name="Schritt {name}">{inside}</scriptTask>'

    def task(self, name: str) -> str:
        ours = '<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="role_qm"/>'
        inside = f"<extensionElements>{ours}</extensionElements>" if self.formula else ""
        return f'<userTask id="{name}" name="Aufgabe {name}">{inside}</userTask>'

    def timer(self, name: str, host: str, after: str, *, interrupting: bool) -> str:
        return (
            f'<boundaryEvent id="{name}" attachedToRef="{host}"'
            f' cancelActivity="{str(interrupting).lower()}"><timerEventDefinition>'
            f'<timeDuration xsi:type="tFormalExpression">{self.quote}{after}{self.quote}'
            "</timeDuration></timerEventDefinition></boundaryEvent>"
        )

    def flow(self, source: str, target: str, condition: str = "") -> str:
        equal = "=" if self.formula else "=="
        text = escape(self.formula + condition.replace("==", equal))
        asked = f'<conditionExpression xsi:type="tFormalExpression">{text}</conditionExpression>'
        return (
            f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">'
            f"{asked if condition else ''}</sequenceFlow>"
        )

    def path(self, *nodes: str) -> str:
        return "".join(self.flow(source, target) for source, target in pairwise(nodes))


OURS = Dialect("=", "")
PYTHON = Dialect("", '"')


def document(*inside: str) -> bytes:
    return (
        f'<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" id="models" targetNamespace="bench"'
        ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f'<process id="bench" isExecutable="true">{"".join(inside)}</process></definitions>'
    ).encode()


def small(dialect: Dialect) -> bytes:
    """S: a task, five scripts, a gateway back to the task or on to the last one."""
    scripts = [f"step{number}" for number in range(5)]
    return document(
        '<startEvent id="start"/><endEvent id="end"/>',
        dialect.task("check"),
        dialect.task("approve"),
        *(dialect.script(name, str(number)) for number, name in enumerate(scripts)),
        '<exclusiveGateway id="choice" default="choice_approve"/>',
        dialect.path("start", "check", *scripts, "choice"),
        dialect.flow("choice", "check", "again"),
        dialect.path("choice", "approve", "end"),
    )


def municipal(dialect: Dialect) -> bytes:
    """M: a complaint in some 35 elements: ways by kind, a timed part of its own, two at once."""
    ways = {"measure": 'kind == "noise"', "clear": 'kind == "waste"', "ask": ""}
    return document(
        '<startEvent id="start"/><endEvent id="end"/><endEvent id="reminded"/>',
        *(dialect.task(name) for name in ("register", "escalate", "decide")),
        dialect.timer("remind_after", "register", "P3D", interrupting=False),
        *(dialect.script(n, "1") for n in ("remind", "classify", "price", "letter", "file", "log")),
        *(dialect.script(name, "2") for name in ways),
        '<exclusiveGateway id="kinds" default="kinds_ask"/><exclusiveGateway id="same"/>',
        f'<subProcess id="clarify">{_clarify(dialect)}</subProcess>',
        dialect.timer("too_long", "clarify", "P14D", interrupting=True),
        '<exclusiveGateway id="clear_now"/><parallelGateway id="both"/>',
        '<parallelGateway id="done"/><exclusiveGateway id="choice" default="choice_log"/>',
        dialect.path("start", "register", "classify", "kinds"),
        dialect.path("remind_after", "remind", "reminded"),
        *(dialect.flow("kinds", way, condition) for way, condition in ways.items()),
        *(dialect.path(way, "same") for way in ways),
        dialect.path("same", "price", "clarify", "clear_now", "both"),
        dialect.path("too_long", "escalate", "clear_now"),
        dialect.path("both", "letter", "done"),
        dialect.path("both", "file", "done", "decide", "choice"),
        dialect.flow("choice", "register", "again"),
        dialect.path("choice", "log", "end"),
    )


def _clarify(dialect: Dialect) -> str:
    return "".join(
        (
            '<startEvent id="clarify_start"/><endEvent id="clarify_end"/>',
            dialect.task("hear"),
            dialect.task("visit"),
            dialect.script("note", "3"),
            dialect.script("summary", "4"),
            '<exclusiveGateway id="visits" default="visits_summary"/>',
            dialect.path("clarify_start", "hear", "note", "visits"),
            dialect.flow("visits", "visit", "not(again)"),
            dialect.path("visits", "summary", "clarify_end"),
            dialect.path("visit", "summary"),
        )
    )


def row_of_tasks(dialect: Dialect, count: int) -> bytes:
    """As small as the peers' model: a start, `count` tasks, an end."""
    names = [f"task{number}" for number in range(count)]
    return document(
        '<startEvent id="start"/><endEvent id="end"/>',
        *(dialect.task(name) for name in names),
        dialect.path("start", *names, "end"),
    )

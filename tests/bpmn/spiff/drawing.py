"""Diagrams for tests, written shortly, and a run that is stored and restored after every step."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from html import escape
from itertools import pairwise
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import orjson

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.host import Host
from bpmn.spiff.run import ProcessRun

BERLIN = ZoneInfo("Europe/Berlin")
NOON = datetime(2027, 1, 11, 12, 0, tzinfo=BERLIN)


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN)


def attributes(**values):
    """Write attributes; `label` is the name of an element, whose id comes first everywhere."""
    named = {("name" if key == "label" else key): value for key, value in values.items()}
    return "".join(f' {key}="{escape(str(value))}"' for key, value in named.items())


def zeebe(tag, **values):
    return f"<zeebe:{tag}{attributes(**values)}/>"


def node(tag, name, *inside, extensions="", **values):
    extended = f"<bpmn:extensionElements>{extensions}</bpmn:extensionElements>"
    return (
        f'<bpmn:{tag} id="{name}"{attributes(**values)}>'
        f"{extended if extensions else ''}{''.join(inside)}</bpmn:{tag}>"
    )


def start(name="s"):
    return node("startEvent", name)


def end(name="e", inside="", **more):
    return node("endEvent", name, inside, **more)


def person(name, extensions="", inside="", **values):
    return node("userTask", name, inside, extensions=zeebe("userTask") + extensions, **values)


def job(name, kind="work", extensions="", inside=""):
    return node(
        "serviceTask", name, inside, extensions=zeebe("taskDefinition", type=kind) + extensions
    )


def script(name, expression, result, extensions=""):
    return node(
        "scriptTask",
        name,
        extensions=zeebe("script", expression=expression, resultVariable=result) + extensions,
    )


def mapping(inputs=(), outputs=()):
    lines = [
        zeebe("input", source=source, target=target) for target, source in dict(inputs).items()
    ]
    lines += [
        zeebe("output", source=source, target=target) for target, source in dict(outputs).items()
    ]
    return f"<zeebe:ioMapping>{''.join(lines)}</zeebe:ioMapping>"


def call(name, process, extensions="", inside="", **values):
    return node(
        "callActivity",
        name,
        inside,
        extensions=zeebe("calledElement", processId=process, **values) + extensions,
    )


def each(items, item="item", collects=None, element=None, *, sequential=False, until=""):
    more = {"outputCollection": collects, "outputElement": element} if collects else {}
    extended = zeebe("loopCharacteristics", inputCollection=items, inputElement=item, **more)
    condition = f"<bpmn:completionCondition>{escape(until)}</bpmn:completionCondition>"
    return (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f"<bpmn:extensionElements>{extended}</bpmn:extensionElements>"
        f"{condition if until else ''}</bpmn:multiInstanceLoopCharacteristics>"
    )


def timer(kind, text):
    return (
        f"<bpmn:timerEventDefinition><bpmn:{kind}>{escape(text)}</bpmn:{kind}>"
        "</bpmn:timerEventDefinition>"
    )


def after(text):
    return timer("timeDuration", text)


def message(reference="msg"):
    return f'<bpmn:messageEventDefinition messageRef="{reference}"/>'


def error(reference="err"):
    return f'<bpmn:errorEventDefinition errorRef="{reference}"/>'


def escalation(reference="esc"):
    return f'<bpmn:escalationEventDefinition escalationRef="{reference}"/>'


def boundary(name, host, inside, *, interrupting=True, extensions=""):
    return node(
        "boundaryEvent",
        name,
        inside,
        extensions=extensions,
        attachedToRef=host,
        cancelActivity=str(interrupting).lower(),
    )


def catch(name, inside, extensions="", **values):
    return node("intermediateCatchEvent", name, inside, extensions=extensions, **values)


def flows(text):
    """Draw flows: `a>b; b>c[=x = 1]`; the id of a flow is `a_b`."""
    drawn = []
    for piece in filter(None, (part.strip() for part in text.split(";"))):
        path, _, condition = piece.partition("[")
        nodes = path.split(">")
        for source, target in pairwise(nodes):
            asked = f"<bpmn:conditionExpression>{escape(condition[:-1])}</bpmn:conditionExpression>"
            drawn.append(
                f'<bpmn:sequenceFlow id="{source}_{target}" sourceRef="{source}"'
                f' targetRef="{target}">{asked if condition else ""}</bpmn:sequenceFlow>'
            )
    return "".join(drawn)


def process(*nodes, name="p"):
    return f'<bpmn:process id="{name}" isExecutable="true">{"".join(nodes)}</bpmn:process>'


SUBSCRIBED = (
    '<bpmn:message id="msg" name="letter"><bpmn:extensionElements>'
    '<zeebe:subscription correlationKey="=case_id"/></bpmn:extensionElements></bpmn:message>'
)
CODES = (
    '<bpmn:error id="err" errorCode="E1"/><bpmn:error id="err2" errorCode="E2"/>'
    '<bpmn:escalation id="esc" escalationCode="X1"/>'
)


def document(*processes):
    return (
        '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"'
        ' xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">'
        f"{''.join(processes)}{SUBSCRIBED}{CODES}</bpmn:definitions>"
    ).encode()


class Clock:
    def __init__(self, now=NOON):
        self.moment = now

    def __call__(self):
        return self.moment

    def advance(self, **amount):
        self.moment += timedelta(**amount)


INNER = (
    start("s2"),
    node("parallelGateway", "g"),
    person("a"),
    person("b"),
    end("bad", error()),
    end("e2"),
    flows("s2>g>a>bad;g>b>e2"),
)
"""A level with two tasks, `a` leading into an error."""


class Trace:
    """A process that lives only in its snapshots: every step restores, changes, stores."""

    def __init__(self, *nodes, process_id="p", extra=(), variables=None, host=None, settle=True):
        self.clock = Clock()
        self.host = host or Host(now=self.clock)
        self.definitions = read(process(*nodes, name=process_id), *extra, host=self.host)
        run = ProcessRun.begin(
            self.definitions, process_id, {"case_id": "C-1", **(variables or {})}
        )
        self.history = []
        if settle:
            run.settle()
        self._keep(run)

    def _keep(self, run):
        self.history += run.passed()
        self.stored = run.snapshot()

    @property
    def run(self):
        return ProcessRun.restore(self.definitions, self.stored)

    def change(self, work):
        run = self.run
        work(run)
        run.settle()
        self._keep(run)
        return self

    def find(self, what, element):
        found = [one for one in getattr(self.run, f"waiting_{what}")() if one.element == element]
        assert found, f"{element} is not among {self.waits}"
        return found[0]

    def complete(self, element, **values):
        return self.change(lambda run: run.complete(self.find("tasks", element).token, values))

    def finish(self, element, **values):
        return self.change(lambda run: run.finish_job(self.find("jobs", element).token, values))

    def fail(self, element, code):
        return self.change(lambda run: run.fail_job(self.find("jobs", element).token, code))

    def deliver(self, element, **values):
        return self.change(lambda run: run.deliver(self.find("messages", element).token, values))

    def fire(self, element):
        return self.change(lambda run: run.fire(self.find("timers", element).token))

    def due(self, element):
        return self.find("timers", element).due.astimezone(BERLIN)

    @property
    def waits(self):
        run = self.run
        kinds = ("tasks", "timers", "jobs", "messages")
        return sorted(one.element for kind in kinds for one in getattr(run, f"waiting_{kind}")())

    @property
    def variables(self):
        return SimpleNamespace(**self.run.variables)

    @property
    def finished(self):
        return self.run.is_finished

    @property
    def tokens(self):
        return sum(len(level[3]) for level in orjson.loads(self.stored)["levels"])

    def passages(self, *elements: str) -> list[str]:
        wanted: Iterable[str] = elements
        return [
            f"{one.element} {one.passage}"
            for one in self.history
            if not wanted or one.element in wanted
        ]


def read(*processes, host=None, more=None):
    return load(Bundle({"p.bpmn": document(*processes), **(more or {})}), host or Host())

"""Nothing that stands in a diagram, or is sent to it, is ever run as Python."""

import sys
from contextlib import contextmanager
from datetime import timedelta
from time import thread_time

import pytest

from bpmn.errors import Refusal
from bpmn.host import Host
from tests.bpmn.spiff.drawing import (
    Clock,
    Trace,
    boundary,
    call,
    catch,
    each,
    end,
    flows,
    mapping,
    message,
    node,
    person,
    process,
    script,
    start,
    timer,
    zeebe,
)

WATCHED = ("exec", "compile", "import", "open", "os.", "subprocess.", "socket.", "ctypes.")
SEEN: list[tuple[str, str]] = []
LISTENING = [False]


def _hear(event, arguments):
    if LISTENING[0] and event.startswith(WATCHED):
        SEEN.append((event, repr(arguments)[:200]))


sys.addaudithook(_hear)


@contextmanager
def listening():
    SEEN.clear()
    LISTENING[0] = True
    try:
        yield
    finally:
        LISTENING[0] = False


PAYLOADS = [
    '__import__("os").system("touch /tmp/owned")',
    "import os",
    "().__class__.__base__.__subclasses__()",
    'open("/etc/passwd").read()',
    'exec("1")',
    "9**9**9**9",
    '"{0.__class__}".format(case_id)',
    "[x for x in ().__class__.__mro__]",
    "lambda: 1",
    "__builtins__",
    "case_id.__class__.__init__.__globals__",
    "some x in 1..1000000000 satisfies x < 0",
    "for a in 1..9999, b in 1..9999, c in 1..9999 return a",
    "{{ 7 * 7 }}",
    "${7*7}",
    "task.workflow.script_engine",
]


def condition(text):
    return (
        start(),
        node("exclusiveGateway", "g", default="g_e"),
        person("a"),
        end(),
        flows(f"s>g;g>a[{text}];g>e;a>e"),
    )


def on_a_task(extensions="", inside=""):
    return (start(), person("a", extensions, inside), end(), flows("s>a>e"))


def waiting_for(text, kind, *, interrupting=True):
    return (
        start(),
        person("a"),
        boundary("t", "a", timer(kind, text), interrupting=interrupting),
        end(),
        flows("s>a>e;t>e"),
    )


def keyed(text):
    letter = (
        '<bpmn:message id="msg2" name="other"><bpmn:extensionElements>'
        + zeebe("subscription", correlationKey=text)
        + "</bpmn:extensionElements></bpmn:message>"
    )
    return (start(), catch("m", message("msg2")), end(), flows("s>m>e")), letter


PLACES = {
    "condition": condition,
    "inclusive": lambda text: (
        start(),
        node("inclusiveGateway", "g", default="g_e"),
        person("a"),
        end(),
        flows(f"s>g;g>a[{text}];g>e;a>e"),
    ),
    "input": lambda text: on_a_task(mapping({"x": text})),
    "output": lambda text: on_a_task(mapping((), {"x": text})),
    "assignee": lambda text: on_a_task(zeebe("assignmentDefinition", assignee=text)),
    "groups": lambda text: on_a_task(zeebe("assignmentDefinition", candidateGroups=text)),
    "users": lambda text: on_a_task(zeebe("assignmentDefinition", candidateUsers=text)),
    "due": lambda text: on_a_task(zeebe("taskSchedule", dueDate=text)),
    "follow up": lambda text: on_a_task(zeebe("taskSchedule", followUpDate=text)),
    "priority": lambda text: on_a_task(zeebe("priorityDefinition", priority=text)),
    "items": lambda text: on_a_task(inside=each(text)),
    "element": lambda text: on_a_task(inside=each("=[1]", "n", "out", text)),
    "until": lambda text: on_a_task(inside=each("=[1, 2]", until=text)),
    "script": lambda text: (start(), script("c", text, "x"), end(), flows("s>c>e")),
    "date": lambda text: waiting_for(text, "timeDate"),
    "duration": lambda text: waiting_for(text, "timeDuration"),
    "cycle": lambda text: waiting_for(text, "timeCycle", interrupting=False),
    "job type": lambda text: (
        start(),
        node("serviceTask", "j", extensions=zeebe("taskDefinition", type=text)),
        end(),
        flows("s>j>e"),
    ),
    "called process": lambda text: (start(), call("c", text), end(), flows("s>c>e")),
    "key": keyed,
}


def attempt(drawing):
    """Load, run and answer; every refusal is fine, anything else is not."""
    nodes, extra = drawing if isinstance(drawing[0], tuple) else (drawing, None)
    try:
        trace = Trace(*nodes, extra=[extra] if extra else [])
        later = trace.clock.moment + timedelta(days=1)
        for task in trace.run.waiting_tasks():
            trace.change(lambda run, task=task: run.postpone(task.token, later))
            trace.change(lambda run, task=task: run.complete(task.token, {"x": "1"}))
    except Refusal:
        pass


@pytest.fixture(scope="module", autouse=True)
def _warm():
    """Whatever is loaded on first use is loaded before anybody listens."""
    for place in PLACES.values():
        attempt(place("=1 + 1"))
        attempt(place("=("))


@pytest.mark.parametrize("place", PLACES)
def test_no_expression_place_runs_python(place):
    with listening():
        for payload in PAYLOADS:
            for text in (payload, f"={payload}"):
                attempt(PLACES[place](text))

    assert SEEN == []


@pytest.mark.parametrize("place", PLACES)
def test_no_expression_place_can_hold_the_processor(place):
    for payload in PAYLOADS:
        began = thread_time()

        attempt(PLACES[place](f"={payload}"))

        assert thread_time() - began < 2


def test_what_is_sent_to_a_process_is_data_not_a_formula():
    nodes = (start(), catch("m", message()), person("a"), end(), flows("s>m>a>e"))
    trace = Trace(*nodes, host=Host(now=Clock()))

    with listening():
        trace.deliver("m", said="=1 + 1", **{"=x": PAYLOADS[0]})
        trace.complete("a", also=f"={PAYLOADS[0]}")

    assert SEEN == []
    assert trace.variables.said == "=1 + 1"


def test_a_python_script_is_refused():
    body = node("scriptTask", "c", "<bpmn:script>import os</bpmn:script>", extensions="")

    with pytest.raises(Refusal):
        Trace(start(), body, end(), flows("s>c>e"))


def test_other_engines_hooks_are_refused():
    for extension in (
        '<spiff:preScript xmlns:spiff="http://spiffworkflow.org/1.0">1</spiff:preScript>',
        "<zeebe:executionListeners/>",
        "<zeebe:taskListeners/>",
        "<zeebe:properties/>",
    ):
        with pytest.raises(Refusal):
            Trace(start(), person("a", extension), end(), flows("s>a>e"))


def test_only_the_graph_is_left_to_the_library():
    assert process(*condition("=true"))
    for spec in Trace(*condition("=true")).definitions.executable["p"].task_specs.values():
        module = type(spec).__module__
        assert module.startswith("bpmn.spiff") or spec.name == "(start)"


def test_the_ear_hears_python_when_it_runs():
    with listening():
        eval("1")

    assert SEEN


def test_the_library_finds_no_script_engine_to_ask():
    run = Trace(*on_a_task()).run

    assert not hasattr(run._instance.root, "script_engine")

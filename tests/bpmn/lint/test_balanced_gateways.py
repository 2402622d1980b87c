"""What parts at gateways must come together again: the ways of a token are followed, all of them."""

import pytest

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import Severity, check
from bpmn.lint.markings import explore
from bpmn.lint.subject import lay_out

KINDS = {"+": "parallelGateway", "x": "exclusiveGateway", "o": "inclusiveGateway", "t": "userTask"}
HOST = Host(functions={}, handlers=frozenset(), groups=frozenset({"role_qm"}))
TASK = (
    "<bpmn:extensionElements><zeebe:userTask/>"
    '<zeebe:assignmentDefinition candidateGroups="role_qm"/></bpmn:extensionElements>'
)


def drawn(ways, extra=""):
    """Draw "a>+s +s>tone": each name begins with its kind; `start` and `end…` are events."""
    steps = [way.split(">") for way in ways.split()]
    names = dict.fromkeys(name for step in steps for name in step)
    nodes = "".join(map(_node, names))
    flows = "".join(
        f'<bpmn:sequenceFlow id="f{i}" sourceRef="{a.lstrip("+")}" targetRef="{b.lstrip("+")}"/>'
        for i, (a, b) in enumerate(steps)
    )
    return Bundle(
        {
            "drawn.bpmn": (
                '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
                'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="x">'
                f'<bpmn:process id="p" isExecutable="true">{nodes}{extra}{flows}'
                "</bpmn:process></bpmn:definitions>"
            ).encode()
        }
    )


def _node(name):
    if name == "start":
        return '<bpmn:startEvent id="start"/>'
    if name.startswith("end"):
        return f'<bpmn:endEvent id="{name}"/>'
    if name.startswith("late"):
        return ""
    kind, key = KINDS[name[0]], name.lstrip("+")
    return f'<bpmn:{kind} id="{key}">{TASK if kind == "userTask" else ""}</bpmn:{kind}>'


def found(bundle):
    return {
        (finding.severity, finding.element)
        for finding in check(bundle, HOST)
        if finding.rule == "balanced_gateways"
    }


BALANCED = {
    "both ways at once, and both awaited": "start>+s +s>ta +s>tb ta>+j tb>+j +j>end",
    "one of two ways, and no waiting": "start>xs xs>ta xs>tb ta>xm tb>xm xm>tc tc>end",
    "some of the ways, and those awaited": "start>os os>ta os>tb ta>oj tb>oj oj>tc tc>end",
    "a round inside of one of two ways": (
        "start>+s +s>ta +s>xr xr>tb tb>xq xq>xr xq>+j ta>+j +j>tc tc>end"
    ),
    "both ways at once, each to an end of its own": "start>+s +s>ta +s>tb ta>end1 tb>end2",
    "both ways at once, meeting at the end": "start>+s +s>ta +s>tb ta>end tb>end",
    "nested splits": (
        "start>+s +s>+u +u>ta +u>tb ta>+v tb>+v +v>+j +s>xs xs>tc xs>td tc>xm td>xm xm>+j +j>end"
    ),
}


@pytest.mark.parametrize("ways", BALANCED.values(), ids=BALANCED.keys())
def test_it_is_content_with(ways):
    assert found(drawn(ways)) == set()


UNBALANCED = {
    "a parallel gateway after a choice": (
        "start>xs xs>ta xs>tb ta>+j tb>+j +j>end",
        {(Severity.ERROR, "j")},
    ),
    "a parallel gateway behind a choice of one way more": (
        "start>+s +s>ta +s>xs xs>+j xs>end1 ta>+j +j>end2",
        {(Severity.WARNING, "j")},
    ),
    "a parallel gateway after some of the ways": (
        "start>os os>ta os>tb ta>+j tb>+j +j>end",
        {(Severity.WARNING, "j")},
    ),
    "ways at once that meet unawaited": (
        "start>+s +s>ta +s>tb ta>xm tb>xm xm>tc tc>end",
        {(Severity.WARNING, "xm")},
    ),
    "ways at once that meet at a task": (
        "start>+s +s>ta +s>tb ta>tc tb>tc tc>end",
        {(Severity.WARNING, "tc")},
    ),
    "a parallel gateway in a round that only one way enters": (
        "start>+j +j>ta ta>xs xs>+j xs>end",
        {(Severity.ERROR, "j")},
    ),
}


@pytest.mark.parametrize("case", UNBALANCED.values(), ids=UNBALANCED.keys())
def test_it_finds(case):
    ways, expected = case

    assert found(drawn(ways)) == expected


def test_an_interrupting_boundary_event_is_one_of_the_ways():
    late = (
        '<bpmn:boundaryEvent id="late" attachedToRef="ta"><bpmn:timerEventDefinition>'
        "<bpmn:timeDuration>P1D</bpmn:timeDuration></bpmn:timerEventDefinition>"
        "</bpmn:boundaryEvent>"
    )

    assert found(drawn("start>ta ta>+j late>tb tb>+j +j>end", late)) == {(Severity.ERROR, "j")}


def test_what_does_not_interrupt_may_not_lead_back_to_what_it_watches():
    late = (
        '<bpmn:boundaryEvent id="late" attachedToRef="ta" cancelActivity="false">'
        "<bpmn:timerEventDefinition><bpmn:timeCycle>R3/PT1H</bpmn:timeCycle>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )

    assert found(drawn("start>ta ta>end late>ta", late)) == {(Severity.ERROR, "late")}


def test_nothing_is_claimed_of_what_runs_beside_an_activity():
    late = (
        '<bpmn:boundaryEvent id="late" attachedToRef="ta" cancelActivity="false">'
        "<bpmn:timerEventDefinition><bpmn:timeDuration>P1D</bpmn:timeDuration>"
        "</bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    )

    assert found(drawn("start>ta ta>+j late>tb tb>+j +j>end", late)) == set()


def test_a_diagram_with_more_courses_than_can_be_followed_is_followed_in_part():
    rows = " ".join(f"os>o{i} o{i}>t{i} o{i}>o{i + 1} t{i}>o{i} t{i}>oj" for i in range(12))
    (diagram,) = lay_out(drawn(f"start>os {rows} o12>oj oj>end"), HOST).diagrams

    course = explore(diagram.scopes[0])

    assert not course.is_complete
    assert course.stuck == frozenset()

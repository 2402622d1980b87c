"""Nothing of BPMN 2.0 is forgotten: it runs and has a trace, or a named rule refuses it.

The names come from the schema of the standard, so a construct that nobody has thought of is
among them. What runs is read from the files of the traces.
"""

import pytest
from lxml import etree

from bpmn.notation.tags import BPMN, tag_of
from tests.bpmn.spiff.drawing import (
    boundary,
    catch,
    each,
    end,
    flows,
    node,
    process,
    script,
    start,
    zeebe,
)
from tests.conformance.constructs import (
    ELEMENTS,
    RULES,
    SAY_NOTHING,
    WAYS,
    ask,
    definition,
    document,
    findings_in,
    roots_of_traces,
)

# --- elements by the element around them

SOUND = document(
    process(
        start(),
        ask("task", each("=[1]", "n")),
        node("serviceTask", "service", extensions=zeebe("taskDefinition", type="work")),
        script("formula", "=1", "one"),
        node("exclusiveGateway", "gateway"),
        node("parallelGateway", "both"),
        node("subProcess", "sub", start("s2"), ask("inner"), end("e2"), flows("s2>inner>e2")),
        boundary("late", "sub", definition("timer")),
        catch("letter", definition("message")),
        node("intermediateThrowEvent", "up", definition("escalation")),
        end(),
        flows("s>task>service>formula>gateway>both>sub>letter>up>e;late>e"),
    )
)
PARENTS = sorted(
    f"{{*}}{tag}"
    for tag in [
        "definitions",
        "process",
        "startEvent",
        "userTask",
        "serviceTask",
        "scriptTask",
        "exclusiveGateway",
        "parallelGateway",
        "subProcess",
        "boundaryEvent",
        "intermediateCatchEvent",
        "intermediateThrowEvent",
        "endEvent",
        "sequenceFlow",
        "message",
        "error",
        "escalation",
        "multiInstanceLoopCharacteristics",
        "timerEventDefinition",
        "messageEventDefinition",
        "escalationEventDefinition",
    ]
)


def traced_pairs():
    return {
        (tag_of(around), tag_of(element))
        for root in roots_of_traces()
        for around in root.iter(f"{BPMN}*")
        for element in around.iterchildren(f"{BPMN}*")
    }


def _has_its_own_table(parent, name):
    return tag_of(parent).endswith("Event") and name.endswith("EventDefinition")


def test_the_sound_file_of_this_table_is_sound():
    assert findings_in(SOUND) == []


@pytest.mark.parametrize("path", PARENTS)
def test_every_element_of_the_standard_runs_with_a_trace_or_is_refused_by_name(path):
    root = etree.fromstring(SOUND)
    parent = root if path == "{*}definitions" else root.find(f".//{path}")
    elements = {name for name in ELEMENTS if not _has_its_own_table(parent, name)}
    for name in sorted(elements):
        etree.SubElement(parent, BPMN + name, id=f"odd_{name}")

    findings = findings_in(etree.tostring(root).decode())

    named = {one.element for one in findings}
    accepted = {name for name in elements if f"odd_{name}" not in named}
    traced = {inner for around, inner in traced_pairs() if around == tag_of(parent)}
    assert accepted <= SAY_NOTHING | traced
    assert all(RULES.fullmatch(one.rule) and str(one.sentence) for one in findings)


# --- events by where they stand and what they wait for


def _process(*nodes):
    return document(process(*nodes))


def _inside(event, *, event_driven=False):
    """Draw a sub-process that begins with this event."""
    inner = (event, ask("inner"), end("e2"), flows("odd>inner>e2"))
    if event_driven:
        nested = node("subProcess", "sub", *inner, triggeredByEvent="true")
        return _process(start(), ask("a"), end(), nested, flows("s>a>e"))
    return _process(start(), node("subProcess", "sub", *inner), end(), flows("s>sub>e"))


def _start(inside, **more):
    return node("startEvent", "odd", inside, **more)


def _watching(inside, *, interrupting):
    sub = node("subProcess", "sub", start("s2"), ask("inner"), end("e2"), flows("s2>inner>e2"))
    watcher = boundary("odd", "sub", inside, interrupting=interrupting)
    return _process(start(), sub, watcher, ask("a"), end(), flows("s>sub>e;odd>a>e"))


def _throwing(tag, inside, ways):
    job = zeebe("taskDefinition", type="work") if "messageEvent" in inside else ""
    return _process(start(), node(tag, "odd", inside, extensions=job), end(), flows(ways))


PLACES = {
    "start": lambda inside: _process(_start(inside), ask("a"), end(), flows("odd>a>e")),
    "start of a sub-process": lambda inside: _inside(_start(inside)),
    "start of an event sub-process": lambda inside: _inside(_start(inside), event_driven=True),
    "start beside": lambda inside: _inside(
        _start(inside, isInterrupting="false"), event_driven=True
    ),
    "catch": lambda inside: _process(start(), catch("odd", inside), end(), flows("s>odd>e")),
    "throw": lambda inside: _throwing("intermediateThrowEvent", inside, "s>odd>e"),
    "end": lambda inside: document(
        process(
            start(),
            ask("a"),
            node(
                "endEvent",
                "odd",
                inside,
                extensions=zeebe("taskDefinition", type="work") if "messageEvent" in inside else "",
            ),
            flows("s>a>odd"),
        )
    ),
    "boundary": lambda inside: _watching(inside, interrupting=True),
    "boundary beside": lambda inside: _watching(inside, interrupting=False),
}


def place_of(event):
    tag, around = tag_of(event), event.getparent()
    if tag == "startEvent":
        if around.get("triggeredByEvent") == "true":
            beside = event.get("isInterrupting") == "false"
            return "start beside" if beside else "start of an event sub-process"
        return "start" if tag_of(around) == "process" else "start of a sub-process"
    if tag == "boundaryEvent":
        return "boundary beside" if event.get("cancelActivity") == "false" else "boundary"
    return {"intermediateCatchEvent": "catch", "intermediateThrowEvent": "throw"}.get(tag, "end")


def traced_events():
    return {
        (
            place_of(event),
            tuple(
                tag_of(child).removesuffix("EventDefinition")
                for child in event
                if tag_of(child).endswith("EventDefinition")
            ),
        )
        for root in roots_of_traces()
        for event in root.iter(f"{BPMN}*")
        if tag_of(event).endswith("Event")
    }


@pytest.mark.parametrize("kinds", WAYS, ids=lambda kinds: " and ".join(kinds) or "plain")
@pytest.mark.parametrize("place", PLACES)
def test_every_event_runs_with_a_trace_or_is_refused_by_name(place, kinds):
    findings = findings_in(PLACES[place]("".join(map(definition, kinds))))

    if findings:
        near = {"odd", "sub", *(f"definition_{kind}" for kind in kinds)}
        assert near & {one.element for one in findings}, [str(one.sentence) for one in findings]
    else:
        assert (place, kinds) in traced_events()


# --- settings that change what an element means

SETTINGS = {
    "an event that needs all of its triggers": ("startEvent", "parallelMultiple", "true"),
    "an activity for compensation": ("userTask", "isForCompensation", "true"),
    "a task that starts its process": ("receiveTask", "instantiate", "true"),
    "several tokens at once": ("userTask", "startQuantity", "2"),
    "several tokens out": ("userTask", "completionQuantity", "2"),
    "a gateway that starts its process": ("eventBasedGateway", "instantiate", "true"),
    "a race of all": ("eventBasedGateway", "eventGatewayType", "Parallel"),
    "a script language": ("scriptTask", "scriptFormat", "python"),
    "an implementation": ("serviceTask", "implementation", "http://x.example/service"),
    "a process that calls from outside": ("process", "definitionalCollaborationRef", "x"),
    "a flow in a hurry": ("sequenceFlow", "isImmediate", "false"),
    "an order of instances": ("multiInstanceLoopCharacteristics", "behavior", "One"),
    "an event of an instance": ("multiInstanceLoopCharacteristics", "oneBehaviorEventRef", "x"),
}


@pytest.mark.parametrize(("tag", "name", "value"), SETTINGS.values(), ids=SETTINGS)
def test_a_setting_that_would_change_the_meaning_is_refused(tag, name, value):
    root = etree.fromstring(SOUND)
    found = root.find(f".//{{*}}{tag}")
    if found is None:
        found = etree.SubElement(root.find("{*}process"), BPMN + tag, id="odd")
    found.set(name, value)

    findings = findings_in(etree.tostring(root).decode())

    assert "known_attributes" in {one.rule for one in findings}

import pytest

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.host import Host
from bpmn.model import NotExecutable
from bpmn.spiff.run import ProcessRun
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    call,
    catch,
    document,
    each,
    end,
    error,
    flows,
    message,
    node,
    person,
    process,
    read,
    script,
    start,
    zeebe,
)

DECISION = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d"
 namespace="n"><decision id="deadlines" name="deadlines"><variable name="deadlines"/>
 <decisionTable id="t" hitPolicy="FIRST">
 <input id="i"><inputExpression id="ie" typeRef="number"><text>stage</text></inputExpression></input>
 <output id="o" name="days"/>
 <rule id="r1"><inputEntry id="a"><text>&gt; 5</text></inputEntry>
 <outputEntry id="b"><text>2</text></outputEntry></rule>
 <rule id="r2"><inputEntry id="c"><text>-</text></inputEntry>
 <outputEntry id="e"><text>14</text></outputEntry></rule>
 </decisionTable></decision></definitions>"""


def ask(decision="deadlines"):
    asked = zeebe("calledDecision", decisionId=decision, resultVariable="days")
    return (
        start(),
        node("businessRuleTask", "r", extensions=asked),
        person("a"),
        end(),
        flows("s>r>a>e"),
    )


@pytest.mark.parametrize(("stage", "days"), [(7, 2), (3, 14)])
def test_a_process_asks_a_decision_of_its_bundle(stage, days):
    definitions = read(process(*ask()), more={"d.dmn": DECISION})
    run = ProcessRun.begin(definitions, "p", {"stage": stage})

    run.settle()

    assert run.variables["days"] == days


def test_elements_are_described_with_their_lanes_and_subprocesses():
    lanes = (
        '<bpmn:laneSet id="ls"><bpmn:lane id="l1" name="Quartier">'
        "<bpmn:flowNodeRef>a</bpmn:flowNodeRef><bpmn:flowNodeRef>sub</bpmn:flowNodeRef>"
        "</bpmn:lane></bpmn:laneSet>"
    )
    inner = (start("s2"), person("b"), end("e2"), flows("s2>b>e2"))
    tag = f"<bpmn:extensionElements>{zeebe('versionTag', value='1.4')}</bpmn:extensionElements>"

    found = read(
        process(
            tag,
            lanes,
            start(),
            person("a", label="Meldung sichten"),
            node("subProcess", "sub", *inner),
            end(),
            flows("s>a>sub>e"),
        )
    ).processes["p"]

    assert (found.file, found.version_tag) == ("p.bpmn", "1.4")
    a, b = found.elements["a"], found.elements["b"]
    assert (a.name, a.kind, a.lane, a.inside) == ("Meldung sichten", "userTask", "Quartier", None)
    assert (b.name, b.lane, b.inside) == ("b", "Quartier", "sub")


GOOD = (start(), person("a"), end(), flows("s>a>e"))


def drawing(*nodes, path="s>a>e"):
    return process(start(), *nodes, end(), flows(path))


REFUSED = {
    "no start": process(person("a"), end(), flows("a>e")),
    "two starts": process(start(), start("s3"), person("a"), end(), flows("s>a>e;s3>a")),
    "no end": process(start(), person("a"), flows("s>a")),
    "not executable": process(*GOOD).replace('isExecutable="true"', 'isExecutable="false"'),
    "same id": drawing(person("a"), person("a")),
    "reserved id": drawing(person("a"), person("a.BoundaryEventSplit")),
    "id of a process that reads like that of a sub-process": process(*GOOD, name="p/sp"),
    "open flow": drawing(person("a"), path="s>a>e;a>gone"),
    "condition on an event": drawing(person("a"), path="s>a[=true];a>e"),
    "condition on the default": drawing(
        node("exclusiveGateway", "g", default="g_a"), person("a"), path="s>g;g>a[=true];g>e;a>e"
    ),
    "no condition": drawing(
        node("exclusiveGateway", "g", default="g_a"),
        person("a"),
        person("b"),
        path="s>g>a>e;g>b>e",
    ),
    "condition without formula": drawing(
        node("exclusiveGateway", "g", default="g_e"), person("a"), path="s>g;g>a[true];g>e;a>e"
    ),
    "foreign default": drawing(
        node("exclusiveGateway", "g", default="s_g"), person("a"), path="s>g;g>a[=true];a>e"
    ),
    "unknown element": drawing(node("adHocSubProcess", "a")),
    "complex gateway": drawing(node("complexGateway", "a")),
    "transaction": drawing(node("transaction", "a")),
    "plain task": drawing(node("task", "a")),
    "manual task": drawing(node("manualTask", "a")),
    "event subprocess": drawing(
        person("a"),
        node("subProcess", "b", start("s2"), end("e2"), flows("s2>e2"), triggeredByEvent="true"),
    ),
    "user task of another kind": drawing(node("userTask", "a")),
    "job without type": drawing(node("serviceTask", "a")),
    "unknown extension": drawing(person("a", "<zeebe:executionListeners/>")),
    "unknown attribute": drawing(
        node("callActivity", "a", extensions=zeebe("calledElement", processId="p", businessId="1"))
    ),
    "misplaced extension": drawing(person("a", zeebe("taskDefinition", type="x"))),
    "unknown bpmn attribute": drawing(person("a", isForCompensation="true")),
    "foreign attribute": drawing(person("a")).replace(
        'id="a"', 'id="a" xmlns:c="http://camunda.org/schema/1.0/bpmn" c:asyncBefore="true"'
    ),
    "fixed version": drawing(
        call("a", "p", bindingType="versionTag"),
    ),
    "dynamic call": drawing(call("a", "=next")),
    "missing process": drawing(call("a", "gone")),
    "missing decision": process(*ask("gone")),
    "missing message": drawing(catch("a", message("gone"))),
    "two definitions": drawing(catch("a", message() + after("P1D"))),
    "no definition": drawing(catch("a", "")),
    "signal": drawing(catch("a", '<bpmn:signalEventDefinition signalRef="x"/>')),
    "link": drawing(node("intermediateThrowEvent", "a", '<bpmn:linkEventDefinition name="x"/>')),
    "compensation": drawing(
        node("intermediateThrowEvent", "a", "<bpmn:compensateEventDefinition/>")
    ),
    "signal start": process(
        node("startEvent", "s", '<bpmn:signalEventDefinition signalRef="x"/>'),
        person("a"),
        end(),
        flows("s>a>e"),
    ),
    "timer start": process(
        node("startEvent", "s", after("P1D")), person("a"), end(), flows("s>a>e")
    ),
    "thrown message without job": drawing(node("intermediateThrowEvent", "a", message())),
    "job on an event without message": drawing(
        node("intermediateThrowEvent", "a", extensions=zeebe("taskDefinition", type="x"))
    ),
    "error without code": drawing(person("a"), path="s>a>e").replace(
        '<bpmn:endEvent id="e">', '<bpmn:endEvent id="e"><bpmn:errorEventDefinition/>'
    ),
    "error that does not interrupt": drawing(
        person("a"), boundary("b", "a", error(), interrupting=False), path="s>a>e;b>e"
    ),
    "boundary on nothing": drawing(person("a"), boundary("b", "e", error()), path="s>a>e;b>e"),
    "script without result": drawing(node("scriptTask", "a", extensions=zeebe("script"))),
    "script body": drawing(
        script("a", "=1", "x").replace(
            "</bpmn:scriptTask>", "<bpmn:script>1</bpmn:script></bpmn:scriptTask>"
        )
    ),
    "formula": drawing(script("a", "=1 +", "x")),
    "unknown function": drawing(script("a", "=launch(1)", "x")),
    "dotted target": drawing(script("a", "=1", "a.b")),
    "standard loop": drawing(person("a", inside="<bpmn:standardLoopCharacteristics/>")),
    "list without formula": drawing(person("a", inside=each("items"))),
    "collection without element": drawing(person("a", inside=each("=x", "n", "out", ""))),
    "task behind a race": drawing(node("eventBasedGateway", "g"), person("a"), path="s>g>a>e"),
    "data store": drawing(person("a"), '<bpmn:dataStoreReference id="ds"/>'),
    "data association": drawing(person("a", inside="<bpmn:dataInputAssociation id='x'/>")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_would_not_be_executed_as_drawn_is_refused_in_a_sentence(name):
    with pytest.raises(NotExecutable) as caught:
        read(REFUSED[name])

    assert caught.value.file == "p.bpmn"
    assert str(caught.value)


def test_a_refusal_names_the_element_and_the_line():
    content = document(drawing(script("a", "=1 +", "x"))).replace(
        b"<bpmn:scriptTask", b"\n\n<bpmn:scriptTask"
    )

    with pytest.raises(NotExecutable) as caught:
        load(Bundle({"x.bpmn": content}), Host())

    assert (caught.value.file, caught.value.element, caught.value.line) == ("x.bpmn", "a", 3)


@pytest.mark.parametrize(
    ("name", "content"),
    [("x.bpmn", b"<a/>"), ("x.bpmn", b"no"), ("x.dmn", b"no"), ("x.form", b"no"), ("x.exe", b"MZ")],
)
def test_an_unreadable_file_is_refused_by_name(name, content):
    with pytest.raises(NotExecutable) as caught:
        load(Bundle({name: content}), Host())

    assert caught.value.file == name


def test_two_files_may_use_the_same_ids_but_not_the_same_process():
    inner = (start("s2"), person("b"), end("e2"), flows("s2>b>e2"))
    nodes = (start(), node("subProcess", "sub", *inner), end(), flows("s>sub>e"))
    one, other = document(process(*nodes)), document(process(*nodes, name="q"))

    assert set(load(Bundle({"1.bpmn": one, "2.bpmn": other}), Host()).processes) == {"p", "q"}
    with pytest.raises(NotExecutable):
        load(Bundle({"1.bpmn": one, "2.bpmn": one}), Host())


@pytest.mark.parametrize("name", ["Start", "End", "p.EndJoin", "Root"])
def test_any_id_is_free_for_elements(name):
    trace = Trace(start("s"), person(name), end("e"), flows(f"s>{name}>e"))

    assert trace.complete(name).finished

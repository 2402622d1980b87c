"""Every promise about how diagrams run: one small diagram and one trace each, see `traces`."""

import shutil

import pytest
import time_machine

from bpmn.bundle import Bundle
from bpmn.feel import compile_expression
from bpmn.lint import Severity, check
from engine import clock
from engine.database import connect
from tests.conformance import traces, worlds
from tests.conformance.engine_world import Engine
from tests.conformance.memory_world import Memory

SHARED = {name: (traces.HERE / name).read_bytes() for name in ("answer.form", "rule.dmn")}
GATE = worlds.house(clock.now)
LEAST = 100
TOLD_BY_THE_GATE = {
    "error-nobody-catches": ["caught_errors"],
    "exclusive-merge-passes-each": ["balanced_gateways"],
    "multi-instance-nested": ["loops"],
}
"""What is hardly ever meant, and how it runs all the same; the first is refused."""
REFUSED = {"error-nobody-catches"}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_database(request, tmp_path_factory):
    """One database for all traces: each clears up behind itself."""
    if request.param == "sqlite":
        file = tmp_path_factory.mktemp("traces") / "traces.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), file)
        engine = connect(f"sqlite:///{file}")
        yield engine
        engine.dispose()
        return
    with request.getfixturevalue("postgresql_cluster").database() as url:
        engine = connect(url.render_as_string(hide_password=False))
        yield engine
        engine.dispose()


def bundle_of(trace):
    shared = {name: content for name, content in SHARED.items() if _is_used(name, trace.diagram)}
    return Bundle({f"{trace.name}.bpmn": trace.diagram, **shared})


def _is_used(name, diagram):
    stem = name.partition(".")[0].encode()
    return b'formId="' + stem in diagram or b'decisionId="' + stem in diagram


def feel(text):
    return compile_expression(text).evaluate({}, GATE)


def play(world, trace):
    ended = []
    for moment in trace.moments:
        where = f"{trace.name}.trace, line {moment.line}"
        world.renew()
        assert act(world, moment) == moment.then.fails, where
        compare(world, moment.then, ended, where)


def act(world, moment):
    """Do it, and tell at which element it was refused, if it was."""
    values = feel(moment.values) if moment.values else {}
    try:
        match moment.verb:
            case "complete" | "job":
                getattr(world, moment.verb)(*moment.place, values)
            case "fail":
                world.fail(*moment.place, moment.words[1])
            case "wait":
                world.wait(" ".join(moment.words))
            case "cancel":
                world.cancel()
            case "start" | "signal" | "message":
                getattr(world, moment.verb)(*moment.words, values=values)
    except worlds.Refused as refused:
        return refused.element
    return None


def compare(world, said, ended, where):
    passed = world.drain()
    if said.ended == []:
        assert (world.waits(), len(world.ended())) == ([], world.begun()), where
    else:
        ended += said.ended or []
        assert sorted(world.ended()) == sorted(ended), where
    if said.waits is not None:
        assert world.waits() == said.waits, where
    for passage, elements in said.passed.items():
        found = [element for kind, element in passed if kind == passage]
        assert found == elements, f"{where}: {passage}"
    for element, due in said.due:
        assert world.due(element) == due, f"{where}: {element}"
    compare_variables(world, said, where)


def compare_variables(world, said, where):
    for process, name, value in said.variables:
        assert world.variables(process).get(name) == feel(value), f"{where}: {name}"
    for name in said.missing:
        assert name not in world.variables(None), f"{where}: {name}"


@pytest.mark.parametrize("name", traces.names())
def test_the_promise_is_kept_in_memory(name):
    trace = traces.read(name)

    play(Memory(bundle_of(trace)), trace)


@pytest.mark.parametrize("name", traces.names())
def test_the_promise_is_kept_by_the_engine(shared_database, name):
    trace = traces.read(name)

    with time_machine.travel(worlds.NOON, tick=False) as traveller:
        world = Engine(shared_database, bundle_of(trace), traveller)
        try:
            play(world, trace)
        finally:
            world.clear()


@pytest.mark.parametrize("name", traces.names())
def test_the_deploy_gate_finds_nothing_wrong(name):
    trace = traces.read(name)
    told = {one for moment in trace.moments if moment.values for one in feel(moment.values)}

    found = check(bundle_of(trace), worlds.house(clock.now, told))

    assert [finding.rule for finding in found] == TOLD_BY_THE_GATE.get(name, [])
    assert name in REFUSED or all(each.severity is Severity.WARNING for each in found)


def test_every_diagram_has_its_trace():
    diagrams = sorted(file.stem for file in traces.HERE.glob("*.bpmn"))

    assert diagrams == traces.names()
    assert len(diagrams) >= LEAST

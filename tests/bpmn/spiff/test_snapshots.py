import random
from pathlib import Path

import orjson
import pytest

from bpmn.host import Host
from bpmn.spiff.errors import UnreadableSnapshot
from bpmn.spiff.run import ProcessRun, SpoiltRunError
from tests.bpmn.spiff.drawing import Clock, Trace, end, flows, person, process, read, start
from tests.bpmn.spiff.test_sharing import CHILD, EVERYTHING

STORED = Path(__file__).parent.parent / "snapshots"
CHAIN = (start(), person("a"), person("b"), end(), flows("s>a>b>e"))


def test_a_snapshot_of_a_snapshot_is_the_same():
    definitions = read(EVERYTHING, CHILD, host=Host(now=Clock()))
    run = ProcessRun.begin(definitions, "p", {"case_id": "C-1"})
    run.settle()

    stored = run.snapshot()

    assert ProcessRun.restore(definitions, stored).snapshot() == stored
    assert len(stored) < 4_000


def test_the_history_holds_no_more_than_what_is_open():
    trace = Trace(*CHAIN)

    trace.complete("a")

    assert [row[2] for row in orjson.loads(trace.stored)["levels"][0][3]] == ["b"]


@pytest.mark.proves("R18")
@pytest.mark.whole
@pytest.mark.parametrize("path", sorted(STORED.glob("*.json")), ids=lambda path: path.stem)
def test_states_stored_by_earlier_versions_still_run_to_their_end(path):
    definitions = read(EVERYTHING, CHILD, host=Host(now=Clock()))
    run = ProcessRun.restore(definitions, path.read_text())

    while run.waiting_messages() or run.waiting_tasks():
        for one in run.waiting_messages():
            run.deliver(one.token, {})
        for one in run.waiting_tasks()[:1]:
            run.complete(one.token, {})
        run.settle()

    assert run.is_finished


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"v": 1}',
        '{"v": 999}',
        '{"v": 1, "n": 2, "done": false, "levels": [[0, "p", {}, [[2, 0, "gone", 16]]]]}',
        '{"v": 1, "n": 2, "done": false, "levels": [[0, "gone", {}, []]]}',
        '{"v": 1, "n": 2, "done": false, "levels": [[7, "p", {}, []]]}',
        '{"v": 1, "n": 2, "done": false, "levels": [[0, "p", {"x": {"?": 1}}, []]]}',
        '{"v": 1, "n": 2, "done": false, "levels": [[0, "p", {}, [[2, 9, "a", 16]]]]}',
    ],
)
def test_a_state_that_does_not_fit_is_refused(text):
    definitions = read(process(*CHAIN))

    with pytest.raises(UnreadableSnapshot):
        ProcessRun.restore(definitions, text)


def test_only_a_settled_run_is_stored():
    trace = Trace(*CHAIN)
    run = trace.run

    run.complete(run.waiting_tasks()[0].token, {})

    with pytest.raises(SpoiltRunError):
        run.snapshot()


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_what_a_person_names_their_answer_does_no_harm():
    trace = Trace(*CHAIN)
    names = ["typename", "__builtins__", "max", "v", "levels", "c", "n", "t", "__class__"]

    trace.complete("a", **{name: {"typename": name} for name in names})

    assert trace.complete("b").finished


def steps_of(run):
    """List everything that may happen next, in an order that both runs share."""
    yield from (("complete", one.token, {"x": one.token}) for one in run.waiting_tasks())
    yield from (("deliver", one.token, {"y": one.token}) for one in run.waiting_messages())
    yield from (("fire", one.token) for one in run.waiting_timers())


@pytest.mark.parametrize("seed", range(60))
def test_a_run_that_was_never_stored_does_the_same(seed):
    clock, dice = Clock(), random.Random(seed)
    definitions = read(EVERYTHING, CHILD, host=Host(now=clock))
    kept = ProcessRun.begin(definitions, "p", {"case_id": "C-1"})
    kept.settle()
    stored = kept.snapshot()

    while not kept.is_finished:
        clock.advance(hours=dice.randrange(40))
        verb, *arguments = dice.choice(list(steps_of(kept)))
        other = ProcessRun.restore(definitions, stored)
        for run in (kept, other):
            getattr(run, verb)(*arguments)
            run.settle()
        stored = other.snapshot()

        assert stored == kept.snapshot()

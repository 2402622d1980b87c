"""A loop that hardly waits is stopped, whatever the gate made of it."""

import pytest

from bpmn.spiff.errors import BudgetExceeded
from bpmn.spiff.haste import MOST_MOVES
from tests.bpmn.spiff.drawing import Trace, after, catch, end, flows, job, node, person, start

ROUND = (
    start(),
    node("exclusiveGateway", "way", default="way_e"),
    end(),
    flows("s>way>e;way>t[=case_id != null]"),
)


def hurried(*nodes, path, times=MOST_MOVES, move="fire"):
    trace = Trace(*ROUND, *nodes, flows(path))
    run = trace.run
    for _ in range(times):
        element = run.waiting_timers() if move == "fire" else run.waiting_jobs()
        _go(run, element[0].token, move)
    trace.stored = run.snapshot()
    return trace


def _go(run, token, move):
    if move == "fire":
        run.fire(token)
    else:
        run.finish_job(token, {})
    run.settle()
    run.passed()


@pytest.mark.parametrize(
    ("drawn", "move"), [(catch("t", after("PT0S")), "fire"), (job("t"), "finish")]
)
def test_a_loop_without_a_rest_is_stopped(drawn, move):
    trace = hurried(drawn, path="t>way", move=move)

    with pytest.raises(BudgetExceeded):
        getattr(trace, move)("t")


def test_a_minute_of_rest_lets_it_go_on():
    trace = hurried(catch("t", after("PT0S")), path="t>way")

    trace.clock.advance(minutes=1)

    trace.fire("t").fire("t")


def test_what_a_person_does_lets_it_go_on():
    nodes = (person("ask"), job("t"))
    trace = Trace(*ROUND, *nodes, flows("t>ask>way"))
    run = trace.run
    for _ in range(3):
        _go(run, run.waiting_jobs()[0].token, "finish")
        run.complete(run.waiting_tasks()[0].token, {})
        run.settle()

    trace.stored = run.snapshot()

    assert '"h"' not in trace.stored

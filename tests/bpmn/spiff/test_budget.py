import pytest
from SpiffWorkflow.util.task import TaskIterator

from bpmn.model import NotExecutable
from bpmn.spiff.errors import BudgetExceeded, LostTokenError
from bpmn.spiff.run import ProcessRun, SpoiltRunError
from bpmn.spiff.tokens import Token
from tests.bpmn.spiff.drawing import (
    Trace,
    boundary,
    call,
    end,
    flows,
    message,
    node,
    person,
    process,
    read,
    script,
    start,
)

ROUND = (
    start(),
    node("exclusiveGateway", "x"),
    person("a"),
    script("k", "=n + 1", "n"),
    node("exclusiveGateway", "y", default="y_x"),
    end(),
    flows("s>x>a>k>y;y>x;y>e[=n >= 5000]"),
)


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_the_5000th_round_costs_what_the_first_did(monkeypatch):
    made = []
    build = Token.__init__
    monkeypatch.setattr(Token, "__init__", lambda *args: made.append(1) or build(*args))
    trace = Trace(*ROUND, variables={"n": 0})
    tokens, sizes = set(), []

    while not trace.finished:
        made.clear()
        run = ProcessRun.restore(trace.definitions, trace.stored)
        run.complete(run.waiting_tasks()[0].token, {})
        run.settle()
        trace.stored = run.snapshot()
        tokens.add(len(made))
        sizes.append(len(trace.stored))

    assert len(sizes) == 5000
    assert max(tokens) <= 8
    assert max(sizes) - min(sizes) <= 20


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_a_round_without_a_wait_runs_out_of_steps_and_changes_nothing():
    trace = Trace(
        start(),
        person("a"),
        node("exclusiveGateway", "x"),
        node("exclusiveGateway", "y", default="y_x"),
        end(),
        flows("s>a>x>y;y>x;y>e[=false]"),
    )
    before = trace.stored

    with pytest.raises(BudgetExceeded):
        trace.complete("a")

    assert trace.stored == before
    assert trace.waits == ["a"]


def test_a_round_that_doubles_its_tokens_is_stopped():
    with pytest.raises(BudgetExceeded):
        Trace(
            start(),
            node("exclusiveGateway", "x"),
            node("parallelGateway", "g"),
            node("intermediateThrowEvent", "i"),
            end(),
            flows("s>x>g>i>x;g>x"),
        )


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_a_process_that_calls_itself_is_stopped():
    with pytest.raises(BudgetExceeded):
        Trace(start(), call("c", "p"), end(), flows("s>c>e"))


def test_twenty_calls_deep_is_fine():
    trace = Trace(
        start(),
        node("exclusiveGateway", "x", default="x_a"),
        call(
            "c", "p", '<zeebe:ioMapping><zeebe:input source="=n + 1" target="n"/></zeebe:ioMapping>'
        ),
        person("a"),
        end(),
        flows("s>x;x>c[=n < 20];x>a>e;c>e"),
        variables={"n": 0},
    )

    assert trace.complete("a").finished


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_a_chain_of_300_nodes_is_read_and_one_more_is_refused():
    def chain(length):
        names = [f"n{number}" for number in range(length - 2)]
        middle = [node("intermediateThrowEvent", name) for name in names]
        return process(start(), *middle, end(), flows(">".join(["s", *names, "e"])))

    assert len(read(chain(300)).processes["p"].elements) == 300
    with pytest.raises(NotExecutable):
        read(chain(301))


def test_a_long_chain_is_followed_to_its_end():
    names = [f"n{number}" for number in range(290)]
    trace = Trace(
        start(),
        *[node("intermediateThrowEvent", name) for name in names],
        end(),
        flows(">".join(["s", *names, "e"])),
    )

    assert trace.finished


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_after_an_error_the_run_is_of_no_use_but_the_stored_state_is():
    trace = Trace(start(), person("a"), script("b", "=function(x) x", "f"), end(), flows("s>a>b>e"))
    run = trace.run
    run.complete(run.waiting_tasks()[0].token, {})
    with pytest.raises(Exception, match="cannot be kept"):
        run.settle()

    for use in (run.settle, run.snapshot, run.cancel):
        with pytest.raises(SpoiltRunError):
            use()

    assert trace.run.waiting_tasks()


def test_the_library_never_walks_its_tree(monkeypatch):
    def refuse(*_args, **_more):
        raise AssertionError

    monkeypatch.setattr(TaskIterator, "__init__", refuse)
    inner = (start("s2"), person("a"), end("e2"), flows("s2>a>e2"))
    trace = Trace(
        start(),
        node("parallelGateway", "g"),
        node("subProcess", "sub", *inner),
        boundary("m", "sub", message()),
        person("b"),
        node("inclusiveGateway", "j"),
        end("e"),
        flows("s>g>sub>j;g>b>j>e;m>e"),
    )

    trace.complete("b").complete("a")

    assert trace.finished


def test_numbers_of_tokens_are_never_used_again():
    trace = Trace(*ROUND, variables={"n": 0})
    seen = []

    for _ in range(50):
        seen.append(trace.run.waiting_tasks()[0].token)
        trace.complete("a")

    assert seen == sorted(set(seen))


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_a_token_that_nothing_leads_to_is_never_stored():
    trace = Trace(start(), person("a"), person("b"), end(), flows("s>a>b>e"))
    run = trace.run
    run._instance.root.tasks[2]._parent = 999

    with pytest.raises(LostTokenError):
        run.settle()


def test_an_instance_that_ends_with_an_open_task_is_never_stored():
    run = Trace(start(), person("a"), end(), flows("s>a>e")).run
    run._instance.is_finished = True

    with pytest.raises(LostTokenError):
        run.settle()

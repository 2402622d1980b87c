import pytest

from bpmn.spiff.errors import ElementFailed, Stuck
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    catch,
    end,
    flows,
    message,
    node,
    person,
    script,
    start,
)

PARALLEL = (node("parallelGateway", "g"), node("parallelGateway", "j"))
INCLUSIVE = (node("inclusiveGateway", "g", default="g_k"), node("inclusiveGateway", "j"))


def test_the_first_condition_that_holds_wins_in_the_order_of_the_file():
    trace = Trace(
        start(),
        node("exclusiveGateway", "g", default="g_c"),
        person("a"),
        person("b"),
        person("c"),
        end(),
        flows("s>g;g>a[=x > 1];g>b[=x > 0];g>c;a>e;b>e;c>e"),
        variables={"x": 2},
    )

    assert trace.waits == ["a"]


@pytest.mark.parametrize(("x", "goes"), [(5, "a"), (0, "c")])
def test_the_default_is_taken_when_nothing_holds(x, goes):
    trace = Trace(
        start(),
        node("exclusiveGateway", "g", default="g_c"),
        person("a"),
        person("c"),
        end(),
        flows("s>g;g>a[=x > 1];g>c;a>e;c>e"),
        variables={"x": x},
    )

    assert trace.waits == [goes]


def test_a_gateway_without_default_fails_by_name_when_nothing_holds():
    with pytest.raises(ElementFailed) as caught:
        Trace(
            start(),
            node("exclusiveGateway", "g"),
            person("a"),
            end(),
            flows("s>g;g>a[=false];a>e"),
        )

    assert caught.value.element == "g"


def test_a_parallel_join_waits_for_every_branch_in_any_order():
    for order in ("ab", "ba"):
        trace = Trace(start(), *PARALLEL, person("a"), person("b"), end(), flows("s>g>a>j;g>b>j>e"))

        trace.complete(order[0])

        assert trace.waits == [order[1]]
        trace.complete(order[1])
        assert trace.finished


def test_a_join_in_a_loop_waits_in_every_round_whoever_is_first():
    trace = Trace(
        start(),
        node("exclusiveGateway", "x"),
        *PARALLEL,
        person("a"),
        person("b"),
        script("k", "=n + 1", "n"),
        node("exclusiveGateway", "y", default="y_e"),
        end(),
        flows("s>x>g>a>j;g>b>j>k>y;y>x[=n < 3];y>e"),
        variables={"n": 0},
    )

    for first, second in ("ab", "ba", "ab"):
        trace.complete(first)
        assert trace.waits == [second]
        trace.complete(second)

    assert trace.finished
    assert trace.variables.n == 3


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_both_tokens_pass_an_exclusive_merge_and_meet_again_never():
    trace = Trace(
        start(),
        node("parallelGateway", "g"),
        node("intermediateThrowEvent", "i"),
        node("exclusiveGateway", "m"),
        person("a"),
        end(),
        flows("s>g>i>m;g>m>a>e"),
    )

    assert trace.waits == ["a", "a"]
    trace.complete("a").complete("a")
    assert trace.finished


def test_a_join_that_can_never_open_is_reported_not_kept():
    trace = Trace(
        start(),
        person("u"),
        node("exclusiveGateway", "x", default="x_b"),
        person("a"),
        person("b"),
        node("parallelGateway", "j"),
        end(),
        flows("s>u>x;x>a[=false];x>b;a>j;b>j>e"),
    ).complete("u")

    with pytest.raises(Stuck):
        trace.complete("b")

    assert trace.waits == ["b"]


@pytest.mark.parametrize("order", ["ab", "ba"])
def test_an_inclusive_join_waits_for_the_branches_that_were_taken(order):
    trace = Trace(
        start(),
        *INCLUSIVE,
        person("a"),
        person("b"),
        person("k"),
        end(),
        flows("s>g;g>a[=true];g>b[=true];g>k;a>j;b>j;k>j>e"),
    )

    trace.complete(order[0])
    assert trace.waits == [order[1]]
    trace.complete(order[1])

    assert trace.finished
    assert trace.passages("e") == ["e entered", "e left"]


def test_an_inclusive_join_goes_on_when_only_one_branch_was_taken():
    trace = Trace(
        start(),
        *INCLUSIVE,
        person("a"),
        person("b"),
        person("k"),
        end(),
        flows("s>g;g>a[=true];g>b[=false];g>k;a>j;b>j;k>j>e"),
    )

    trace.complete("a")

    assert trace.finished


def test_an_inclusive_join_in_a_loop_works_in_every_round():
    trace = Trace(
        start(),
        node("exclusiveGateway", "x"),
        *INCLUSIVE,
        person("a"),
        person("b"),
        person("k"),
        script("c", "=n + 1", "n"),
        node("exclusiveGateway", "y", default="y_e"),
        end(),
        flows("s>x>g;g>a[=true];g>b[=true];g>k;a>j;b>j;k>j>c>y;y>x[=n < 3];y>e"),
        variables={"n": 0},
    )

    for first, second in ("ab", "ba", "ba"):
        trace.complete(first).complete(second)

    assert trace.finished


def test_an_inclusive_join_waits_for_a_branch_that_a_boundary_event_may_open():
    trace = Trace(
        start(),
        *INCLUSIVE,
        person("a"),
        person("b"),
        person("k"),
        boundary("t", "b", after("P1D")),
        person("late"),
        end(),
        flows("s>g;g>a[=true];g>b[=true];g>k;a>j;b>j;k>j>e;t>late>j"),
    )

    trace.complete("a")
    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["late"]
    assert trace.complete("late").finished


def race():
    return Trace(
        start(),
        node("eventBasedGateway", "g"),
        catch("m", message()),
        catch("t", after("P1D")),
        person("a"),
        person("b"),
        end(),
        flows("s>g>m>a>e;g>t>b>e"),
    )


def test_the_first_event_behind_a_gateway_decides():
    by_letter, by_time = race(), race()

    by_letter.deliver("m", answer="yes")
    by_time.clock.advance(days=2)
    by_time.fire("t")

    assert (by_letter.waits, by_time.waits) == (["a"], ["b"])
    assert by_letter.variables.answer == "yes"
    assert by_time.passages("m", "t") == ["t entered", "t left"]

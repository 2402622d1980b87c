from decimal import Decimal

import pytest

from bpmn.spiff.errors import BudgetExceeded, ElementFailed
from tests.bpmn.spiff.drawing import (
    Trace,
    boundary,
    call,
    each,
    end,
    error,
    flows,
    mapping,
    node,
    person,
    process,
    script,
    start,
)

COLLECTING = {"collects": "heard", "element": "={id: party.id, agrees: agrees}"}
PARTIES = [{"id": "x"}, {"id": "y"}, {"id": "z"}]


def hearing(*, sequential=False, **more):
    loop = each("=parties", "party", sequential=sequential, **(COLLECTING | more))
    return Trace(
        start(),
        person("a", mapping({"who": "=party.id"}), inside=loop),
        person("b"),
        end(),
        flows("s>a>b>e"),
        variables={"parties": PARTIES},
    )


def answer(trace, position, **values):
    trace.change(lambda run: run.complete(run.waiting_tasks()[position].token, values))


def test_all_instances_wait_at_once_and_results_stand_in_the_order_of_the_list():
    trace = hearing()

    assert trace.waits == ["a", "a", "a"]
    answer(trace, 2, agrees=3)
    answer(trace, 0, agrees=1)
    answer(trace, 0, agrees=2)

    assert [one["agrees"] for one in trace.variables.heard] == [1, 2, 3]
    assert [one["id"] for one in trace.variables.heard] == ["x", "y", "z"]
    assert trace.waits == ["b"]


def test_one_after_another_when_sequential():
    trace = hearing(sequential=True)

    for number in (1, 2, 3):
        assert trace.waits == ["a"]
        answer(trace, 0, agrees=number)

    assert [one["agrees"] for one in trace.variables.heard] == [1, 2, 3]


def test_the_list_is_read_once_even_if_it_changes_meanwhile():
    trace = hearing(sequential=True)

    answer(trace, 0, parties=[], agrees=1)

    assert trace.waits == ["a"]


def test_what_is_local_to_an_instance_stays_there():
    trace = hearing()

    for _ in PARTIES:
        answer(trace, 0, agrees=True)

    assert {"party", "who", "loopCounter"}.isdisjoint(vars(trace.variables))


def test_nothing_to_do_is_done_at_once():
    trace = Trace(
        start(),
        person("a", inside=each("=[]", "party", **COLLECTING)),
        person("b"),
        end(),
        flows("s>a>b>e"),
    )

    assert (trace.waits, trace.variables.heard) == (["b"], [])
    assert trace.passages("a") == ["a entered", "a left"]


@pytest.mark.parametrize("sequential", [False, True])
def test_enough_answers_end_the_rest(sequential):
    trace = hearing(
        sequential=sequential, until="=count(heard[item != null]) = 2 and loopCounter > 0"
    )

    answer(trace, 0, agrees=1)
    answer(trace, 0, agrees=2)

    assert trace.waits == ["b"]
    assert [one and one["agrees"] for one in trace.variables.heard] == [1, 2, None]


def test_a_second_round_begins_with_an_empty_list():
    trace = Trace(
        start(),
        node("exclusiveGateway", "x"),
        person("a", inside=each("=[1, 2]", "n", collects="out", element="=n * v")),
        node("exclusiveGateway", "y", default="y_e"),
        end(),
        flows("s>x>a>y;y>x[=again];y>e"),
    )

    answer(trace, 0, v=1, again=True)
    answer(trace, 0, v=1)
    answer(trace, 1, v=10, again=False)
    assert trace.variables.out == [1, 2]
    answer(trace, 0, v=10)

    assert trace.finished
    assert trace.variables.out == [10, 20]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_subprocess_for_each_item_keeps_its_own_inputs(sequential):
    inner = (start("s2"), person("a"), person("b"), end("e2"), flows("s2>a>b>e2"))
    trace = Trace(
        start(),
        node(
            "subProcess",
            "sub",
            *inner,
            each("=[10, 20]", "n", "sums", "=total", sequential=sequential),
            extensions=mapping({"total": "=n"}),
        ),
        end(),
        flows("s>sub>e"),
    )

    while not trace.finished:
        task = trace.run.waiting_tasks()[-1]
        trace.change(lambda run, task=task: run.complete(task.token, {}))

    assert trace.variables.sums == [10, 20]
    assert not hasattr(trace.variables, "total")


def test_instances_of_a_subprocess_do_not_share_what_is_theirs():
    inner = (start("s2"), person("a"), person("b"), end("e2"), flows("s2>a>b>e2"))
    trace = Trace(
        start(),
        node(
            "subProcess",
            "sub",
            *inner,
            each("=[1, 2]", "n", "out", "=tries"),
            extensions=mapping({"tries": "=0"}),
        ),
        end(),
        flows("s>sub>e"),
    )

    answer(trace, 0, tries=5)
    answer(trace, 1, tries=7)
    answer(trace, 1)
    answer(trace, 0)

    assert trace.variables.out == [5, 7]


def test_a_call_for_each_item_collects_what_came_back():
    child = process(start("s2"), person("a"), end("e2"), flows("s2>a>e2"), name="child")
    closed = {"propagateAllParentVariables": "false", "propagateAllChildVariables": "false"}
    trace = Trace(
        start(),
        call(
            "c",
            "child",
            mapping({"who": "=party"}, {"last": "=answer"}),
            each('=["x", "y"]', "party", "all", "=answer"),
            **closed,
        ),
        end(),
        flows("s>c>e"),
        extra=[child],
    )

    answer(trace, 1, answer="second")
    answer(trace, 0, answer="first")

    assert trace.variables.all == ["first", "second"]


def test_an_error_in_one_instance_ends_them_all():
    inner = (start("s2"), person("a"), end("bad", error()), flows("s2>a>bad"))
    trace = Trace(
        start(),
        node("subProcess", "sub", *inner, each("=[1, 2, 3]", "n")),
        boundary("x", "sub", error()),
        person("r"),
        end("e"),
        flows("s>sub>e;x>r>e"),
    )

    answer(trace, 1)

    assert trace.waits == ["r"]


def test_the_counter_starts_at_one():
    trace = Trace(
        start(),
        script("a", "=loopCounter * 10", "unused").replace(
            "</bpmn:scriptTask>",
            each("=[1, 1]", "n", "out", "=unused", sequential=True) + "</bpmn:scriptTask>",
        ),
        person("b"),
        end(),
        flows("s>a>b>e"),
    )

    assert trace.variables.out == [Decimal(10), Decimal(20)]


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_more_than_200_instances_are_refused_before_one_is_made():
    variables = {"many": list(range(201))}

    with pytest.raises(BudgetExceeded):
        Trace(
            start(),
            person("a", inside=each("=many")),
            end(),
            flows("s>a>e"),
            variables=variables,
        )


def test_200_instances_are_fine():
    trace = Trace(
        start(),
        person("a", inside=each("=many")),
        end(),
        flows("s>a>e"),
        variables={"many": list(range(200))},
    )

    assert len(trace.waits) == 200


def test_what_is_no_list_is_refused_by_name():
    with pytest.raises(ElementFailed) as caught:
        Trace(start(), person("a", inside=each("=missing")), end(), flows("s>a>e"))

    assert caught.value.element == "a"


def test_a_called_process_that_gives_everything_keeps_what_it_got_for_itself():
    child = process(start("s2"), person("a"), end("e2"), flows("s2>a>e2"), name="child")
    trace = Trace(
        start(),
        call("c", "child", inside=each("=[1, 2]", "n", "out", "=n")),
        person("b"),
        end(),
        flows("s>c>b>e"),
        extra=[child],
    )

    answer(trace, 0, found="x")
    answer(trace, 0, found="y")

    assert vars(trace.variables) == {"case_id": "C-1", "found": "y", "out": [1, 2]}

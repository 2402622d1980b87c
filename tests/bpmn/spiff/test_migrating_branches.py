"""Branches, calls and runs go over whole: no join waits for ever, no run is lost."""

from bpmn.migration import Wishes
from bpmn.spiff.migrating import Route
from tests.bpmn.spiff.drawing import (
    call,
    each,
    end,
    flows,
    mapping,
    node,
    person,
    process,
    start,
)
from tests.bpmn.spiff.migrating import Move, hindrances

PARALLEL = (
    start(),
    node("parallelGateway", "g"),
    person("a"),
    person("b"),
    node("parallelGateway", "j"),
    person("last"),
    end(),
    flows("s>g>a>j;g>b>j>last>e"),
)


def test_a_branch_that_is_new_behind_the_token_would_never_be_taken():
    move = Move(*PARALLEL).complete("a")

    found = hindrances(
        lambda: move.to(
            start(),
            node("parallelGateway", "g"),
            person("a"),
            person("b"),
            person("c"),
            node("parallelGateway", "j"),
            person("last"),
            end(),
            flows("s>g>a>j;g>b>j>last>e;g>c>j"),
        )
    )

    assert [element for element, _ in found] == ["j"]


def test_a_join_that_is_complete_in_the_new_diagram_goes_on_at_once():
    branches = [person("a"), person("b")]
    move = Move(*PARALLEL).complete("a")
    wishes = Wishes(elements={("p", "b"): "beside"})

    move.to(
        start(),
        node("parallelGateway", "g"),
        *branches,
        person("beside"),
        node("parallelGateway", "j"),
        person("last"),
        end("e"),
        end("e2"),
        flows("s>g>a>j>last>e;g>beside>e2;g>b>e2"),
        wishes=wishes,
    )

    assert move.waits == ["beside", "last"]


def test_a_join_whose_way_in_is_gone_says_where_the_process_came_from():
    move = Move(*PARALLEL).complete("a")

    found = hindrances(
        lambda: move.to(
            start(),
            node("parallelGateway", "g"),
            person("z"),
            person("b"),
            node("parallelGateway", "j"),
            person("last"),
            end(),
            flows("s>g>z>j;g>b>j>last>e"),
        )
    )

    assert found[0][0] == "j"
    assert "came from “a”" in found[0][1]


CALLED = process(start("s2"), person("x"), person("y"), end("e2"), flows("s2>x>y>e2"), name="c")

CALLING = (start(), call("call", "c"), end(), flows("s>call>e"))


def test_a_called_process_goes_over_with_its_caller():
    move = Move(*CALLING, extra=[CALLED])
    longer = process(start("s2"), person("x"), person("w"), end("e2"), flows("s2>x>w>e2"), name="c")

    move.to(*CALLING, extra=[longer])

    assert move.complete("x").waits == ["w"]
    assert move.complete("w").finished


def test_a_call_of_another_process_takes_the_variables_along():
    move = Move(
        start(), call("call", "c", mapping({"n": "=7"})), end(), flows("s>call>e"), extra=[CALLED]
    )
    other = process(
        start("s2"), person("x"), person("w"), end("e2"), flows("s2>x>w>e2"), name="other"
    )

    move.to(
        start(),
        call("call", "other", mapping({"n": "=7"})),
        end(),
        flows("s>call>e"),
        extra=[other],
        wishes=Wishes(processes={"c": "other"}),
    )

    assert move.find("tasks", "x").process == "other"
    assert move.run.visible_at(move.find("tasks", "x").token)["n"] == 7


def test_what_stands_in_a_called_process_that_changed_too_much_hinders():
    move = Move(*CALLING, extra=[CALLED])
    shorter = process(start("s2"), person("y"), end("e2"), flows("s2>y>e2"), name="c")

    found = hindrances(lambda: move.to(*CALLING, extra=[shorter]))

    assert found == [("x", "“x” is no longer in the diagram.")]


def test_runs_of_a_repeated_activity_go_on_one_by_one():
    repeated = (start(), person("a", inside=each("=[1,2,3]")), end(), flows("s>a>e"))
    move = Move(*repeated).complete("a")

    move.to(start(), person("a", inside=each("=[1,2,3,4]")), person("b"), end(), flows("s>a>b>e"))

    assert move.waits == ["a", "a"]
    assert move.complete("a").complete("a").waits == ["b"]


def test_a_repeated_activity_does_not_become_a_single_one():
    repeated = (start(), person("a", inside=each("=[1,2]")), end(), flows("s>a>e"))

    found = hindrances(lambda: Move(*repeated).to(start(), person("a"), end(), flows("s>a>e")))

    assert {element for element, _ in found} == {"a"}


def test_a_migration_there_and_back_gives_the_same_state():
    move = Move(*PARALLEL).complete("a")
    before = move.stored
    old = move.definitions

    move.to(*PARALLEL, person("spare"))
    back = Route.between(move.definitions, old, Wishes())
    run = move.run
    run.migrate(back)
    run.settle()

    assert run.snapshot() == before

"""A running process goes on in another diagram where it stood, or says what hinders it."""

import random

import pytest

from bpmn.host import Host
from bpmn.migration import Wishes, WishUnknown
from bpmn.spiff.migrating import Route
from bpmn.spiff.run import ProcessRun
from tests.bpmn.spiff.drawing import (
    Clock,
    Trace,
    end,
    flows,
    job,
    mapping,
    node,
    person,
    read,
    script,
    start,
)
from tests.bpmn.spiff.migrating import PLAIN, Move, hindrances
from tests.bpmn.spiff.test_sharing import CHILD, EVERYTHING
from tests.bpmn.spiff.test_snapshots import steps_of


def test_a_task_goes_on_where_the_new_diagram_has_it():
    move = Move(*PLAIN)
    token = move.find("tasks", "a").token

    move.to(start(), person("a"), person("new"), end(), flows("s>a>new>e"))

    assert move.find("tasks", "a").token == token
    assert move.complete("a").waits == ["new"]


def test_a_task_that_is_gone_stays_where_it_is_and_says_so():
    move = Move(*PLAIN)

    found = hindrances(lambda: move.to(start(), person("b"), end(), flows("s>b>e")))

    assert found == [("a", "“a” is no longer in the diagram.")]
    assert move.waits == ["a"]


def test_a_task_of_the_same_label_takes_the_place_of_one_with_another_id():
    move = Move(start(), person("a", label="Call"), person("b"), end(), flows("s>a>b>e"))

    move.to(start(), person("z", label="Call"), person("b"), end(), flows("s>z>b>e"))

    assert move.waits == ["z"]


def test_tasks_without_a_label_are_never_taken_for_each_other():
    move = Move(start(), person("a"), end(), flows("s>a>e"))

    assert hindrances(lambda: move.to(start(), person("z"), end(), flows("s>z>e")))


def test_a_wish_says_what_takes_whose_place():
    move = Move(*PLAIN)

    move.to(
        start(),
        person("b"),
        end(),
        flows("s>b>e"),
        wishes=Wishes(elements={("p", "a"): "b", ("p", "b"): None}),
    )

    assert move.waits == ["b"]


def test_a_wish_for_what_is_not_there_is_refused():
    with pytest.raises(WishUnknown):
        Move(*PLAIN).to(*PLAIN, wishes=Wishes(elements={("p", "a"): "nowhere"}))


def test_a_renamed_process_goes_on_by_wish_alone():
    move = Move(*PLAIN)

    assert hindrances(lambda: move.to(*PLAIN, process_id="q")) == [
        ("p", "The new diagrams hold no process “p”.")
    ]
    move.to(*PLAIN, process_id="q", wishes=Wishes(processes={"p": "q"}))

    assert move.find("tasks", "a").process == "q"


def test_a_task_moved_into_a_sub_process_is_on_another_level():
    inner = node("subProcess", "sub", start("s3"), person("a"), end("e3"), flows("s3>a>e3"))

    found = hindrances(
        lambda: Move(*PLAIN).to(start(), inner, person("b"), end(), flows("s>sub>b>e"))
    )

    assert found == [("a", "“a” stands on another level of the new diagram.")]


def test_work_gets_the_inputs_that_are_new():
    move = Move(start(), job("work"), end(), flows("s>work>e"), variables={"x": 5})

    move.to(start(), job("work", "other", mapping({"n": "=x + 1"})), end(), flows("s>work>e"))

    found = move.find("jobs", "work")
    assert (found.type, dict(found.variables)) == ("other", {"n": 6})
    assert len(move.notices) == 2


def test_an_instance_that_ran_to_another_diagram_ends_as_if_it_had_begun_there():
    new = (
        start(),
        person("a"),
        script("k", "=1 + 1", "sum"),
        person("b"),
        end(),
        flows("s>a>k>b>e"),
    )

    move = Move(*PLAIN).to(*new).complete("a", x=1).complete("b")

    direct = Trace(*new).complete("a", x=1).complete("b")
    assert move.variables == direct.variables
    assert ProcessRun.restore(move.definitions, move.stored).is_finished


@pytest.mark.parametrize("seed", range(30))
def test_whatever_state_an_instance_is_in_the_same_diagrams_carry_it_unchanged(seed):
    clock, dice = Clock(), random.Random(seed)
    old, new = (read(EVERYTHING, CHILD, host=Host(now=clock)) for _ in range(2))
    route = Route.between(old, new, Wishes())
    run = ProcessRun.begin(old, "p", {"case_id": "C-1"})
    run.settle()

    while not run.is_finished:
        stored = run.snapshot()
        carried = ProcessRun.restore(old, stored)
        notices = carried.migrate(route)
        carried.settle()

        assert (notices, carried.snapshot()) == ([], stored)
        clock.advance(hours=dice.randrange(40))
        verb, *arguments = dice.choice(list(steps_of(run)))
        getattr(run, verb)(*arguments)
        run.settle()

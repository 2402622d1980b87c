import random

import pytest

from bpmn.host import Host
from bpmn.migration import CannotMigrate, Wishes, WishUnknown
from bpmn.spiff.migrating import Route
from bpmn.spiff.run import ProcessRun
from tests.bpmn.spiff.drawing import (
    Clock,
    Trace,
    after,
    boundary,
    call,
    catch,
    each,
    end,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    read,
    script,
    start,
    timer,
)
from tests.bpmn.spiff.test_sharing import CHILD, EVERYTHING
from tests.bpmn.spiff.test_snapshots import steps_of

PLAIN = (start(), person("a"), person("b"), end(), flows("s>a>b>e"))


class Move(Trace):
    """A process that is carried over to another diagram on its way."""

    def to(self, *nodes, extra=(), wishes=None, process_id="p"):
        new = read(process(*nodes, name=process_id), *extra, host=self.host)
        route = Route.between(self.definitions, new, wishes or Wishes())
        run = self.run
        self.notices = [(one.element, str(one.sentence)) for one in run.migrate(route)]
        run.settle()
        self.definitions = new
        self._keep(run)
        return self


def hindrances(moving):
    with pytest.raises(CannotMigrate) as refused:
        moving()
    return [(one.element, str(one.sentence)) for one in refused.value.hindrances]


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


WATCHED = (
    start(),
    person("a"),
    boundary("remind", "a", after("P1D"), interrupting=False),
    person("late"),
    end(),
    flows("s>a>e;remind>late>e"),
)
UNWATCHED = (start(), person("a"), person("late"), end(), flows("s>a>late>e"))


def test_an_armed_timer_keeps_its_date_when_its_formula_changes():
    move = Move(*WATCHED)
    due = move.due("remind")

    move.clock.advance(hours=3)
    move.to(
        start(),
        person("a"),
        boundary("remind", "a", after("P9D"), interrupting=False),
        person("late"),
        end(),
        flows("s>a>e;remind>late>e"),
    )

    assert move.due("remind") == due
    assert move.notices == [("remind", "“remind” keeps the date for which it is armed.")]


def test_a_reminder_that_is_new_begins_now():
    move = Move(*UNWATCHED)
    token = move.find("tasks", "a").token
    move.clock.advance(hours=5)

    move.to(*WATCHED)

    assert (move.due("remind") - move.clock.moment).days == 1
    assert move.find("tasks", "a").token == token
    move.clock.advance(days=2)
    assert move.fire("remind").waits == ["a", "late"]
    assert move.complete("a").complete("late").finished


def test_a_reminder_that_is_gone_ends_and_its_task_stays():
    move = Move(*WATCHED)

    move.to(*UNWATCHED)

    assert move.waits == ["a"]
    assert move.notices == [("remind", "“remind” is no longer waited for.")]
    assert move.complete("a").complete("late").finished


def test_a_reminder_that_has_fired_does_not_fire_again():
    move = Move(*WATCHED)
    move.clock.advance(days=2)
    move.fire("remind")

    move.to(*WATCHED)

    assert move.waits == ["a", "late"]


def test_a_timer_of_another_kind_at_an_activity_begins_anew():
    move = Move(*WATCHED)

    move.to(
        start(),
        person("a"),
        boundary("remind", "a", timer("timeCycle", "R/PT1H"), interrupting=False),
        person("late"),
        end(),
        flows("s>a>e;remind>late>e"),
    )

    assert (move.due("remind") - move.clock.moment).seconds == 3600


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


RACE = (
    start(),
    node("eventBasedGateway", "r"),
    catch("m", message()),
    catch("w", after("P2D")),
    end(),
    flows("s>r>m>e;r>w>e"),
)


def test_an_event_that_joins_a_race_is_waited_for_too():
    move = Move(*RACE)

    move.to(
        start(),
        node("eventBasedGateway", "r"),
        catch("m", message()),
        catch("w", after("P2D")),
        catch("soon", after("PT1H")),
        person("hurry"),
        end(),
        flows("s>r>m>e;r>w>e;r>soon>hurry>e"),
    )

    move.clock.advance(hours=2)
    assert move.fire("soon").waits == ["hurry"]


def test_an_event_that_leaves_a_race_is_waited_for_no_longer():
    other = catch("v", after("P3D"))
    move = Move(*RACE)

    move.to(
        start(),
        node("eventBasedGateway", "r"),
        catch("m", message()),
        other,
        end(),
        flows("s>r>m>e;r>v>e"),
    )

    assert move.waits == ["m", "v"]
    assert move.deliver("m").finished


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


def test_a_formula_that_fails_hinders():
    found = hindrances(
        lambda: Move(*UNWATCHED).to(
            start(),
            person("a"),
            boundary("remind", "a", after("=nothing"), interrupting=False),
            person("late"),
            end(),
            flows("s>a>e;remind>late>e"),
        )
    )

    assert [element for element, _ in found] == ["remind"]


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

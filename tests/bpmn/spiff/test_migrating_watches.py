"""What is armed and awaited goes over with the process: timers keep their dates, races their events."""

from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    catch,
    end,
    flows,
    message,
    node,
    person,
    start,
    timer,
)
from tests.bpmn.spiff.migrating import Move, hindrances

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


def test_a_letter_that_is_watched_for_is_awaited_under_the_new_key():
    by_other_key = (
        '<bpmn:message id="other" name="letter"><bpmn:extensionElements>'
        '<zeebe:subscription correlationKey="=code"/></bpmn:extensionElements></bpmn:message>'
    )

    def watched(reference):
        answer = boundary("answer", "a", message(reference), interrupting=False)
        return start(), person("a"), answer, end(), end("e2"), flows("s>a>e;answer>e2")

    move = Move(*watched("msg"), variables={"code": 7})
    token = move.find("messages", "answer").token

    move.to(*watched("other"), extra=(by_other_key,))

    now = move.find("messages", "answer")
    assert (now.token, now.key) == (token, "7")
    assert move.notices == [("answer", "“answer” now waits under the key of the new diagram.")]


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

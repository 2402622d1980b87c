from datetime import date, timedelta
from decimal import Decimal

import pytest

from bpmn.model import NotExecutable
from bpmn.spiff.errors import ElementFailed, NotWaiting, Stuck
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    berlin,
    boundary,
    call,
    catch,
    each,
    end,
    error,
    escalation,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    read,
    start,
    timer,
    zeebe,
)


def watched(kind, text, *, interrupting=True, host=None, **variables):
    """Draw a task `a` with a timer `t` on it that leads to the task `r`."""
    return Trace(
        start(),
        person("a"),
        boundary("t", "a", timer(kind, text), interrupting=interrupting),
        person("r"),
        end(),
        flows("s>a>e;t>r>e"),
        variables=variables,
        host=host,
    )


@pytest.mark.parametrize(
    ("kind", "text", "due"),
    [
        ("timeDuration", "P14D", berlin(2027, 1, 25, 12)),
        ("timeDuration", '=duration("PT36H")', berlin(2027, 1, 13, 0)),
        ("timeDuration", '=duration("P1M")', berlin(2027, 2, 11, 12)),
        ("timeDuration", '="P" + string(days) + "D"', berlin(2027, 1, 14, 12)),
        ("timeDate", "2027-07-15T09:00", berlin(2027, 7, 15, 9)),
        ("timeDate", "2027-07-15T09:00:00Z", berlin(2027, 7, 15, 11)),
        ("timeDate", "=day", berlin(2027, 3, 1)),
        ("timeDate", "2027-03-28T02:30", berlin(2027, 3, 28, 3)),
    ],
)
def test_a_timer_is_due_by_the_clock_on_the_wall(kind, text, due):
    trace = watched(kind, text, days=3, day=date(2027, 3, 1))

    assert trace.due("t") == due


def test_a_timer_does_nothing_before_its_time_and_fires_once_after():
    trace = watched("timeDuration", "P1D")
    token = trace.find("timers", "t").token

    trace.clock.advance(hours=23)
    trace.fire("t")
    assert trace.waits == ["a", "t"]
    trace.clock.advance(hours=1)
    trace.fire("t")

    assert trace.waits == ["r"]
    with pytest.raises(NotWaiting):
        trace.run.fire(token)


def test_a_reminder_leaves_the_task_where_it_is():
    trace = watched("timeDuration", "P1D", interrupting=False)

    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["a", "r"]
    assert trace.complete("a").waits == ["r"]


def test_a_daily_cycle_stays_at_its_hour_when_summer_time_begins():
    trace = watched("timeCycle", "R/2027-03-27T09:00/P1D", interrupting=False)

    seen = []
    for day in (27, 28, 29):
        seen.append(trace.due("t"))
        trace.clock.moment = berlin(2027, 3, day, 9)
        trace.fire("t")

    assert seen == [berlin(2027, 3, day, 9) for day in (27, 28, 29)]


def test_missed_rounds_of_a_cycle_fire_once():
    trace = watched("timeCycle", "R/PT15M", interrupting=False)

    trace.clock.advance(days=40, minutes=5)
    trace.fire("t")

    assert trace.waits == ["a", "r", "t"]
    assert trace.due("t") == berlin(2027, 2, 20, 12, 15)


def test_a_cycle_stops_after_its_last_round():
    trace = watched("timeCycle", "R3/P1D", interrupting=False)

    for _ in range(3):
        trace.clock.advance(days=1)
        trace.fire("t")

    assert trace.waits == ["a", "r", "r", "r"]


def test_rounds_that_were_missed_count():
    trace = watched("timeCycle", "R3/P1D", interrupting=False)

    trace.clock.advance(days=5)
    trace.fire("t")

    assert trace.waits == ["a", "r"]


def test_a_moved_deadline_moves_its_timer_counted_from_the_beginning():
    trace = watched("timeDuration", '=duration("P" + string(days) + "D")', days=3)

    trace.clock.advance(days=1)
    trace.change(lambda run: run._instance.root.variables.update(days=Decimal(7)))
    trace.change(lambda run: run.rearm())

    assert trace.due("t") == berlin(2027, 1, 18, 12)


@pytest.mark.parametrize("text", ["=now() + 5", "=null", '="soon"', '=duration("P11Y")'])
def test_a_formula_that_gives_no_time_names_the_event(text):
    with pytest.raises(ElementFailed) as caught:
        watched("timeDuration", text)

    assert caught.value.element == "t"


def test_a_letter_reaches_exactly_one_place_by_its_key():
    trace = Trace(
        start(),
        node("parallelGateway", "g"),
        catch("m1", message()),
        catch("m2", message()),
        person("a"),
        person("b"),
        end(),
        flows("s>g>m1>a>e;g>m2>b>e"),
    )
    waiting = trace.find("messages", "m1")

    trace.deliver("m1")

    assert (waiting.message, waiting.key) == ("letter", "C-1")
    assert trace.waits == ["a", "m2"]


def test_a_letter_can_come_again_where_it_does_not_interrupt():
    trace = Trace(
        start(),
        person("a"),
        boundary("m", "a", message(), interrupting=False),
        job("j"),
        end(),
        flows("s>a>e;m>j>e"),
    )

    trace.deliver("m", n=1).deliver("m", n=2).deliver("m", n=3)

    assert trace.waits == ["a", "j", "j", "j", "m"]
    assert trace.complete("a").waits == ["j", "j", "j"]


def test_a_key_is_kept_as_it_was_when_the_token_came():
    trace = Trace(
        start(),
        person("a"),
        boundary("m", "a", message()),
        person("b"),
        node("parallelGateway", "g"),
        end(),
        flows("s>g>a>e;g>b>e;m>e"),
    )

    trace.complete("b", case_id="other")

    assert trace.find("messages", "m").key == "C-1"


def test_without_a_key_nothing_waits_for_a_letter():
    with pytest.raises(ElementFailed):
        Trace(start(), catch("m", message()), end(), flows("s>m>e"), variables={"case_id": None})


def test_a_receive_task_with_a_deadline_is_one_place_in_the_history():
    trace = Trace(
        start(),
        node("receiveTask", "m", messageRef="msg"),
        boundary("t", "m", after("P1D")),
        end(),
        flows("s>m>e;t>e"),
    )

    trace.deliver("m")

    assert trace.passages("m", "t") == ["m entered", "m left"]
    assert trace.finished


INNER = (
    start("s2"),
    node("parallelGateway", "g"),
    person("a"),
    person("b"),
    end("bad", error()),
    end("e2"),
    flows("s2>g>a>bad;g>b>e2"),
)


def test_an_error_interrupts_its_subprocess_and_no_other():
    def twin(number):
        inner = "".join(INNER)
        for name in ("s2", "g", "a", "b", "bad", "e2"):
            inner = inner.replace(f'"{name}', f'"{name}{number}').replace(
                f"_{name}", f"_{name}{number}"
            )
        return node("subProcess", f"sub{number}", inner)

    trace = Trace(
        start(),
        node("parallelGateway", "f"),
        twin(1),
        twin(2),
        boundary("c1", "sub1", error()),
        boundary("c2", "sub2", error()),
        person("r1"),
        person("r2"),
        end(),
        flows("s>f>sub1>e;f>sub2>e;c1>r1>e;c2>r2>e"),
    )

    trace.complete("a1")

    assert trace.waits == ["a2", "b2", "r1"]


def test_the_innermost_boundary_for_the_code_catches_an_error():
    trace = Trace(
        start(),
        node(
            "subProcess",
            "outer",
            start("s1"),
            node("subProcess", "sub", *INNER),
            boundary("other", "sub", error("err2")),
            person("no"),
            end("e1"),
            flows("s1>sub>e1;other>no>e1"),
        ),
        boundary("any", "outer", "<bpmn:errorEventDefinition/>"),
        person("r"),
        end(),
        flows("s>outer>e;any>r>e"),
    )

    trace.complete("a")

    assert trace.waits == ["r"]


def test_an_error_leaves_a_called_process():
    trace = Trace(
        start(),
        call("c", "child"),
        boundary("x", "c", error()),
        person("r"),
        end(),
        flows("s>c>e;x>r>e"),
        extra=[process(*INNER, name="child")],
    )

    trace.complete("a")

    assert trace.waits == ["r"]


def test_an_error_that_nobody_catches_is_refused_and_the_state_stays():
    trace = Trace(start(), person("a"), end("bad", error()), flows("s>a>bad"))

    with pytest.raises(ElementFailed) as caught:
        trace.complete("a")

    assert caught.value.element == "bad"
    assert trace.waits == ["a"]


def test_a_job_can_fail_into_its_boundary_event():
    trace = Trace(
        start(),
        job("j"),
        boundary("x", "j", error()),
        person("r"),
        end(),
        flows("s>j>e;x>r>e"),
    )

    with pytest.raises(ElementFailed):
        trace.fail("j", "E9")
    trace.fail("j", "E1")

    assert trace.waits == ["r"]


def escalating(interrupting):
    inner = (
        start("s2"),
        node("intermediateThrowEvent", "up", escalation()),
        person("a"),
        end("e2"),
        flows("s2>up>a>e2"),
    )
    return Trace(
        start(),
        node("subProcess", "sub", *inner),
        boundary("x", "sub", escalation(), interrupting=interrupting),
        person("r"),
        end(),
        flows("s>sub>e;x>r>e"),
    )


def test_an_escalation_may_or_may_not_interrupt():
    assert escalating(interrupting=False).waits == ["a", "r"]
    assert escalating(interrupting=True).waits == ["r"]


def test_terminate_ends_its_own_level_only():
    inner = (
        start("s2"),
        node("parallelGateway", "g"),
        person("a"),
        person("b"),
        end("stop", "<bpmn:terminateEventDefinition/>"),
        end("e2"),
        flows("s2>g>a>stop;g>b>e2"),
    )
    trace = Trace(
        start(), node("subProcess", "sub", *inner), person("c"), end(), flows("s>sub>c>e")
    )

    trace.complete("a")

    assert trace.waits == ["c"]
    assert "b cancelled" in trace.passages()


def test_a_deadline_on_a_subprocess_ends_everything_inside():
    trace = Trace(
        start(),
        node("subProcess", "sub", *INNER),
        boundary("t", "sub", after("P1D")),
        person("r"),
        end(),
        flows("s>sub>e;t>r>e"),
    )

    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["r"]


@pytest.mark.parametrize("sequential", [False, True])
def test_a_deadline_on_many_calls_ends_them_all(sequential):
    child = process(start("s2"), person("a"), end("e2"), flows("s2>a>e2"), name="child")
    trace = Trace(
        start(),
        call("c", "child", inside=each("=[1,2,3]", sequential=sequential)),
        boundary("t", "c", after("P1D")),
        person("r"),
        end(),
        flows("s>c>e;t>r>e"),
        extra=[child],
    )

    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["r"]
    assert trace.complete("r").finished


def test_a_sent_message_is_a_job_also_at_the_end():
    kind = zeebe("taskDefinition", type="message.publish")
    trace = Trace(
        start(),
        node("intermediateThrowEvent", "t", message(), extensions=kind),
        node("sendTask", "u", extensions=kind),
        node("endEvent", "e", message(), extensions=kind),
        flows("s>t>u>e"),
    )

    for element in ("t", "u", "e"):
        assert trace.find("jobs", element).type == "message.publish"
        trace.finish(element)

    assert trace.finished


def test_who_and_until_when_is_fixed_when_the_task_begins():
    trace = Trace(
        start(),
        person(
            "a",
            zeebe("formDefinition", formId="triage")
            + zeebe("assignmentDefinition", assignee="=clerk", candidateGroups="role_qm, role_bm")
            + zeebe("taskSchedule", dueDate='=now() + duration("P3D")', followUpDate="=day")
            + zeebe("priorityDefinition", priority="=if urgent then 90 else 50"),
            label="Sichten",
        ),
        end(),
        flows("s>a>e"),
        variables={"clerk": "u-1", "urgent": True, "day": date(2027, 1, 12)},
    )
    trace.clock.advance(days=2)

    task = trace.find("tasks", "a")

    assert (task.name, task.form, task.assignee) == ("Sichten", "triage", "u-1")
    assert task.candidate_groups == ("role_qm", "role_bm")
    assert task.due == berlin(2027, 1, 14, 12)
    assert task.follow_up == berlin(2027, 1, 12)
    assert task.priority == 90


def test_a_due_day_lasts_until_its_last_minute():
    trace = Trace(
        start(),
        person("a", zeebe("taskSchedule", dueDate="=date(2027, 1, 15)")),
        end(),
        flows("s>a>e"),
    )

    assert trace.find("tasks", "a").due == berlin(2027, 1, 15, 23, 59)


@pytest.mark.parametrize(
    ("kind", "text", "interrupting"),
    [
        ("timeCycle", "R/PT5M", False),
        ("timeCycle", "0 0 9 * * *", False),
        ("timeCycle", "R3/P1D", True),
        ("timeDuration", "P99999999Y", True),
        ("timeDuration", "5M", True),
        ("timeDate", "P1D", True),
        ("timeDuration", "2027-01-01", True),
    ],
)
def test_a_timer_outside_the_grammar_is_refused_when_read(kind, text, interrupting):
    with pytest.raises(NotExecutable) as caught:
        read(
            process(
                start(),
                person("a"),
                boundary("t", "a", timer(kind, text), interrupting=interrupting),
                end(),
                flows("s>a>e;t>e"),
            )
        )

    assert (caught.value.element, caught.value.file) == ("t", "p.bpmn")


def test_a_cancelled_process_waits_for_nothing():
    trace = Trace(start(), node("subProcess", "sub", *INNER), end(), flows("s>sub>e"))

    trace.change(lambda run: run.cancel())

    assert trace.finished
    assert trace.waits == []
    assert {"a cancelled", "b cancelled", "sub cancelled"} <= set(trace.passages())


def test_times_are_utc():
    assert watched("timeDuration", "P1D").find("timers", "t").due.utcoffset() == timedelta()


def test_a_stuck_subprocess_is_reported_although_an_error_event_watches_it():
    inner = (
        start("s2"),
        person("a"),
        node("exclusiveGateway", "x", default="x_i"),
        node("intermediateThrowEvent", "i"),
        node("intermediateThrowEvent", "k"),
        node("parallelGateway", "j"),
        end("e2"),
        flows("s2>a>x;x>i>j;x>k[=false];k>j>e2"),
    )
    trace = Trace(
        start(),
        node("subProcess", "sub", *inner),
        boundary("b", "sub", error()),
        end(),
        flows("s>sub>e;b>e"),
    )

    with pytest.raises(Stuck):
        trace.complete("a")


def test_every_event_keeps_what_its_outputs_say():
    def saying(name):
        return mapping((), {name: '="said"'})

    inner = (start("s2"), person("a"), end("bad", error()), flows("s2>a>bad"))
    trace = Trace(
        start(),
        node("intermediateThrowEvent", "i", extensions=saying("passed")),
        node("subProcess", "sub", *inner),
        boundary("b", "sub", error(), extensions=saying("caught")),
        catch("t", after("P1D"), saying("fired")),
        end("e", extensions=saying("ended")),
        flows("s>i>sub>e;b>t>e"),
    )

    trace.complete("a")
    trace.clock.advance(days=1)
    trace.fire("t")

    for name in ("passed", "caught", "fired", "ended"):
        assert getattr(trace.variables, name) == "said"


def test_a_task_tells_what_is_its_own_and_what_it_sees():
    trace = Trace(
        start(),
        person("a", mapping({"who": '="you"'}), each('=["x"]', "party")),
        end(),
        flows("s>a>e"),
    )

    task = trace.find("tasks", "a")

    assert task.local_variables == {"who": "you", "party": "x", "loopCounter": 1}
    assert trace.run.variables_at(task.token)["case_id"] == "C-1"


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ('=duration("P1DT12H")', berlin(2027, 1, 14, 12)),
        ('=duration("P1M")', berlin(2027, 3, 11, 12)),
        ('="R/P" + string(days) + "D"', berlin(2027, 1, 15, 12)),
    ],
)
def test_a_cycle_may_come_from_a_formula(text, due):
    trace = watched("timeCycle", text, interrupting=False, days=2)

    trace.clock.moment = trace.due("t")
    trace.fire("t")

    assert trace.due("t") == due


def test_a_shorter_cycle_lets_the_round_that_is_set_happen():
    trace = watched("timeCycle", '="R" + string(times) + "/P1D"', interrupting=False, times=5)
    for _ in range(2):
        trace.clock.advance(days=1)
        trace.fire("t")

    trace.change(lambda run: run._instance.root.variables.update(times=Decimal(1)))
    trace.change(lambda run: run.rearm())
    trace.clock.advance(days=1)
    trace.fire("t")

    assert trace.waits == ["a", "r", "r", "r"]


def test_a_key_may_be_a_number():
    trace = Trace(
        start(), catch("m", message()), end(), flows("s>m>e"), variables={"case_id": 12.50}
    )

    assert trace.find("messages", "m").key == "12.5"


@pytest.mark.parametrize(
    "extension",
    [
        zeebe("assignmentDefinition", assignee="=5"),
        zeebe("assignmentDefinition", candidateGroups="=[1]"),
        zeebe("taskSchedule", dueDate="=5"),
        zeebe("priorityDefinition", priority="=101"),
        zeebe("priorityDefinition", priority="high"),
    ],
)
def test_a_task_that_cannot_be_given_to_anybody_fails_by_name(extension):
    with pytest.raises(ElementFailed) as caught:
        Trace(start(), person("a", extension), end(), flows("s>a>e"))

    assert caught.value.element == "a"


def test_only_what_waits_can_be_moved_and_only_by_what_it_waits_for():
    trace = Trace(
        start(),
        person("a"),
        boundary("t", "a", after("P1D")),
        boundary("m", "a", message(), interrupting=False),
        end("e"),
        flows("s>a>e;t>e;m>e"),
    )
    run = trace.run
    task = run.waiting_tasks()[0].token
    timed, letter = run.waiting_timers()[0].token, run.waiting_messages()[0].token

    for wrong in (
        lambda: run.complete(timed, {}),
        lambda: run.complete(999, {}),
        lambda: run.finish_job(task, {}),
        lambda: run.fail_job(task, "E1"),
        lambda: run.deliver(timed, {}),
        lambda: run.fire(letter),
        lambda: run.fire(task),
        lambda: run.variables_at(999),
    ):
        with pytest.raises(NotWaiting):
            wrong()

    assert run.snapshot() == trace.stored

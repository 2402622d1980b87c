from datetime import date

import pytest

from bpmn.spiff.errors import ElementFailed, NotWaiting
from tests.bpmn.spiff.drawing import (
    INNER,
    Trace,
    after,
    berlin,
    boundary,
    each,
    end,
    flows,
    mapping,
    message,
    node,
    person,
    start,
    zeebe,
)


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


def test_a_cancelled_process_waits_for_nothing():
    trace = Trace(start(), node("subProcess", "sub", *INNER), end(), flows("s>sub>e"))

    trace.change(lambda run: run.cancel())

    assert trace.finished
    assert trace.waits == []
    assert {"a cancelled", "b cancelled", "sub cancelled"} <= set(trace.passages())


def test_a_task_tells_what_is_its_own_and_what_it_sees():
    trace = Trace(
        start(),
        person("a", mapping({"who": '="you"'}), each('=["x"]', "party")),
        end(),
        flows("s>a>e"),
    )

    task = trace.find("tasks", "a")

    assert task.local_variables == {"who": "you", "party": "x", "loopCounter": 1}
    assert trace.run.visible_at(task.token)["case_id"] == "C-1"


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
        lambda: run.visible_at(999),
    ):
        with pytest.raises(NotWaiting):
            wrong()

    assert run.snapshot() == trace.stored

"""What goes wrong is tried again, or kept for a person with a sentence."""

from datetime import timedelta

import pytest

from bpmn.errors import Invalid, Placed, Unavailable
from bpmn.model import NotExecutable
from bpmn.wording import say
from engine import clock
from engine.errors import NoSuchProcess
from engine.failures import StepFailed
from engine.models import InstanceState
from tests.engine.desk import START, raising, throw
from tests.engine.stages import Boom, Service, StageRun, Task, Timer


def test_a_service_nobody_can_do_is_a_fault_at_once(desk):
    desk.publish(count=(Service("count"),))
    desk.start("count")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["NoHandler"]


def test_what_is_refused_is_a_fault_at_once(desk):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = raising(Invalid(say("Wrong.")))
    desk.start("count")

    desk.run_due()

    assert [fault.template for fault in desk.faults()] == ["Wrong."]


@pytest.mark.parametrize(
    "error",
    [
        Placed("inner", "send", say("Wrong.")),
        NoSuchProcess("inner"),
        NotExecutable(say("Wrong."), "p.bpmn"),
    ],
)
def test_a_fault_names_the_element_at_fault_or_else_where_the_process_stands(desk, error):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = raising(error)
    desk.start("count")

    desk.run_due()

    (fault,) = desk.faults()
    known = ("inner", "send") if isinstance(error, Placed) else ("count", "count")
    assert (fault.process, fault.element) == known


@pytest.mark.parametrize("error", [RuntimeError("secret"), Unavailable(say("Later."))])
def test_what_may_pass_is_tried_five_times_within_a_quarter_of_an_hour(desk, error):
    desk.publish(count=(Service("count"),))
    tries = []
    desk.services["count"] = lambda _uow, _call: tries.append(1) or throw(error)
    desk.start("count")

    desk.run_due()
    for _ in range(4):
        assert desk.faults() == []
        desk.wait_for_next_job()

    assert len(tries) == 5
    assert clock.now() - START <= timedelta(minutes=15)
    assert [fault.error for fault in desk.faults()] == [type(error).__name__]


def test_work_is_tried_as_often_as_its_diagram_says(desk):
    desk.publish(count=(Service("count", tries=2),))
    desk.services["count"] = raising(RuntimeError())
    desk.start("count")

    desk.run_due()
    assert desk.faults() == []
    desk.wait_for_next_job()

    assert [fault.attempts for fault in desk.faults()] == [2]


@pytest.mark.parametrize("error", [TypeError(), ZeroDivisionError(), KeyError(), AssertionError()])
def test_a_handler_that_errs_in_itself_is_a_fault_at_once(desk, error):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = raising(error)
    desk.start("count")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == [type(error).__name__]


@pytest.mark.parametrize("error", [TypeError(), RecursionError(), RuntimeError()])
def test_a_step_that_the_process_cannot_make_is_a_fault_at_once(desk, monkeypatch, error):
    _let_steps_fail(desk, monkeypatch, error)

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == [type(error).__name__]


@pytest.mark.parametrize("error", [Unavailable(say("Later.")), ConnectionError()])
def test_a_step_that_may_pass_later_is_tried_again(desk, monkeypatch, error):
    _let_steps_fail(desk, monkeypatch, error)

    desk.run_due()

    assert desk.faults() == []
    assert [job.tries for job in desk.jobs_left()] == [1]


def test_a_fault_tells_the_place_but_never_the_message_of_an_unexpected_error(desk):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = raising(RuntimeError("Frau Beispiel"))
    desk.start("count")

    desk.run_due()
    for _ in range(4):
        desk.wait_for_next_job()

    (fault,) = desk.faults()
    assert "Beispiel" not in str(fault)
    assert "desk.py" in fault.place


def test_others_go_on_beside_a_poisoned_case(desk):
    desk.publish(bad=(Timer(timedelta(days=1)), Boom), good=(Timer(timedelta(days=1)), Task("on")))
    poisoned = desk.start("bad")
    for _ in range(3):
        desk.start("good")

    for _ in range(20):
        desk.wait(days=1)

    assert [fault.instance_id for fault in desk.faults()] == [poisoned]
    assert len(desk.jobs_left()) == 1
    assert desk.state(poisoned) is InstanceState.ACTIVE


def test_a_fault_names_the_element_and_how_often_it_was_tried(desk):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = raising(RuntimeError())
    desk.start("count")
    desk.run_due()
    for _ in range(4):
        desk.wait_for_next_job()

    (fault,) = desk.faults()

    assert (fault.process, fault.element, fault.attempts) == ("count", "count", 5)


def test_a_step_that_fails_for_a_person_names_their_task(desk):
    desk.publish(bad=(Task("report"), Boom))
    desk.start("bad")

    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    assert [fault.element for fault in desk.faults()] == ["report"]


def test_a_process_that_cannot_start_leaves_a_fault_without_an_instance(desk):
    desk.publish(bad=(Boom,))

    with pytest.raises(StepFailed):
        desk.start("bad")

    assert [(fault.instance_id, fault.process) for fault in desk.faults()] == [(None, "bad")]


def test_a_kind_of_job_nobody_knows_is_a_fault_at_once(desk):
    desk.owe("unheard of")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["NoHandler"]


def _let_steps_fail(desk, monkeypatch, error):
    desk.publish(count=(Service("count"), Task("review")))
    desk.services["count"] = lambda *_: None
    desk.start("count")
    monkeypatch.setattr(StageRun, "finish_job", raising(error))

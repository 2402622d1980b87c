"""What goes wrong is tried again, or kept for a person with a sentence."""

from datetime import timedelta

import pytest

from bpmn.errors import Invalid, Unavailable
from bpmn.wording import say
from engine import clock, fault_queries, faults, instances, steps, suspending
from engine.errors import (
    FaultAlreadyClosed,
    FaultWithoutInstance,
    ResultsNotTaken,
    TimerNotSkippable,
)
from engine.events import FaultRaised
from engine.failures import StepFailed
from engine.fault_queries import FaultFilter
from engine.models import InstanceState
from tests.engine.desk import START, raising, throw
from tests.engine.stages import REMIND, Boom, Message, Service, StageRun, Task, Timer


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


def test_a_fault_that_is_retried_is_done(desk):
    desk.publish(count=(Service("count"), Task("review")))
    desk.start("count")
    desk.run_due()
    desk.services["count"] = lambda _uow, _call: None

    _retry(desk)
    desk.run_due()

    assert list(desk.open_tasks()) == ["review"]
    assert desk.faults() == []


def test_a_service_that_is_skipped_ends_without_results(desk):
    desk.publish(count=(Service("count"), Task("review")))
    desk.start("count")
    desk.run_due()

    with desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "olga")

    assert list(desk.open_tasks()) == ["review"]
    assert desk.jobs_left() == []


def test_a_timer_is_not_skipped_while_the_process_waits_for_it(desk):
    desk.publish(bad=(Timer(timedelta(days=1)), Boom))
    instance_id = desk.start("bad")
    desk.wait(days=1)
    (fault,) = desk.faults()

    with pytest.raises(TimerNotSkippable), desk.transactions.begin() as uow:
        faults.skip(uow, fault.id, "olga")

    assert desk.faults() == [fault]
    assert desk.state(instance_id) is InstanceState.ACTIVE


def test_a_timer_nobody_waits_for_any_more_is_skipped(desk, monkeypatch):
    desk.publish(remind=(*REMIND,))
    desk.start("remind")
    monkeypatch.setattr(StageRun, "fire", raising(ZeroDivisionError()))
    desk.wait(days=3)
    desk.complete(desk.task())

    with desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "olga")

    assert desk.faults() == []


def test_a_service_that_is_skipped_ends_with_the_given_results(desk):
    desk.publish(count=(Service("count"), Task("review")))
    instance_id = desk.start("count")
    desk.run_due()

    with desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "olga", {"people": 3})

    assert _variables(desk, instance_id) == {"people": 3}
    assert list(desk.open_tasks()) == ["review"]


def test_a_service_of_a_suspended_process_is_skipped_and_what_follows_is_held(desk):
    desk.publish(count=(Service("count"), (Task("review"), Timer(timedelta(days=1)))))
    instance_id = desk.start("count")
    desk.run_due()
    with desk.transactions.begin() as uow:
        suspending.suspend(uow, instance_id)

    with desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "olga")

    assert list(desk.open_tasks()) == ["review"]
    assert [(job.due_at, job.held_due_at) for job in desk.jobs_left()] == [
        (None, START + timedelta(days=1))
    ]


def test_results_are_refused_where_nothing_takes_them(desk):
    desk.publish(bad=(Task("report"), Boom))
    desk.start("bad")
    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    with pytest.raises(ResultsNotTaken), desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "olga", {"people": 3})

    assert len(desk.faults()) == 1


def test_a_message_that_nobody_can_take_is_dropped_when_skipped(desk, monkeypatch):
    desk.publish(wait=(Message("go"), Task("leave")))
    instance_id = desk.start("wait")
    desk.run_due()
    with monkeypatch.context() as broken:
        broken.setattr(StageRun, "deliver", raising(ZeroDivisionError()))
        desk.message("go")
        desk.run_due()
    assert [(one.instance_id, one.element) for one in desk.faults()] == [(instance_id, "message")]

    with desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "olga")
    desk.message("other")
    desk.run_due()

    assert desk.open_tasks() == {}
    assert desk.faults() == []


def test_a_fault_whose_process_is_cancelled_is_done_with_all_others_of_it(desk):
    desk.publish(count=((Service("count"), Service("weigh")), Task("review")))
    instance_id = desk.start("count")
    desk.run_due()
    assert len(desk.faults()) == 2

    with desk.transactions.begin() as uow:
        faults.cancel(uow, desk.faults()[0].id, "olga")

    assert desk.faults() == []
    assert desk.state(instance_id) is InstanceState.CANCELLED
    assert desk.jobs_left() == []


def test_a_fault_without_a_process_cannot_end_one(desk):
    desk.owe("unheard of")
    desk.run_due()

    with pytest.raises(FaultWithoutInstance), desk.transactions.begin() as uow:
        faults.cancel(uow, desk.faults()[0].id, "olga")

    assert len(desk.faults()) == 1


def test_the_faults_of_a_process_that_comes_to_its_end_are_done(desk, monkeypatch):
    desk.publish(bad=(Task("report"),))
    desk.start("bad")
    with monkeypatch.context() as broken:
        broken.setattr(StageRun, "complete", raising(ZeroDivisionError()))
        with pytest.raises(StepFailed):
            desk.complete(desk.task())
    assert len(desk.faults()) == 1

    desk.complete(desk.task())

    assert desk.faults() == []


def test_what_is_retried_in_a_suspended_process_waits_until_it_is_resumed(desk):
    desk.publish(count=(Service("count"), Task("review")))
    instance_id = desk.start("count")
    desk.run_due()
    desk.services["count"] = lambda _uow, _call: None
    with desk.transactions.begin() as uow:
        suspending.suspend(uow, instance_id)

    _retry(desk)
    desk.run_due()
    assert desk.open_tasks() == {}
    with desk.transactions.begin() as uow:
        suspending.resume(uow, instance_id)
    desk.run_due()

    assert list(desk.open_tasks()) == ["review"]


def test_a_fault_that_still_needs_an_operator_stays_parked_when_its_process_is_resumed(desk):
    desk.publish(count=(Service("count"), Task("review")))
    instance_id = desk.start("count")
    desk.run_due()
    with desk.transactions.begin() as uow:
        suspending.suspend(uow, instance_id)
        suspending.resume(uow, instance_id)

    desk.services["count"] = lambda _uow, _call: None
    desk.run_due()

    assert desk.open_tasks() == {}
    assert len(desk.faults()) == 1


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


def test_faults_that_are_alike_are_counted_together_and_found_again(desk):
    desk.publish(count=(Service("count"),), bad=(Task("report"), Boom))
    for _ in range(3):
        desk.start("count")
    desk.start("bad")
    desk.run_due()
    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    with desk.transactions.reading() as session:
        groups = fault_queries.groups_of(session)
        found = faults.open_faults(session, FaultFilter(process="count", element="count"))

    assert [(group.element, group.error, group.count) for group in groups] == [
        ("count", "NoHandler", 3),
        ("report", "ZeroDivisionError", 1),
    ]
    assert [fault.error for fault in found] == ["NoHandler"] * 3


def test_a_fault_is_dealt_with_once(desk):
    desk.publish(count=(Service("count"), Task("review")))
    desk.start("count")
    desk.run_due()
    fault_id = desk.faults()[0].id
    _retry(desk)

    with pytest.raises(FaultAlreadyClosed), desk.transactions.begin() as uow:
        faults.skip(uow, fault_id, "olga")


def test_a_step_that_fails_for_a_person_changes_nothing_and_leaves_a_fault(desk):
    desk.publish(bad=(Task("report"), Boom))
    instance_id = desk.start("bad")

    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    assert list(desk.open_tasks()) == ["report"]
    assert [(fault.instance_id, fault.error) for fault in desk.faults()] == [
        (instance_id, "ZeroDivisionError")
    ]


def test_a_step_that_keeps_failing_is_one_fault_that_counts(desk):
    desk.publish(bad=(Task("report"), Boom))
    desk.start("bad")

    for _ in range(3):
        with pytest.raises(StepFailed):
            desk.complete(desk.task())

    assert [fault.attempts for fault in desk.faults()] == [3]
    assert len(_told(desk)) == 1


def test_a_process_that_keeps_failing_to_start_is_one_fault(desk):
    desk.publish(bad=(Boom,))

    for _ in range(3):
        with pytest.raises(StepFailed):
            desk.start("bad")

    assert [fault.attempts for fault in desk.faults()] == [3]


def test_the_same_failure_in_two_processes_is_two_faults(desk):
    desk.publish(bad=(Task("report"), Boom))
    for instance_id in (desk.start("bad"), desk.start("bad")):
        with pytest.raises(StepFailed), desk.transactions.begin() as uow:
            steps.advance(uow, instance_id, lambda run: run.complete(0, {}))

    assert len(desk.faults()) == 2


def test_a_failure_after_its_fault_was_closed_is_a_new_one(desk):
    desk.publish(bad=(Task("report"), Boom))
    desk.start("bad")
    for _ in range(2):
        with pytest.raises(StepFailed):
            desk.complete(desk.task())
        _retry(desk)

    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    assert [fault.attempts for fault in desk.faults()] == [1]
    assert len(_told(desk)) == 3


def test_jobs_that_fail_alike_have_a_fault_each(desk):
    desk.owe("unheard of")
    desk.owe("unheard of")

    desk.run_due()

    assert [fault.attempts for fault in desk.faults()] == [1, 1]


def test_a_process_that_cannot_start_leaves_a_fault_without_an_instance(desk):
    desk.publish(bad=(Boom,))

    with pytest.raises(StepFailed):
        desk.start("bad")

    assert [(fault.instance_id, fault.process) for fault in desk.faults()] == [(None, "bad")]


def test_a_kind_of_job_nobody_knows_is_a_fault_at_once(desk):
    desk.owe("unheard of")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["NoHandler"]


def _retry(desk):
    with desk.transactions.begin() as uow:
        faults.retry(uow, desk.faults()[0].id, "olga")


def _variables(desk, instance_id):
    with desk.transactions.begin() as uow:
        return instances.variables(uow, instance_id)


def _let_steps_fail(desk, monkeypatch, error):
    desk.publish(count=(Service("count"), Task("review")))
    desk.services["count"] = lambda *_: None
    desk.start("count")
    monkeypatch.setattr(StageRun, "finish_job", raising(error))


def _told(desk):
    return [event for event in desk.events if isinstance(event, FaultRaised)]

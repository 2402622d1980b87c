"""An operator tries again, skips or ends what went wrong, once and without loss."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from engine import counting, faults, instances, suspending
from engine.errors import (
    FaultAlreadyClosed,
    FaultWithoutInstance,
    RecurringNotSkippable,
    ResultsNotTaken,
    TimerNotSkippable,
)
from engine.failures import StepFailed
from engine.fault_table import Fault, FaultState
from engine.models import InstanceState
from tests.engine.desk import CASE, START, raising
from tests.engine.mending import retry
from tests.engine.stages import Boom, Service, StageRun, Task, Timer


def test_a_fault_that_is_retried_is_done(desk):
    desk.publish(count=(Service("count"), Task("review")))
    desk.start("count")
    desk.run_due()
    desk.services["count"] = lambda _uow, _call: None

    retry(desk)
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


def test_what_recurs_is_not_skipped_and_once_mended_recurs_again(desk, monkeypatch):
    with desk.transactions.begin() as uow:
        counting.begin(uow)
    with monkeypatch.context() as broken:
        broken.setattr(counting, "count", raising(ZeroDivisionError()))
        desk.wait_for_next_job()
    (fault,) = desk.faults()

    with pytest.raises(RecurringNotSkippable), desk.transactions.begin() as uow:
        faults.skip(uow, fault.id, "olga")
    retry(desk)
    desk.run_due()

    assert [(job.kind, job.tries) for job in desk.jobs_left()] == [(counting.COUNTING, 0)]
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


def fail_while(desk, monkeypatch, happens):
    """Have a task fail, and something happen before its fault is noted."""
    note = StepFailed.note

    def late(failure, uow):
        happens(uow)
        note(failure, uow)

    monkeypatch.setattr(StageRun, "complete", raising(ZeroDivisionError()))
    monkeypatch.setattr(StepFailed, "note", late)
    with pytest.raises(StepFailed):
        desk.complete(desk.task())


def test_what_failed_while_its_process_came_to_its_end_waits_for_no_operator(desk, monkeypatch):
    desk.publish(bad=(Task("report"), Task("review")))
    instance_id = desk.start("bad")

    fail_while(desk, monkeypatch, lambda uow: instances.cancel(uow, instance_id))

    assert desk.faults() == []
    with desk.transactions.reading() as session:
        kept = session.scalars(select(Fault)).one()
    assert (kept.error, kept.state) == ("ZeroDivisionError", FaultState.RESOLVED)


def test_what_failed_while_its_case_was_erased_leaves_nothing(desk, monkeypatch):
    desk.publish(bad=(Task("report"), Task("review")))
    desk.start("bad")

    fail_while(desk, monkeypatch, lambda uow: instances.erase(uow, CASE))

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

    retry(desk)
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


def test_a_fault_is_dealt_with_once(desk):
    desk.publish(count=(Service("count"), Task("review")))
    desk.start("count")
    desk.run_due()
    fault_id = desk.faults()[0].id
    retry(desk)

    with pytest.raises(FaultAlreadyClosed), desk.transactions.begin() as uow:
        faults.skip(uow, fault_id, "olga")


def _variables(desk, instance_id):
    with desk.transactions.begin() as uow:
        return instances.variables(uow, instance_id)

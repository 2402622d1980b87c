"""A suspended process stands still; resumed, it does what it owes once and in order."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bpmn.spiff.errors import UnreadableSnapshot
from bpmn.wording import say
from engine import clock, instances, jobs, messages, signals, steps, suspending
from engine.errors import AlreadySuspended, InstanceEnded, InstanceNotSuspended, InstanceSuspended
from engine.models import Instance, InstanceState, Lane
from engine.reconciling import differences
from tests.engine.desk import START, raising
from tests.engine.stages import Begin, Message, Service, Signal, StageRun, Task, Timer

DAY = timedelta(days=1)


def test_nobody_completes_a_task_of_a_suspended_process(desk):
    desk.publish(report=(Task("report"), Task("review")))
    instance_id = desk.start("report")
    _suspend(desk, instance_id)

    with pytest.raises(InstanceSuspended):
        desk.complete(desk.task())

    assert list(desk.open_tasks()) == ["report"]
    assert desk.faults() == []


def test_a_resumed_process_goes_on_where_it_stood(desk):
    desk.publish(report=(Task("report"), Task("review")))
    instance_id = desk.start("report")
    _suspend(desk, instance_id)
    _resume(desk, instance_id)

    desk.complete(desk.task())

    assert list(desk.open_tasks()) == ["review"]


def test_a_timer_of_a_suspended_process_is_held(desk):
    desk.publish(remind=(Timer(DAY), Task("remind")))
    instance_id = desk.start("remind")
    _suspend(desk, instance_id)

    desk.wait(days=2)

    assert desk.open_tasks() == {}
    assert [(job.due_at, job.held_due_at) for job in desk.jobs_left()] == [(None, START + DAY)]


def test_a_timer_that_became_due_meanwhile_fires_once_when_resumed(desk):
    desk.publish(remind=(Timer(DAY), Task("remind")))
    instance_id = desk.start("remind")
    _suspend(desk, instance_id)
    desk.wait(days=30)

    _resume(desk, instance_id)
    desk.run_due()
    desk.wait(days=30)

    assert list(desk.open_tasks()) == ["remind"]
    assert desk.jobs_left() == []


def test_a_timer_that_is_not_due_when_resumed_keeps_its_date(desk):
    desk.publish(remind=(Timer(3 * DAY), Task("remind")))
    instance_id = desk.start("remind")
    _suspend(desk, instance_id)
    desk.wait(days=1)

    _resume(desk, instance_id)
    desk.run_due()

    assert [job.due_at for job in desk.jobs_left()] == [START + 3 * DAY]
    desk.wait(days=2)
    assert list(desk.open_tasks()) == ["remind"]


def test_a_service_task_of_a_suspended_process_is_not_done(desk):
    desk.publish(count=(Service("count"), Task("review")))
    done = []
    desk.services["count"] = lambda _uow, _call: done.append(1)
    instance_id = desk.start("count")
    _suspend(desk, instance_id)

    desk.wait(days=1)
    assert done == []
    _resume(desk, instance_id)
    desk.run_due()

    assert done == [1]
    assert list(desk.open_tasks()) == ["review"]


def test_work_that_a_worker_has_leased_is_held_as_well(desk):
    desk.publish(count=(Service("count"), Task("review")))
    instance_id = desk.start("count")
    with desk.transactions.begin() as uow:
        (job,) = jobs.lease(uow, Lane.WORK, "somebody")
    _suspend(desk, instance_id)

    with desk.transactions.begin() as uow:
        assert not jobs.redeem(uow, job)

    assert [job.held_due_at for job in desk.jobs_left()] == [START]


def test_a_signal_thrown_meanwhile_is_heard_when_resumed(desk):
    desk.publish(wait=(Signal("alarm"), Task("leave")))
    instance_id = desk.start("wait")
    _suspend(desk, instance_id)
    with desk.transactions.begin() as uow:
        signals.send(uow, "alarm")
    desk.run_due()
    assert desk.open_tasks() == {}
    assert desk.faults() == []

    _resume(desk, instance_id)
    desk.run_due()

    assert list(desk.open_tasks()) == ["leave"]


def test_messages_sent_meanwhile_arrive_in_order_when_resumed(desk):
    desk.publish(wait=(Message("first"), Message("second"), Task("leave")))
    instance_id = desk.start("wait")
    desk.run_due()
    _suspend(desk, instance_id)
    desk.message("first")
    desk.message("second")
    desk.wait(hours=1)
    assert desk.jobs_left() == []

    _resume(desk, instance_id)
    desk.run_due()

    assert list(desk.open_tasks()) == ["leave"]


def test_a_message_goes_past_a_suspended_process_to_one_that_moves(desk):
    desk.publish(wait=(Message("go"), Task("leave")))
    older, younger = desk.start("wait"), desk.start("wait")
    desk.run_due()
    _suspend(desk, older)

    desk.message("go")
    desk.run_due()

    assert [_version(desk, older), _version(desk, younger)] == [1, 2]


def test_a_message_for_a_suspended_process_begins_no_other(desk):
    desk.publish(wait=(Message("go"), Task("leave")))
    instance_id = desk.start("wait")
    _suspend(desk, instance_id)

    with desk.transactions.begin() as uow:
        message_id = messages.publish(uow, "go", "key")
        messages.correlate(uow, message_id)

    assert _version(desk, instance_id) == 1


def test_what_was_owed_is_done_in_the_order_of_its_dates(desk):
    desk.publish(count=(Service("count"), Task("review")))
    done = []
    desk.jobs["note"] = lambda _uow, job: done.append(job.payload["nr"])
    instance_id = desk.start("count")
    desk.services["count"] = lambda _uow, _call: done.append(0)
    for number in (3, 1, 2):
        due_at = START + number * DAY
        desk.owe("note", {"nr": number}, due_at=due_at, instance_id=instance_id)
    _suspend(desk, instance_id)
    desk.wait(days=30)

    _resume(desk, instance_id)
    desk.run_due()

    assert done == [0, 1, 2, 3]


def test_other_processes_go_on_meanwhile(desk):
    desk.publish(remind=(Timer(DAY), Task("remind")))
    _suspend(desk, desk.start("remind"))
    desk.start("remind")

    desk.wait(days=1)

    assert list(desk.open_tasks()) == ["remind"]


def test_a_suspended_process_can_be_cancelled(desk):
    desk.publish(remind=((Timer(DAY), Task("remind")), Task("review")))
    instance_id = desk.start("remind")
    _suspend(desk, instance_id)

    with desk.transactions.begin() as uow:
        instances.cancel(uow, instance_id)

    assert desk.state(instance_id) is InstanceState.CANCELLED
    assert desk.jobs_left() == []
    with pytest.raises(InstanceNotSuspended):
        _resume(desk, instance_id)


def test_rows_and_snapshot_agree_while_a_process_is_suspended(desk):
    desk.publish(wait=((Timer(DAY), Task("remind"), Message("go"), Service("count")),))
    instance_id = desk.start("wait")
    _suspend(desk, instance_id)

    with desk.transactions.begin() as uow:
        assert differences(uow, instance_id) == []


def test_suspending_twice_and_resuming_twice_is_refused(desk):
    desk.publish(report=(Task("report"),))
    instance_id = desk.start("report")
    _suspend(desk, instance_id)

    with pytest.raises(AlreadySuspended):
        _suspend(desk, instance_id)
    _resume(desk, instance_id)
    with pytest.raises(InstanceNotSuspended):
        _resume(desk, instance_id)


def test_what_has_ended_is_not_suspended(desk):
    desk.publish(report=(Task("report"),))
    instance_id = desk.start("report")
    desk.complete(desk.task())

    with pytest.raises(InstanceEnded):
        _suspend(desk, instance_id)


def _suspended_before_its_message(desk):
    """Suspend a process that waits for a message, which another could begin by; then send it."""
    desk.publish(wait=(Message("go"), Task("leave")), begun=(Begin("go"), Task("begun")))
    instance_id = desk.start("wait")
    desk.run_due()
    _suspend(desk, instance_id)
    desk.message("go")
    desk.run_due()
    return instance_id


def test_a_message_kept_for_a_suspended_process_goes_elsewhere_once_that_is_cancelled(desk):
    instance_id = _suspended_before_its_message(desk)
    assert desk.open_tasks() == {}

    with desk.transactions.begin() as uow:
        instances.cancel(uow, instance_id)
    desk.run_due()

    with desk.transactions.reading() as session:
        begun = session.scalars(select(Instance.process).order_by(Instance.process)).all()
    assert begun == ["begun", "wait"]
    assert desk.jobs_left() == []


def test_a_message_kept_for_a_suspended_process_that_nobody_can_read_goes_elsewhere_too(desk):
    instance_id = _suspended_before_its_message(desk)
    with pytest.MonkeyPatch.context() as broken, desk.transactions.begin() as uow:
        broken.setattr(StageRun, "restore", raising(UnreadableSnapshot(say("Torn."))))
        instances.cancel(uow, instance_id)
    desk.run_due()

    with desk.transactions.reading() as session:
        begun = session.scalars(select(Instance.process).order_by(Instance.process)).all()
    assert begun == ["begun", "wait"]


def test_nothing_that_was_held_is_left_of_a_cancelled_process(desk):
    desk.publish(wait=(Message("go"), Task("leave")))
    instance_id = desk.start("wait")
    _suspend(desk, instance_id)
    assert [job.held_due_at for job in desk.jobs_left()] == [START]

    with desk.transactions.begin() as uow:
        instances.cancel(uow, instance_id)

    assert desk.jobs_left() == []


def _suspend(desk, instance_id):
    with desk.transactions.begin() as uow:
        assert suspending.suspend(uow, instance_id).suspended_at == clock.now()


def _resume(desk, instance_id):
    with desk.transactions.begin() as uow:
        assert suspending.resume(uow, instance_id).suspended_at is None


def _version(desk, instance_id):
    with desk.transactions.begin() as uow:
        return steps.lock(uow, instance_id).version

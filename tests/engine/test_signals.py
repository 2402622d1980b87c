"""A signal reaches everything that waits for it, in every instance, and each once."""

import pytest
from sqlalchemy import select

from engine import faults, instances, jobs, reconciling, signals
from engine.models import Lane, Subscription, SubscriptionKind
from tests.engine.stages import Boom, Signal, Task, Throw

ALARM = ((Task("report"), Signal("alarm")), Task("rescue"))
THROWER = (Task("look"), Throw("alarm"), Task("thrown"))


def send(desk, name="alarm", **variables):
    with desk.transactions.begin() as uow:
        return signals.send(uow, name, variables=variables)


def elements(desk, instance_id):
    with desk.transactions.reading() as session:
        rows = session.execute(
            select(Subscription.name).where(Subscription.instance_id == instance_id)
        )
        return [name for (name,) in rows]


def test_every_instance_that_waits_hears_a_thrown_signal_once(desk):
    desk.publish(alarm=ALARM, thrower=THROWER)
    waiting = [desk.start("alarm") for _ in range(3)]
    desk.start("thrower")

    desk.complete(desk.open_tasks()["look"])
    done = desk.run_due()

    assert done == 3
    assert desk.jobs_left() == []
    for instance_id in waiting:
        with desk.transactions.begin() as uow:
            assert instances.variables(uow, instance_id) == {}
            assert reconciling.differences(uow, instance_id) == []
        assert elements(desk, instance_id) == []


def test_who_begins_to_wait_after_the_throw_hears_nothing(desk):
    desk.publish(alarm=ALARM)
    send(desk)

    desk.start("alarm")
    desk.run_due()

    assert list(desk.open_tasks()) == ["report"]


def test_who_began_to_wait_between_throw_and_hearing_hears_nothing(desk):
    desk.publish(alarm=ALARM, twice=(Signal("alarm"), Signal("alarm"), Task("rescue")))
    instance_id = desk.start("twice")
    send(desk)

    desk.run_due()

    assert elements(desk, instance_id) == ["alarm"]


def test_the_thrower_is_owed_nothing_as_it_heard_the_signal_when_it_threw(desk):
    desk.publish(alarm=ALARM)
    thrower, _other = desk.start("alarm"), desk.start("alarm")

    with desk.transactions.begin() as uow:
        assert signals.send(uow, "alarm", thrower=thrower) == 1


def test_nobody_hears_a_signal_of_another_name(desk):
    desk.publish(alarm=ALARM)
    desk.start("alarm")

    assert send(desk, "calm") == 0


def test_a_signal_thrown_in_a_transaction_that_fails_was_never_thrown(desk):
    desk.publish(alarm=ALARM, thrower=(Task("look"), Throw("alarm"), Boom))
    desk.start("alarm")
    desk.start("thrower")

    with pytest.raises(Exception, match="could not go on"):
        desk.complete(desk.open_tasks()["look"])
    desk.run_due()

    assert sorted(desk.open_tasks()) == ["look", "report"]


def test_who_has_gone_on_meanwhile_hears_nothing(desk):
    desk.publish(alarm=ALARM)
    desk.start("alarm")
    send(desk)
    desk.complete(desk.open_tasks()["report"])

    desk.run_due()

    assert list(desk.open_tasks()) == ["rescue"]
    assert desk.faults() == []


def test_a_receiver_that_fails_keeps_no_other_from_hearing(desk):
    desk.publish(alarm=ALARM, broken=((Task("report"), Signal("alarm")), Boom))
    desk.start("broken")
    desk.start("alarm")
    send(desk)

    desk.run_due()
    for _ in range(5):
        if desk.jobs_left():
            desk.wait(hours=12)

    assert sorted(desk.open_tasks()) == ["report", "rescue"]
    assert [fault.error for fault in desk.faults()] == ["ZeroDivisionError"]


def test_a_failed_hearing_can_be_skipped(desk):
    desk.publish(broken=((Task("report"), Signal("alarm")), Boom))
    desk.start("broken")
    send(desk)
    for _ in range(6):
        desk.wait(hours=12)

    with desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "somebody")

    assert (desk.jobs_left(), list(desk.open_tasks())) == ([], ["report"])


def test_a_signal_whose_bringer_died_is_brought_by_another_once(desk):
    desk.publish(alarm=ALARM)
    desk.start("alarm")
    send(desk, reason="violence")
    with desk.transactions.attempt() as uow:
        jobs.lease(uow, Lane.WORK, "dead")

    before = desk.run_due()
    desk.wait(seconds=31)

    assert before == 0
    assert list(desk.open_tasks()) == ["rescue"]


def test_a_cancelled_instance_hears_nothing(desk):
    desk.publish(alarm=ALARM)
    instance_id = desk.start("alarm")
    send(desk)
    with desk.transactions.begin() as uow:
        instances.cancel(uow, instance_id)

    desk.run_due()

    assert (desk.open_tasks(), desk.faults(), elements(desk, instance_id)) == ({}, [], [])


def test_the_reconciler_misses_a_subscription_that_was_lost(desk):
    desk.publish(alarm=ALARM)
    instance_id = desk.start("alarm")

    with desk.transactions.begin() as uow:
        uow.connection.execute(Subscription.__table__.delete())
        places = reconciling.differences(uow, instance_id)

    assert [kind for kind, _ in places] == [SubscriptionKind.SIGNAL]

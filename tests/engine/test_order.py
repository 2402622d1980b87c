"""What is due in one instance is done in its order, however many workers there are."""

from datetime import timedelta

import pytest

from engine import clock, jobs
from engine.models import Lane
from tests.engine.stages import Task


@pytest.fixture
def case(desk):
    """An instance for which three things are due, the last one first to be asked for."""
    desk.publish(plain=(Task("report"),))
    instance_id = desk.start("plain")
    desk.done = []
    desk.jobs["note"] = lambda _uow, job: desk.done.append(job.payload["number"])
    for number in (3, 1, 2):
        due_at = clock.now() + timedelta(hours=number)
        desk.owe("note", {"number": number}, instance_id=instance_id, due_at=due_at)
    return instance_id


def test_overdue_timers_of_an_instance_fire_in_their_order(desk, case):
    desk.wait(days=30)

    assert desk.done == [1, 2, 3]


def test_an_instance_is_in_the_hands_of_one_worker_at_a_time(desk, case):
    desk.pass_time(minutes=119, seconds=50)
    with desk.transactions.attempt() as uow:
        held = jobs.lease(uow, Lane.WORK, "slow")
    desk.pass_time(seconds=20)

    others = desk.run_due()

    assert [job.payload["number"] for job in held] == [1]
    assert (others, desk.done) == (0, [])


def test_what_waited_for_a_dead_worker_goes_on_in_its_order(desk, case):
    desk.pass_time(hours=1)
    with desk.transactions.attempt() as uow:
        jobs.lease(uow, Lane.WORK, "dead")

    desk.wait(days=1)

    assert desk.done == [1, 2, 3]


def test_a_timer_that_overtook_an_earlier_one_is_given_back(desk, case):
    desk.pass_time(days=1)
    hasty = desk.worker()
    with desk.transactions.attempt() as uow:
        batch = jobs.lease(uow, Lane.WORK, hasty._name)

    hasty._perform(batch[2])
    early = list(desk.done)
    desk.wait(minutes=1)

    assert early == []
    assert desk.done == [1, 2, 3]


def test_work_owed_at_once_waits_for_no_timer(desk, case):
    desk.pass_time(days=1)
    worker = desk.worker()
    desk.owe("note", {"number": 0}, instance_id=case)
    with desk.transactions.attempt() as uow:
        batch = jobs.lease(uow, Lane.WORK, worker._name)

    worker._perform(next(job for job in batch if job.payload["number"] == 0))

    assert desk.done == [0]


def test_other_instances_do_not_wait(desk, case):
    desk.pass_time(hours=1)
    with desk.transactions.attempt() as uow:
        jobs.lease(uow, Lane.WORK, "slow")
    other = desk.start("plain")
    desk.owe("note", {"number": 7}, instance_id=other)

    desk.run_due()

    assert desk.done == [7]

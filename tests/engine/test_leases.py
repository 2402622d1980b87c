"""A job belongs to one worker at a time, whoever dies or comes late."""

import pytest

from bpmn.errors import Invalid
from bpmn.wording import say
from engine import jobs
from engine.errors import BpmnError
from engine.models import Lane
from tests.engine.desk import raising
from tests.engine.stages import REMIND, Service, Task


class Killed(BaseException):
    """Ends a worker in the middle of its work, as SIGKILL would."""


@pytest.mark.proves("re-run")
def test_a_worker_that_dies_between_lease_and_work_loses_nothing(desk):
    desk.publish(remind=REMIND)
    desk.start("remind")
    desk.pass_time(days=3)
    with desk.transactions.attempt() as uow:
        jobs.lease(uow, Lane.WORK, "dead")

    too_early = desk.wait(seconds=29)
    in_time = desk.wait(seconds=1)

    assert (too_early, in_time) == (0, 1)
    assert list(desk.open_tasks()) == ["remind"]


def test_a_zombie_whose_lease_lapsed_changes_nothing(desk):
    desk.publish(count=(Service("count"), Task("review")))
    written = []
    desk.services["count"] = lambda _uow, _call: written.append("zombie")
    desk.start("count")
    zombie = desk.worker()
    with desk.transactions.attempt() as uow:
        (leased,) = jobs.lease(uow, Lane.WORK, zombie._name)
    desk.pass_time(seconds=31)
    desk.services["count"] = lambda _uow, _call: written.append("successor")
    desk.worker().run_due()

    zombie._perform(leased)

    assert written == ["successor"]
    assert list(desk.open_tasks()) == ["review"]
    assert desk.faults() == []


def test_a_zombie_that_leaves_by_a_bpmn_error_late_does_not_disturb_its_successor(desk):
    desk.publish(count=(Service("count"), Task("review")))
    desk.services["count"] = lambda _uow, _call: None
    desk.start("count")
    zombie = desk.worker()
    with desk.transactions.attempt() as uow:
        (leased,) = jobs.lease(uow, Lane.WORK, zombie._name)
    desk.pass_time(seconds=31)
    desk.run_due()

    zombie._fail(leased, BpmnError("E1"))

    assert desk.faults() == []
    assert list(desk.open_tasks()) == ["review"]


def test_a_zombie_that_fails_late_does_not_disturb_its_successor(desk):
    desk.jobs["poke"] = lambda _uow, _job: None
    desk.owe("poke")
    zombie = desk.worker()
    with desk.transactions.attempt() as uow:
        (leased,) = jobs.lease(uow, Lane.WORK, zombie._name)
    desk.pass_time(seconds=31)
    desk.run_due()

    zombie._fail(leased, Invalid(say("Too late.")))

    assert desk.faults() == []


def test_a_job_that_kills_its_worker_becomes_a_fault_and_spares_its_neighbours(desk):
    done = []
    desk.jobs["kill"] = raising(Killed())
    desk.jobs["poke"] = lambda _uow, _job: done.append(1)
    desk.owe("kill")
    desk.owe("poke")

    for _ in range(20):
        desk.pass_time(seconds=31)
        try:
            desk.run_due()
        except Killed:
            continue

    assert [fault.error for fault in desk.faults()] == ["KeptFailing"]
    assert done == [1]


def test_a_long_batch_does_not_lose_its_leases(desk):
    starts = []

    def slow(_uow, _job):
        starts.append(1)
        desk.pass_time(seconds=9)

    desk.jobs["slow"] = slow
    for _ in range(10):
        desk.owe("slow")

    desk.run_due()

    assert len(starts) >= 10
    assert desk.jobs_left() == []
    assert desk.faults() == []


def test_a_stopping_worker_gives_back_what_it_has_not_begun(desk):
    worker = desk.worker()
    desk.jobs["stop"] = lambda _uow, _job: worker.stopping.set()
    worker = desk.worker()
    for _ in range(3):
        desk.owe("stop")

    worker.run_batch(Lane.WORK)

    left = desk.jobs_left()
    assert [(job.lease_until, job.tries) for job in left] == [(None, 0), (None, 0)]

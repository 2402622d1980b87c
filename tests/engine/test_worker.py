"""Owed work is done once, however workers die, hang and race; what cannot be done harms no other."""

from datetime import timedelta

import pytest

from bpmn.errors import Invalid, Unavailable
from bpmn.wording import say
from engine import clock, faults, instances, jobs
from engine.errors import BpmnError, FaultAlreadyClosed
from engine.failures import StepFailed
from engine.handlers import Errand
from engine.models import InstanceState, Lane
from tests.engine.desk import CASE, START
from tests.engine.stages import Boom, Service, Task, Timer

REMIND = ((Task("report"), Timer(timedelta(days=3))), Task("remind"), Task("review"))


class Killed(BaseException):
    """Ends a worker in the middle of its work, as SIGKILL would."""


def test_a_timer_fires_when_it_is_due_and_not_before(desk):
    desk.publish(remind=REMIND)
    desk.start("remind")

    desk.wait(days=2, hours=23)
    before = list(desk.open_tasks())
    desk.wait(hours=1)

    assert before == ["report"]
    assert list(desk.open_tasks()) == ["remind"]


def test_a_timer_fires_once(desk):
    desk.publish(remind=REMIND)
    desk.start("remind")

    desk.wait(days=30)
    desk.wait(days=30)

    assert list(desk.open_tasks()) == ["remind"]
    assert desk.jobs_left() == []


def test_a_task_completed_in_time_takes_its_timer_with_it(desk):
    desk.publish(remind=REMIND)
    desk.start("remind")
    desk.complete(desk.task())

    done = desk.wait(days=3)

    assert done == 0
    assert list(desk.open_tasks()) == ["remind"]


def test_a_moved_deadline_moves_its_timer(desk):
    desk.publish(remind=REMIND)
    instance_id = desk.start("remind")
    desk.pass_time(days=2)

    with desk.transactions.begin() as uow:
        instances.rearm(uow, instance_id)

    desk.wait(days=2)
    assert list(desk.open_tasks()) == ["report"]
    desk.wait(days=1)
    assert list(desk.open_tasks()) == ["remind"]


def test_many_timers_due_at_once_fire_once_each(desk):
    desk.publish(remind=REMIND)
    for _ in range(120):
        desk.start("remind")

    done = desk.wait(days=3)

    assert done == 120


def test_a_service_task_is_done_with_the_variables_of_its_process(desk):
    desk.publish(count=(Service("count"), Task("review")))
    calls = []
    desk.services["count"] = lambda _uow, call: calls.append(call) or {"found": 2}
    instance_id = desk.start("count", quarter="north")

    desk.run_due()

    assert [(call.type, call.variables) for call in calls] == [("count", {"quarter": "north"})]
    with desk.transactions.begin() as uow:
        assert instances.variables(uow, instance_id) == {"quarter": "north", "found": 2}


def test_a_bpmn_error_undoes_the_handler_and_lets_the_process_go_on(desk):
    desk.publish(count=(Service("count"), Task("review")))

    def refuse(uow, _call):
        jobs.owe(uow, jobs.Debt("written.by.handler"))
        raise BpmnError("nothing_found")

    desk.services["count"] = refuse
    instance_id = desk.start("count")

    desk.run_due()

    with desk.transactions.begin() as uow:
        assert instances.variables(uow, instance_id) == {"failed": "nothing_found"}
    assert desk.jobs_left() == []


def test_a_service_nobody_can_do_is_a_fault_at_once(desk):
    desk.publish(count=(Service("count"),))
    desk.start("count")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["NoHandler"]


def test_what_is_refused_is_a_fault_at_once(desk):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = _raising(Invalid(say("Wrong.")))
    desk.start("count")

    desk.run_due()

    assert [fault.template for fault in desk.faults()] == ["Wrong."]


@pytest.mark.parametrize("error", [RuntimeError("secret"), Unavailable(say("Later."))])
def test_what_may_pass_is_tried_five_times_within_a_quarter_of_an_hour(desk, error):
    desk.publish(count=(Service("count"),))
    tries = []
    desk.services["count"] = lambda _uow, _call: tries.append(1) or _throw(error)
    desk.start("count")

    desk.run_due()
    for _ in range(4):
        assert desk.faults() == []
        desk.wait_for_next_job()

    assert len(tries) == 5
    assert clock.now() - START <= timedelta(minutes=15)
    assert [fault.error for fault in desk.faults()] == [type(error).__name__]


def test_a_fault_tells_the_place_but_never_the_message_of_an_unexpected_error(desk):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = _raising(RuntimeError("Frau Beispiel"))
    desk.start("count")

    desk.run_due()
    for _ in range(4):
        desk.wait_for_next_job()

    (fault,) = desk.faults()
    assert "Beispiel" not in str(fault)
    assert "test_worker.py" in fault.place


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


def test_a_process_that_cannot_start_leaves_a_fault_without_an_instance(desk):
    desk.publish(bad=(Boom,))

    with pytest.raises(StepFailed):
        desk.start("bad")

    assert [(fault.instance_id, fault.process) for fault in desk.faults()] == [(None, "bad")]


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


def test_a_zombie_that_fails_late_does_not_disturb_its_successor(desk):
    desk.jobs["poke"] = lambda _uow, _job: None
    _owe(desk, "poke")
    zombie = desk.worker()
    with desk.transactions.attempt() as uow:
        (leased,) = jobs.lease(uow, Lane.WORK, zombie._name)
    desk.pass_time(seconds=31)
    desk.run_due()

    zombie._fail(leased, Invalid(say("Too late.")))

    assert desk.faults() == []


def test_a_job_that_kills_its_worker_becomes_a_fault_and_spares_its_neighbours(desk):
    done = []
    desk.jobs["kill"] = _raising(Killed())
    desk.jobs["poke"] = lambda _uow, _job: done.append(1)
    _owe(desk, "kill")
    _owe(desk, "poke")

    for _ in range(20):
        desk.pass_time(seconds=31)
        try:
            desk.run_due()
        except Killed:
            continue

    assert [fault.error for fault in desk.faults()] == ["KeptFailing"]
    assert done == [1]


def test_a_kind_of_job_nobody_knows_is_a_fault_at_once(desk):
    _owe(desk, "unheard of")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["NoHandler"]


def test_work_under_one_key_is_owed_once_and_can_be_withdrawn(desk):
    done = []
    desk.jobs["remind"] = lambda _uow, job: done.append(job.payload["day"])
    for day in (1, 2):
        _owe(desk, "remind", {"day": day}, key="deadline-7")
    _owe(desk, "remind", {"day": 3}, key="deadline-8")

    with desk.transactions.begin() as uow:
        jobs.withdraw(uow, "deadline-8", "never-owed")

    desk.run_due()
    assert done == [1]


def test_an_errand_is_run_while_no_transaction_is_open(desk):
    notes = []

    def perform(order):
        with desk.transactions.begin():
            return f"{order} sent"

    desk.jobs["delivery"] = Errand(
        prepare=lambda _uow, job: job.payload["letter"],
        perform=perform,
        record=lambda _uow, _job, outcome: notes.append(outcome),
    )
    _owe(desk, "delivery", {"letter": "7"}, lane=Lane.ERRAND)

    desk.run_due()

    assert notes == ["7 sent"]
    assert desk.jobs_left() == []


def test_an_errand_with_nothing_left_to_do_is_struck_out(desk):
    desk.jobs["delivery"] = Errand(
        prepare=lambda _uow, _job: None,
        perform=_raising(AssertionError),
        record=_raising(AssertionError),
    )
    _owe(desk, "delivery", lane=Lane.ERRAND)

    desk.run_due()

    assert desk.jobs_left() == []


def test_a_long_batch_does_not_lose_its_leases(desk):
    starts = []

    def slow(_uow, _job):
        starts.append(1)
        desk.pass_time(seconds=9)

    desk.jobs["slow"] = slow
    for _ in range(10):
        _owe(desk, "slow")

    desk.run_due()

    assert len(starts) >= 10
    assert desk.jobs_left() == []
    assert desk.faults() == []


def test_a_stopping_worker_gives_back_what_it_has_not_begun(desk):
    worker = desk.worker()
    desk.jobs["stop"] = lambda _uow, _job: worker.stopping.set()
    worker = desk.worker()
    for _ in range(3):
        _owe(desk, "stop")

    worker.run_batch(Lane.WORK)

    left = desk.jobs_left()
    assert [(job.lease_until, job.tries) for job in left] == [(None, 0), (None, 0)]


def test_an_erased_case_leaves_nothing_behind_and_stops_no_worker(desk):
    desk.publish(remind=REMIND, count=(Service("count"),))
    desk.start("remind")
    desk.start("count")
    desk.run_due()
    with desk.transactions.attempt() as uow:
        jobs.owe(uow, jobs.Debt("poke"))
        jobs.lease(uow, Lane.WORK, "other")

    with desk.transactions.begin() as uow:
        instances.erase(uow, CASE)

    assert desk.open_tasks() == {}
    assert desk.faults() == []
    assert [job.kind for job in desk.jobs_left()] == ["poke"]


def test_work_owed_by_a_transaction_that_fails_is_never_done(desk):
    def owe_and_fail():
        with desk.transactions.begin() as uow:
            jobs.owe(uow, jobs.Debt("poke"))
            raise KeyError

    with pytest.raises(KeyError):
        owe_and_fail()

    assert desk.jobs_left() == []


def _owe(desk, kind, payload=None, **options):
    with desk.transactions.begin() as uow:
        jobs.owe(uow, jobs.Debt(kind, payload or {}, **options))


def _retry(desk):
    with desk.transactions.begin() as uow:
        faults.retry(uow, desk.faults()[0].id, "olga")


def _throw(error):
    raise error


def _raising(error):
    return lambda *_: _throw(error)

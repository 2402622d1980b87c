"""Owed work is done once, however workers die, hang and race; what cannot be done harms no other."""

import pytest

from engine import instances, jobs
from engine.errors import BpmnError
from engine.handlers import Errand
from engine.models import Lane
from tests.engine.desk import CASE, raising
from tests.engine.stages import REMIND, Service, Task


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


def test_work_under_one_key_is_owed_once_and_can_be_withdrawn(desk):
    done = []
    desk.jobs["remind"] = lambda _uow, job: done.append(job.payload["day"])
    for day in (1, 2):
        desk.owe("remind", {"day": day}, key="deadline-7")
    desk.owe("remind", {"day": 3}, key="deadline-8")

    with desk.transactions.begin() as uow:
        jobs.withdraw(uow, "deadline-8", "never-owed")

    desk.run_due()
    assert done == [1]


def test_a_job_whose_failure_cannot_be_noted_keeps_no_other_waiting(desk, monkeypatch):
    done = []
    desk.jobs["bad"] = raising(ValueError())
    desk.jobs["good"] = lambda _uow, job: done.append(job.payload["nr"])
    desk.owe("bad")
    for number in range(3):
        desk.owe("good", {"nr": number})
    desk.pass_time(seconds=1)
    desk.owe("good", {"nr": 3})
    with monkeypatch.context() as broken:
        broken.setattr("engine.worker.raise_fault", raising(RuntimeError()))

        desk.worker().run_batch(Lane.WORK)

    assert sorted(done) == [0, 1, 2, 3]
    desk.wait(seconds=31)
    assert [fault.error for fault in desk.faults()] == ["ValueError"]


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
    desk.owe("delivery", {"letter": "7"}, lane=Lane.ERRAND)

    desk.run_due()

    assert notes == ["7 sent"]
    assert desk.jobs_left() == []


def test_an_errand_with_nothing_left_to_do_is_struck_out(desk):
    desk.jobs["delivery"] = Errand(
        prepare=lambda _uow, _job: None,
        perform=raising(AssertionError),
        record=raising(AssertionError),
    )
    desk.owe("delivery", lane=Lane.ERRAND)

    desk.run_due()

    assert desk.jobs_left() == []


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

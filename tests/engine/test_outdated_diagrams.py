"""Diagrams that this version of the house runs no more stop their own processes alone."""

import pytest

from bpmn.model import NotExecutable
from bpmn.wording import say
from engine import instances
from engine.definitions import Library
from engine.failures import StepFailed
from engine.models import InstanceState
from engine.unit_of_work import Transactions
from tests.engine.stages import Service, Task

COUNT = (Service("count"), Task("report"))


@pytest.fixture
def upgraded(desk):
    """A desk after an upgrade: the older of its two processes follows diagrams that run no more."""
    old = desk.publish(count=COUNT)
    desk.outdated = desk.start("count")
    desk.publish(count=(*COUNT, Task("review")))
    desk.current = desk.start("count")

    def load(bundle):
        if bundle.digest == old.digest:
            raise NotExecutable(say("This element is not known any more."))
        return desk.processes[bundle.digest]

    desk.transactions = Transactions(desk.database, Library(load))
    desk.services["count"] = lambda *_: {}
    return desk


def test_their_work_is_a_fault_and_that_of_others_is_done(upgraded):
    upgraded.run_due()

    assert list(upgraded.open_tasks()) == ["report"]
    assert [(fault.instance_id, fault.error) for fault in upgraded.faults()] == [
        (upgraded.outdated, "NotExecutable")
    ]
    assert [(job.instance_id, job.due_at) for job in upgraded.jobs_left()] == [
        (upgraded.outdated, None)
    ]


def test_what_a_person_does_there_leaves_a_fault(upgraded):
    with pytest.raises(StepFailed), upgraded.transactions.begin() as uow:
        instances.variables(uow, upgraded.outdated)

    assert [fault.error for fault in upgraded.faults()] == ["NotExecutable"]


def test_such_a_process_can_be_cancelled(upgraded):
    upgraded.run_due()

    with upgraded.transactions.begin() as uow:
        instances.cancel(uow, upgraded.outdated)

    assert upgraded.state(upgraded.outdated) is InstanceState.CANCELLED
    assert (upgraded.faults(), upgraded.jobs_left()) == ([], [])

"""What a process waits for is held against its rows in every respect that matters."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from engine import clock, reconciling, suspending
from engine.fault_table import Fault
from engine.models import Job, Subscription, UserTask
from tests.engine.desk import raising
from tests.engine.stages import Message, Service, Signal, Task, Timer

EVERYTHING = (
    Task("read"),
    Timer(timedelta(days=3)),
    Message("reply", "here"),
    Signal("alarm"),
    Service("send"),
)


@pytest.fixture
def stage(desk):
    desk.publish(review=(EVERYTHING,))
    return desk.start("review")


def differences(desk, instance_id):
    with desk.transactions.begin() as uow:
        return [str(kind) for kind, _ in reconciling.differences(uow, instance_id)]


SPOILT = {
    "a task at another element": (update(UserTask).values(element="write"), ["task"]),
    "a task of another process": (update(UserTask).values(process="other"), ["task"]),
    "a task that is lost": (delete(UserTask), ["task"]),
    "a timer that comes late": (
        update(Job).where(Job.kind == "timer").values(due_at=clock.now() + timedelta(days=30)),
        ["timer"],
    ),
    "other work": (update(Job).where(Job.kind == "service").values(payload={}), ["service"]),
    "another name": (
        update(Subscription).where(Subscription.name == "reply").values(name="letter"),
        ["message"],
    ),
    "another key": (
        update(Subscription).where(Subscription.name == "reply").values(key="there"),
        ["message"],
    ),
    "another signal": (
        update(Subscription).where(Subscription.name == "alarm").values(name="calm"),
        ["signal"],
    ),
    "a timer that nobody will look at": (
        update(Job).where(Job.kind == "timer").values(due_at=None, attempt=1),
        ["timer"],
    ),
}


@pytest.mark.parametrize(("statement", "kinds"), SPOILT.values(), ids=SPOILT.keys())
def test_what_does_not_fit_is_found(desk, stage, statement, kinds):
    assert differences(desk, stage) == []

    with desk.transactions.begin() as uow:
        uow.connection.execute(statement)

    assert differences(desk, stage) == kinds


def test_what_is_held_fits(desk, stage):
    with desk.transactions.begin() as uow:
        suspending.suspend(uow, stage)

    assert differences(desk, stage) == []


def test_parked_work_fits_as_long_as_a_fault_tells_of_it(desk):
    desk.publish(review=(Service("send", tries=1),))
    desk.services["send"] = raising(ValueError())
    instance_id = desk.start("review")
    desk.run_due()
    assert differences(desk, instance_id) == []

    with desk.transactions.begin() as uow:
        uow.connection.execute(delete(Fault))

    assert differences(desk, instance_id) == ["service"]

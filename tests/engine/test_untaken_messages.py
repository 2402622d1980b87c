"""A message that its receiver cannot take is dropped by an operator, and no other in its place."""

from sqlalchemy import select

from engine import faults, messages
from engine.models import Message as Letter
from tests.engine.desk import raising
from tests.engine.stages import Message, StageRun, Task


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


def test_of_two_messages_the_one_that_failed_is_dropped_and_the_other_arrives(desk, monkeypatch):
    desk.publish(wait=(Message("go"), Task("leave")))
    desk.start("wait")
    desk.run_due()
    deliver = StageRun.deliver

    def choosy(run, token, payload):
        if payload["name"] == "first":
            raise ZeroDivisionError
        deliver(run, token, payload)

    monkeypatch.setattr(StageRun, "deliver", choosy)
    desk.message("go", variables={"name": "first"})
    desk.pass_time(seconds=1)
    with desk.transactions.begin() as uow:
        second = messages.publish(uow, "go", "key", {"name": "second"})
        messages.publish(uow, "elsewhere", "key", {"name": "third"})
    desk.run_due()
    of_the_second = next(
        fault.id
        for fault in desk.faults()
        for job in desk.jobs_left()
        if job.id == fault.job_id and job.payload["message"] == str(second)
    )

    with desk.transactions.begin() as uow:
        faults.skip(uow, of_the_second, "olga")
    desk.run_due()

    assert list(desk.open_tasks()) == ["leave"]
    with desk.transactions.reading() as session:
        assert session.scalars(select(Letter.name)).all() == ["elsewhere"]


def test_a_message_kept_before_anybody_waited_is_dropped_when_it_fails(desk, monkeypatch):
    desk.publish(wait=(Message("go"), Task("leave")))
    desk.message("go")
    desk.run_due()
    desk.start("wait")
    with monkeypatch.context() as broken:
        broken.setattr(StageRun, "deliver", raising(ZeroDivisionError()))
        desk.run_due()

    with desk.transactions.begin() as uow:
        faults.skip(uow, desk.faults()[0].id, "olga")
    desk.run_due()

    assert desk.open_tasks() == {}
    assert desk.jobs_left() == []
    desk.message("go")
    desk.run_due()
    assert list(desk.open_tasks()) == ["leave"]

"""A message reaches exactly one token, however early it comes."""

from datetime import timedelta

import pytest

from engine import instances, jobs, messages
from engine.errors import MessageHoldsNull
from engine.models import Lane
from tests.engine.stages import Message, Service, Task

EXIT = ((Task("report"), Message("safety_exit")), Task("rescue"))
LATE = (Task("report"), Message("safety_exit"), Task("rescue"))


def test_a_message_moves_the_process_that_waits_for_it(desk):
    desk.publish(exit=EXIT)
    desk.start("exit")

    desk.message("safety_exit")
    desk.run_due()

    assert list(desk.open_tasks()) == ["rescue"]


def test_a_message_is_kept_until_somebody_waits_for_it(desk):
    desk.publish(late=LATE)
    desk.start("late")
    desk.message("safety_exit")
    desk.run_due()

    desk.complete(desk.task())
    desk.run_due()

    assert list(desk.open_tasks()) == ["rescue"]


def test_a_message_is_received_by_one_process_only_the_one_that_waited_longest(desk):
    desk.publish(exit=EXIT)
    first = desk.start("exit", number=1)
    desk.pass_time(minutes=1)
    second = desk.start("exit", number=2)

    desk.message("safety_exit", variables={"reason": "violence"})
    desk.run_due()

    with desk.transactions.begin() as uow:
        assert instances.variables(uow, first) == {"number": 1, "reason": "violence"}
        assert instances.variables(uow, second) == {"number": 2}


def test_two_messages_reach_two_processes(desk):
    desk.publish(exit=EXIT)
    desk.start("exit")
    desk.start("exit")

    desk.message("safety_exit")
    desk.message("safety_exit")
    desk.run_due()

    assert "report" not in desk.open_tasks()


def test_two_messages_reach_two_processes_though_the_later_one_is_looked_at_first(desk):
    desk.publish(exit=EXIT)
    desk.start("exit")
    desk.start("exit")
    desk.run_due()
    desk.message("safety_exit")
    with desk.transactions.attempt() as uow:
        jobs.lease(uow, Lane.WORK, "dead")
    desk.pass_time(seconds=1)

    desk.message("safety_exit")
    desk.run_due()
    desk.wait(seconds=1)

    assert "report" not in desk.open_tasks()


def test_many_messages_are_received_in_several_transactions(desk, monkeypatch):
    monkeypatch.setattr(messages, "MOST_AT_ONCE", 2)
    desk.publish(five=(*[Message("safety_exit")] * 5, Task("rescue")))
    for _ in range(5):
        desk.message("safety_exit")
    desk.run_due()

    desk.start("five")
    desk.run_due()

    assert list(desk.open_tasks()) == ["rescue"]


def test_a_message_with_another_key_or_name_moves_nothing(desk):
    desk.publish(exit=EXIT)
    desk.start("exit")

    desk.message("safety_exit", key="another")
    desk.message("withdrawal")
    desk.run_due()

    assert list(desk.open_tasks()) == ["report"]


def test_an_expired_message_is_not_received(desk):
    desk.publish(late=LATE)
    desk.start("late")
    desk.message("safety_exit", ttl=timedelta(hours=1))

    desk.wait(hours=1)
    desk.complete(desk.task())
    desk.run_due()

    assert desk.open_tasks() == {}


def test_a_process_sends_messages_by_a_service_task(desk):
    desk.publish(send=(Service("message.publish"), Task("sent")), exit=EXIT)
    desk.start("exit")

    desk.start("send", name="safety_exit", key="key")
    desk.run_due()

    assert sorted(desk.open_tasks()) == ["rescue", "sent"]


def test_a_message_task_without_a_key_is_a_fault(desk):
    desk.publish(send=(Service("message.publish"),))
    desk.start("send", name="safety_exit")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["MessageUnaddressed"]


@pytest.mark.parametrize(
    "spoilt",
    [
        {"name": "safety\0exit"},
        {"key": "k\0y"},
        {"variables": {"reason": "a\0b"}},
        {"variables": {"re\0ason": "a"}},
        {"variables": {"reasons": ["a", {"deep": "b\0"}]}},
    ],
)
def test_a_message_with_a_character_that_cannot_be_kept_is_refused(desk, spoilt):
    with pytest.raises(MessageHoldsNull):
        desk.message(**{"name": "safety_exit", **spoilt})

    assert desk.jobs_left() == []

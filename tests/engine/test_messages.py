"""A message reaches exactly one token, however early it comes."""

import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select

from bpmn.notation.limits import LONGEST_KEY, LONGEST_NAME
from engine import instances, jobs, message_queries, messages, queries
from engine.errors import MessageHoldsNull, MessageKeyTooLong, MessageNameTooLong
from engine.models import Lane
from engine.models import Message as Letter
from tests.engine.desk import CASE
from tests.engine.stages import Message, Service, Task

OTHER_CASE = UUID(int=2)
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


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_a_message_whose_receiver_is_erased_at_that_moment_reaches_the_next(desk, monkeypatch):
    desk.publish(exit=EXIT)
    desk.start("exit")
    desk.pass_time(minutes=1)
    with desk.transactions.begin() as uow:
        instances.start(uow, "exit", {}, OTHER_CASE)
    desk.run_due()
    find = message_queries.oldest_subscriber

    def find_too_late(*wanted):
        found = find(*wanted)
        with desk.open().begin() as uow:
            instances.erase(uow, CASE)
        return found

    monkeypatch.setattr(message_queries, "oldest_subscriber", find_too_late)
    desk.message("safety_exit")
    desk.run_due()
    desk.wait(seconds=1)

    assert desk.faults() == []
    with desk.transactions.reading() as session:
        assert [task.element for task in queries.open_tasks_of(session, OTHER_CASE)] == ["rescue"]


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


def test_a_process_says_how_long_its_message_waits(desk):
    desk.publish(send=(Service("message.publish"),), exit=EXIT)
    desk.start("send", name="safety_exit", key="key", time_to_live="PT2H")
    desk.start("send", name="safety_exit", key="key", time_to_live="PT2H")
    desk.run_due()
    desk.pass_time(hours=1)
    desk.start("exit")
    in_time = desk.run_due() and list(desk.open_tasks())
    desk.pass_time(hours=1)
    desk.start("exit")
    desk.run_due()

    assert in_time == ["rescue"]
    assert sorted(desk.open_tasks()) == ["report", "rescue"]


def test_a_message_task_that_says_so_wrongly_is_a_fault(desk):
    desk.publish(send=(Service("message.publish"),))
    desk.start("send", name="safety_exit", key="key", time_to_live="soon")

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["NotATime"]


def test_however_many_workers_bring_them_each_message_is_received_once(desk):
    desk.publish(exit=EXIT)
    crowd, letters = 40, 30
    with ThreadPoolExecutor(4) as people:
        begun = [people.submit(desk.start, "exit") for _ in range(crowd // 2)]
        sent = [people.submit(desk.message, "safety_exit") for _ in range(letters)]
        begun += [people.submit(desk.start, "exit") for _ in range(crowd // 2)]
        work = [people.submit(desk.run_due) for _ in range(30)]
    assert all(each.exception() is None for each in (*begun, *sent, *work))
    while desk.wait(seconds=2):
        pass

    with desk.transactions.reading() as session:
        rescued = [task.element for task in queries.open_tasks_of(session, CASE)]
        left = session.scalar(select(func.count()).select_from(Letter))
    assert rescued.count("rescue") == letters
    assert rescued.count("report") == crowd - letters
    assert left == 0


@pytest.mark.parametrize("letter", ["k", "\N{SNOWMAN}", "\N{OWL}"])
def test_the_longest_name_and_key_are_kept_and_found_again(desk, letter):
    name = "".join(random.Random(1).choices(_alike(letter), k=LONGEST_NAME))
    key = "".join(random.Random(2).choices(_alike(letter), k=LONGEST_KEY))
    desk.publish(exit=(Message(name, key), Task("rescue")))
    desk.start("exit")
    desk.message(name, key)

    desk.run_due()

    assert list(desk.open_tasks()) == ["rescue"]


def _alike(letter):
    """Letters that take as many bytes, so many that they are hard to press together."""
    return [chr(ord(letter) + step) for step in range(10)]


def test_a_longer_key_or_name_is_refused(desk):
    with pytest.raises(MessageKeyTooLong, match=str(LONGEST_KEY)):
        desk.message("safety_exit", "k" * (LONGEST_KEY + 1))
    with pytest.raises(MessageNameTooLong, match=str(LONGEST_NAME)):
        desk.message("n" * (LONGEST_NAME + 1))

    assert desk.jobs_left() == []


def test_a_process_that_sends_under_too_long_a_key_leaves_a_fault_at_once(desk):
    desk.publish(sender=(Service("message.publish"),))
    desk.start("sender", name="safety_exit", key="k" * (LONGEST_KEY + 1))

    desk.run_due()

    assert [fault.error for fault in desk.faults()] == ["MessageKeyTooLong"]


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

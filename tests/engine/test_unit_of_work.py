"""What is said in one unit of work happens together and once, also when it is said again."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text

from engine import instances, queries, steps, tasks
from engine.errors import DatabaseBusy, TaskTaken
from engine.turns import Turns
from tests.engine.desk import CASE
from tests.engine.stages import Task

TWO_TASKS = (Task("report"), Task("review"))


def test_a_repeated_command_is_done_once_and_gives_the_same_answer(desk):
    desk.publish(two=TWO_TASKS)

    answers = [_start_once(desk, "form-7") for _ in range(3)]

    assert len(set(answers)) == 1
    assert len(desk.open_tasks()) == 1


def test_a_command_that_failed_can_be_repeated(desk):
    desk.publish(two=TWO_TASKS)
    with pytest.raises(KeyError), desk.transactions.begin() as uow:
        uow.once("form-7", lambda: _fail(KeyError()))

    _start_once(desk, "form-7")

    assert list(desk.open_tasks()) == ["report"]


def test_commands_repeated_at_the_same_time_are_done_once(desk):
    desk.publish(two=TWO_TASKS)

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: _start_once(desk, "form-7"), range(8)))

    assert len(set(answers)) == 1
    assert list(desk.open_tasks()) == ["report"]


def test_of_many_who_claim_at_once_one_wins(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")
    task_id = desk.task()

    def claim(person):
        try:
            with desk.transactions.begin() as uow:
                tasks.claim(uow, task_id, person)
        except TaskTaken:
            return None
        return person

    with ThreadPoolExecutor(10) as pool:
        winners = [winner for winner in pool.map(claim, map(str, range(50))) if winner]

    assert winners == [desk.task_row(task_id).assignee]


def test_changes_to_one_instance_never_interleave(desk):
    desk.publish(many=((Task("start"),), *[(Task(f"t{i}"),) for i in range(20)]))
    instance_id = desk.start("many")

    def complete_whatever_is_open(_):
        with desk.transactions.begin() as uow:
            steps.lock(uow, instance_id)
            (task,) = queries.open_tasks_of(uow.connection, CASE)
            tasks.complete(uow, task.id, {}, "anna")

    with ThreadPoolExecutor(5) as pool:
        list(pool.map(complete_whatever_is_open, range(20)))

    assert list(desk.open_tasks()) == ["t19"]


def test_an_error_leaves_nothing(desk):
    desk.publish(two=TWO_TASKS)

    def start_and_fail():
        with desk.transactions.begin() as uow:
            instances.start(uow, "two", {}, CASE)
            raise KeyError

    with pytest.raises(KeyError):
        start_and_fail()

    assert desk.jobs_left() == []
    assert desk.open_tasks() == {}


def test_subscribers_write_in_the_transaction_that_they_hear_of(desk):
    desk.publish(two=TWO_TASKS)
    desk.transactions._subscribers = (lambda _uow, _event: _fail(KeyError()),)

    with pytest.raises(KeyError):
        desk.start("two")

    assert desk.open_tasks() == {}


def test_what_follows_a_commit_is_not_done_without_it(desk):
    done = []

    def commit_or_fail(number, error):
        with desk.transactions.begin() as uow:
            uow.after_commit(lambda: done.append(number))
            if error:
                raise error

    with pytest.raises(KeyError):
        commit_or_fail(1, KeyError())
    commit_or_fail(2, None)

    assert done == [2]


def test_a_reading_session_cannot_write(desk):
    with pytest.raises(Exception, match=r"read.?only"), desk.transactions.reading() as session:
        session.execute(text("DELETE FROM job"))


def test_a_unit_of_work_inside_another_is_refused_where_it_could_only_wait_for_itself():
    queue = Turns(patience=15)
    queue.take()

    with pytest.raises(RuntimeError):
        queue.take()


def test_turns_are_taken_in_the_order_of_asking():
    queue = Turns(patience=15)
    order = []
    queue.take()

    def take(number):
        queue.take()
        order.append(number)
        queue.give_up()

    threads = []
    for number in range(5):
        thread = threading.Thread(target=take, args=(number,))
        thread.start()
        threads.append(thread)
        while len(queue._queue) < number + 2:
            pass
    queue.give_up()
    for thread in threads:
        thread.join()

    assert order == [0, 1, 2, 3, 4]


def test_who_waits_too_long_for_a_turn_is_told_so_and_blocks_nobody():
    queue = Turns(patience=0.01)
    queue.take()

    with ThreadPoolExecutor(1) as pool, pytest.raises(DatabaseBusy):
        pool.submit(queue.take).result()
    queue.give_up()

    queue.take()


def test_a_writer_who_is_interrupted_while_waiting_keeps_nobody_else_waiting(monkeypatch):
    queue = Turns(patience=15)
    queue.take()
    with monkeypatch.context() as patch, ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()
        patch.setattr(threading.Event, "wait", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            pool.submit(queue.take).result()

    queue.give_up()

    queue.take()


def test_a_writer_who_is_interrupted_as_the_turn_comes_passes_it_on(monkeypatch):
    queue = Turns(patience=15)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Event, "wait", _interrupted)
        with pytest.raises(KeyboardInterrupt):
            queue.take()

    queue.take()


def _start_once(desk, command_id):
    with desk.transactions.begin() as uow:
        return uow.once(command_id, lambda: str(instances.start(uow, "two", {}, CASE).id))


def _fail(error):
    raise error


def _interrupted(*_args):
    raise KeyboardInterrupt

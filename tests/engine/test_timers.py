"""Timers fire when they are due, once."""

from datetime import timedelta

from engine import tasks
from tests.engine.desk import START
from tests.engine.stages import REMIND


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
    desk.start("remind")
    task_id = desk.task()
    desk.pass_time(days=2)

    with desk.transactions.begin() as uow:
        tasks.postpone(uow, task_id, START + timedelta(days=9))

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

"""What people do to tasks happens once, to the right person, and moves the process."""

from datetime import timedelta
from uuid import uuid4

import pytest

from bench.stage.counts import counting as round_trips
from engine import tasks
from engine.errors import NoSuchTask, NotYourTask, TaskAlreadyClosed, TaskTaken
from engine.events import InstanceFinished, InstanceStarted, TaskCancelled, TaskClosed, TaskOpened
from engine.models import InstanceState, TaskState
from tests.engine.desk import START, counting
from tests.engine.stages import Task, Timer

TWO_TASKS = (Task("report"), Task("review"))


def test_completing_a_task_opens_the_next_one(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")

    desk.complete(desk.open_tasks()["report"])

    assert list(desk.open_tasks()) == ["review"]


def test_a_completed_task_keeps_who_and_when(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")
    report = desk.task()

    desk.pass_time(hours=3)
    desk.complete(report, by="anna")

    task = desk.task_row(report)
    assert (task.state, task.closed_by, task.closed_at) == (
        TaskState.COMPLETED,
        "anna",
        START + timedelta(hours=3),
    )


def test_the_last_task_finishes_the_instance(desk):
    desk.publish(one=(Task("report"),))
    instance_id = desk.start("one")

    desk.complete(desk.task())

    assert desk.state(instance_id) is InstanceState.FINISHED
    assert desk.open_tasks() == {}


def test_completing_twice_is_a_conflict(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")
    report = desk.task()
    desk.complete(report)

    with pytest.raises(TaskAlreadyClosed):
        desk.complete(report)

    assert list(desk.open_tasks()) == ["review"]


def test_what_is_with_somebody_else_cannot_be_completed(desk):
    desk.publish(one=(Task("report", assignee="berta"),))
    desk.start("one")

    with pytest.raises(NotYourTask):
        desk.complete(desk.task(), by="anna")

    assert list(desk.open_tasks()) == ["report"]


def test_a_task_nobody_knows_is_unknown(desk):
    with pytest.raises(NoSuchTask):
        desk.complete(uuid4())


def test_a_claimed_task_cannot_be_claimed_by_another(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")
    _claim(desk, "anna")

    with pytest.raises(TaskTaken):
        _claim(desk, "berta")

    assert desk.task_row(desk.task()).assignee == "anna"


def test_claiming_twice_is_claiming_once(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")

    _claim(desk, "anna")
    _claim(desk, "anna")

    assert desk.task_row(desk.task()).assignee == "anna"


def test_a_released_task_is_free_for_others(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")
    _claim(desk, "anna")

    with desk.transactions.begin() as uow:
        tasks.release(uow, desk.task(), "anna")

    _claim(desk, "berta")
    assert desk.task_row(desk.task()).assignee == "berta"


def test_nobody_releases_the_task_of_another(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")
    _claim(desk, "anna")

    with pytest.raises(NotYourTask), desk.transactions.begin() as uow:
        tasks.release(uow, desk.task(), "berta")


def test_a_closed_task_cannot_be_claimed(desk):
    desk.publish(two=TWO_TASKS)
    desk.start("two")
    report = desk.task()
    desk.complete(report)

    with pytest.raises(TaskAlreadyClosed), desk.transactions.begin() as uow:
        tasks.claim(uow, report, "anna")


def test_tasks_left_behind_are_cancelled(desk):
    desk.publish(choice=((Task("call"), Task("write")), Task("review")))
    desk.start("choice")
    call, write = desk.open_tasks()["call"], desk.open_tasks()["write"]

    desk.complete(call)

    assert desk.task_row(write).state is TaskState.CANCELLED
    assert list(desk.open_tasks()) == ["review"]


def test_subscribers_hear_what_happened_in_order(desk):
    desk.publish(choice=((Task("call"), Task("write")),))
    desk.start("choice")
    desk.complete(desk.open_tasks()["call"])

    heard = [(type(event), getattr(event, "element", None)) for event in desk.events]

    assert heard == [
        (InstanceStarted, None),
        (TaskOpened, "call"),
        (TaskOpened, "write"),
        (TaskClosed, "call"),
        (TaskCancelled, "write"),
        (InstanceFinished, None),
    ]


BUSY = (
    (Task("report"), Timer(timedelta(days=3))),
    (Task("review", ("role_qm", "role_bm")), Timer(timedelta(days=7))),
)


def test_completing_a_task_takes_eight_statements_and_one_commit(desk):
    desk.publish(busy=BUSY)
    desk.start("busy")
    report = desk.task()

    with counting(desk.database) as counted:
        desk.complete(report)

    assert len(counted.statements) <= 8, counted.statements
    assert counted.commits == 1


def test_completing_a_task_takes_at_most_three_round_trips(desk):
    desk.publish(two=(Task("report"), Task("review")))
    desk.start("two")
    task_id = desk.task()

    with round_trips(desk.database) as counted:
        desk.complete(task_id)

    assert counted.round_trips <= 3


def test_starting_takes_eight_statements_and_one_commit(desk):
    desk.publish(busy=BUSY)

    with counting(desk.database) as counted:
        desk.start("busy")

    assert len(counted.statements) <= 8, counted.statements
    assert counted.commits == 1


def test_the_hundredth_completion_takes_as_many_statements_as_the_first(desk):
    desk.publish(long=tuple((Task("again"), Timer(timedelta(days=1))) for _ in range(101)))
    desk.start("long")
    counts = []

    for _ in range(100):
        task_id = desk.task()
        with counting(desk.database) as counted:
            desk.complete(task_id)
        counts.append(len(counted.statements))

    assert counts[0] == counts[-1]


def _claim(desk, by):
    with desk.transactions.begin() as uow:
        tasks.claim(uow, desk.task(), by)

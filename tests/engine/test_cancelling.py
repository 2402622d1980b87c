"""A process can always be ended, also when nobody can read any more where it stands."""

import pytest
from sqlalchemy import func, select

from bpmn.spiff.errors import UnreadableSnapshot
from bpmn.wording import say
from engine import instances
from engine.errors import InstanceEnded
from engine.events import InstanceFinished, TaskCancelled
from engine.failures import StepFailed
from engine.models import Instance, InstanceState, Job, Subscription
from tests.engine.desk import raising
from tests.engine.stages import Message, Service, StageRun, Task

EVERYTHING = ((Task("report"), Service("count"), Message("withdrawal")),)


@pytest.fixture
def unreadable(desk, monkeypatch):
    """An instance that waits for everything at once, and that nobody can restore."""
    desk.publish(all=EVERYTHING)
    instance_id = desk.start("all")
    error = UnreadableSnapshot(say("The stored state does not fit."))
    monkeypatch.setattr(StageRun, "restore", raising(error))
    return instance_id


def test_an_unreadable_process_that_is_cancelled_waits_for_nothing(desk, unreadable):
    _cancel(desk, unreadable)

    assert desk.state(unreadable) is InstanceState.CANCELLED
    assert desk.open_tasks() == {}
    assert [_count(desk, Job.token), _count(desk, Subscription.token)] == [0, 0]


def test_cancelling_an_unreadable_process_is_told(desk, unreadable):
    desk.events.clear()

    _cancel(desk, unreadable)

    assert [type(event) for event in desk.events] == [TaskCancelled, InstanceFinished]
    assert desk.events[-1].cancelled


def test_an_unreadable_process_keeps_its_snapshot(desk, unreadable):
    before = _snapshot(desk, unreadable)

    _cancel(desk, unreadable)

    assert _snapshot(desk, unreadable) == before


def test_an_unreadable_process_is_cancelled_once_and_others_stay(desk, unreadable):
    other = desk.start("all")
    _cancel(desk, unreadable)

    with pytest.raises(InstanceEnded):
        _cancel(desk, unreadable)

    assert desk.state(other) is InstanceState.ACTIVE
    assert list(desk.open_tasks()) == ["report"]


def test_a_process_that_fails_otherwise_is_not_ended_by_its_rows(desk, monkeypatch):
    desk.publish(all=EVERYTHING)
    instance_id = desk.start("all")
    monkeypatch.setattr(StageRun, "cancel", raising(RuntimeError()))

    with pytest.raises(StepFailed):
        _cancel(desk, instance_id)

    assert desk.state(instance_id) is InstanceState.ACTIVE


def _cancel(desk, instance_id):
    with desk.transactions.begin() as uow:
        instances.cancel(uow, instance_id)


def _count(desk, column):
    with desk.transactions.reading() as session:
        return session.scalar(select(func.count(column)))


def _snapshot(desk, instance_id):
    with desk.transactions.reading() as session:
        return session.get_one(Instance, instance_id).snapshot

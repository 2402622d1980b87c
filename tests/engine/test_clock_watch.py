"""A clock that jumps is noticed, and what it would fire too early is held back."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock, jobs
from engine.clock_watch import ClockWatch
from engine.models import Lane

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Machine:
    """A time of day that can be set, and a steady clock that cannot."""

    def __init__(self):
        self.wall, self.steady = NOON, 0.0
        self.watch = ClockWatch(lambda: self.wall, lambda: self.steady)

    def passes(self, **time):
        self.wall += timedelta(**time)
        self.steady += timedelta(**time).total_seconds()

    def is_set(self, **by):
        self.wall += timedelta(**by)


@pytest.fixture
def machine():
    return Machine()


@pytest.mark.parametrize("by", [{"seconds": -4}, {"minutes": 59}, {"seconds": 0}])
def test_a_small_correction_is_no_jump(machine, by):
    machine.is_set(**by)

    assert machine.watch.jump is None


@pytest.mark.parametrize("by", [{"seconds": -6}, {"days": 1}, {"days": -1}])
def test_a_jump_is_told_for_ten_minutes(machine, by):
    machine.is_set(**by)

    assert machine.watch.jump == timedelta(**by)
    machine.passes(minutes=9)
    assert machine.watch.jump == timedelta(**by)
    machine.passes(minutes=1)
    assert machine.watch.jump is None


def test_a_long_sleep_of_the_machine_is_no_jump(machine):
    machine.passes(days=3)

    assert machine.watch.jump is None


def test_a_clock_that_is_set_right_again_is_believed_at_once(machine):
    machine.is_set(days=1)
    assert machine.watch.jump is not None

    machine.is_set(days=-1)

    assert machine.watch.jump is None


def test_after_a_jump_what_was_owed_for_later_is_held_and_new_work_is_not(desk, machine):
    desk.owe("reminder", due_at=clock.now() + timedelta(hours=5))
    desk.pass_time(days=1)
    machine.is_set(days=1)
    desk.owe("mail")

    def due():
        with desk.transactions.begin() as uow:
            leased = jobs.lease(uow, Lane.WORK, "worker", machine.watch.believed())
            return [job.kind for job in leased]

    assert due() == ["mail"]
    machine.passes(minutes=10)
    assert due() == ["reminder"]

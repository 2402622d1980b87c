"""A worker on duty wakes when work comes, sleeps when there is none, and stops when told."""

import threading
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.exc import TimeoutError as PoolExhausted

from engine import clock, jobs, listening, shift
from engine.database import connect
from engine.errors import DatabaseBusy, DatabaseGone
from engine.handlers import Handlers
from engine.installation import MovedClock, move_clock
from engine.models import Lane
from engine.scheduler import Alarms
from engine.shift import Shift
from engine.unit_of_work import Transactions
from engine.worker import Worker

PATIENCE = 10
"""Seconds after which a test gives up; what it waits for takes milliseconds."""


@pytest.fixture
def done():
    return threading.Event()


@pytest.fixture
def transactions(database):
    yield Transactions(database)
    clock.follow(timedelta())


@contextmanager
def on_duty(transactions, done, moved_clock=None, standing=()):
    stop = threading.Event()
    handlers = Handlers({}, {"poke": lambda _uow, _job: done.set()}, standing)
    worker = Worker(transactions, handlers)
    thread = threading.Thread(target=Shift(worker, moved_clock).run_forever, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join(PATIENCE)
        assert not thread.is_alive()


def test_work_owed_in_the_same_process_is_done_at_once(transactions, done):
    with on_duty(transactions, done):
        _owe(transactions)

        assert done.wait(PATIENCE)


def test_a_worker_that_cannot_begin_yet_begins_as_soon_as_it_can(transactions, done, monkeypatch):
    monkeypatch.setattr(shift, "OUTAGE_PAUSE", 0.01)
    outages = [DatabaseGone(), DatabaseBusy()]

    def poke(uow):
        if outages:
            raise outages.pop()
        jobs.owe(uow, jobs.Debt("poke"))

    with on_duty(transactions, done, standing=(poke,)):
        assert done.wait(PATIENCE)


@pytest.mark.parametrize("struck", Lane)
def test_a_worker_of_which_a_lane_has_died_ends_whole(transactions, monkeypatch, struck):
    run = Shift._run_lane

    def run_the_other(on_duty, lane, bell):
        return None if lane is struck else run(on_duty, lane, bell)

    monkeypatch.setattr(Shift, "_run_lane", run_the_other)
    monkeypatch.setattr(shift, "LOOK", 0.05)
    worker, stop = Worker(transactions, Handlers({}, {})), threading.Event()
    thread = threading.Thread(target=Shift(worker).run_forever, args=(stop,))
    thread.start()
    thread.join(PATIENCE)
    ended = not thread.is_alive()
    stop.set()
    thread.join(PATIENCE)

    assert ended
    assert {each.name for each in threading.enumerate()} & {*Lane, "listener"} == set()


def test_a_worker_sleeps_no_longer_because_the_clock_is_set_back(done):
    alarms = Alarms()
    bell = alarms.bell("work")
    alarms.start()

    def sleep():
        bell.sleep(None, timedelta(seconds=0.5))
        done.set()

    with time_machine.travel(clock.now(), tick=True) as traveller:
        threading.Thread(target=sleep, daemon=True).start()
        assert not done.wait(0.2)
        traveller.shift(timedelta(hours=-1))

        assert done.wait(PATIENCE)
    alarms.stop()


def test_work_owed_in_a_second_is_done_then(transactions, done):
    with on_duty(transactions, done):
        _owe(transactions, clock.now() + timedelta(milliseconds=300))

        assert not done.wait(0.1)
        assert done.wait(PATIENCE)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_work_owed_by_another_process_wakes_the_workers(database_url, transactions, done):
    other = connect(database_url)
    with on_duty(transactions, done):
        _owe(Transactions(other))

        assert done.wait(PATIENCE)
    other.dispose()


def test_who_listens_goes_on_listening_whatever_kept_it_from_a_connection(monkeypatch, done):
    monkeypatch.setattr(listening, "PAUSE", 0)
    troubles = [PoolExhausted(), InvalidRequestError(), None]

    class Exhausted:
        def raw_connection(self):
            raise troubles.pop(0) or done.set() or InvalidRequestError

    listening.listen(Exhausted(), lambda: None, done)

    assert troubles == []


def test_a_clock_moved_by_another_process_is_followed(database_url, transactions, done):
    other = connect(database_url)
    _owe(transactions, clock.now() + timedelta(days=3))
    with on_duty(transactions, done, MovedClock(transactions)):
        with Transactions(other).begin() as uow:
            move_clock(uow, timedelta(days=4))
            uow._afterwards.clear()

        assert done.wait(PATIENCE)
    other.dispose()


def _owe(transactions, due_at=None):
    with transactions.begin() as uow:
        jobs.owe(uow, jobs.Debt("poke", due_at=due_at))

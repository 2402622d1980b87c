"""A process tells a balancer whether it is to get requests."""

import threading

import pytest
from sqlalchemy.exc import OperationalError

from engine import shift
from engine.models import Lane
from web import health

PATIENCE = 10


@pytest.fixture
def ask(house):
    yield lambda path: house.flask.test_client().get(path)
    house.application.stopping.clear()


def test_a_process_with_a_database_is_ready(ask):
    answer = ask("/health/ready")

    assert answer.status_code == 200
    assert answer.get_json()["checks"] == {"serving": True, "database": True, "disk": True}


def test_a_process_that_is_stopping_lives_and_is_not_ready(ask, house):
    house.application.stopping.set()

    ready, alive = ask("/health/ready"), ask("/health/live")

    assert (ready.status_code, alive.status_code) == (503, 200)
    assert ready.get_json()["checks"]["serving"] is False


def test_a_process_without_its_database_lives_and_is_not_ready(ask, monkeypatch):
    monkeypatch.setattr(health, "text", lambda _sql: _raise())

    ready, alive = ask("/health/ready"), ask("/health/live")

    assert (ready.status_code, alive.status_code) == (503, 200)


@pytest.mark.parametrize("lane", Lane)
def test_a_process_whose_worker_has_died_is_not_ready_and_says_so(ask, house, monkeypatch, lane):
    accident = _in_a_lane(monkeypatch, lane)
    with house.application.working():
        before = ask("/health/ready")
        accident.set()
        _thread("worker").join(PATIENCE)
        after = ask("/health/ready")

    assert (before.status_code, before.get_json()["checks"]["worker"]) == (200, True)
    assert (after.status_code, after.get_json()["checks"]["worker"]) == (503, False)
    assert after.get_json()["checks"]["serving"] is True
    assert after.get_json()["problem"] == health.WORKER_ENDED


def _in_a_lane(monkeypatch, struck):
    """Prepare an accident that ends the thread of one lane."""
    accident, run = threading.Event(), shift.Shift._run_lane

    def until_then(on_duty, lane, bell):
        return accident.wait(PATIENCE) if lane is struck else run(on_duty, lane, bell)

    monkeypatch.setattr(shift.Shift, "_run_lane", until_then)
    monkeypatch.setattr(shift, "LOOK", 0.05)
    return accident


def _thread(name):
    return next(each for each in threading.enumerate() if each.name == name)


def _raise():
    raise OperationalError("SELECT 1", {}, _GoneError())


class _GoneError(Exception):
    sqlite_errorcode = 14  # SQLITE_CANTOPEN

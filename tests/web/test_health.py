"""A process tells a balancer whether it is to get requests."""

import threading

import pytest
from sqlalchemy.exc import OperationalError

from web import health
from workflows import application

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


def test_a_process_whose_worker_has_ended_is_not_ready_and_says_so(ask, house, monkeypatch):
    accident = threading.Event()
    monkeypatch.setattr(application.Shift, "run_forever", lambda *_: accident.wait(PATIENCE))
    with house.application.working():
        before = ask("/health/ready")
        accident.set()
        next(each for each in threading.enumerate() if each.name == "worker").join(PATIENCE)
        after = ask("/health/ready")

    assert (before.status_code, before.get_json()["checks"]["worker"]) == (200, True)
    assert (after.status_code, after.get_json()["checks"]["worker"]) == (503, False)
    assert after.get_json()["problem"] == health.WORKER_ENDED


def _raise():
    raise OperationalError("SELECT 1", {}, _GoneError())


class _GoneError(Exception):
    sqlite_errorcode = 14  # SQLITE_CANTOPEN

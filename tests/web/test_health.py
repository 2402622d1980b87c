"""A process tells a balancer whether it is to get requests."""

import pytest
from sqlalchemy.exc import OperationalError

from web import health


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


def _raise():
    raise OperationalError("SELECT 1", {}, _GoneError())


class _GoneError(Exception):
    sqlite_errorcode = 14  # SQLITE_CANTOPEN

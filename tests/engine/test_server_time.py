"""Every process goes by the clock of the database server, however wrong its own machine is."""

from datetime import UTC, datetime, timedelta

import pytest

from engine import clock
from engine.database import connect
from engine.server_time import FRESH, ServerTime
from engine.unit_of_work import Transactions

CLOSE = timedelta(seconds=1)
NOON = datetime(2027, 3, 2, 12, tzinfo=UTC)


class Machine:
    """A clock that is wrong by so much, and a steady one."""

    def __init__(self, database, **wrong):
        self.error, self.passed = timedelta(**wrong), 0.0
        self.transactions = Transactions(database)
        self.time = ServerTime(self.transactions, self.wall, lambda: self.passed)

    def wall(self):
        return clock.of_the_machine() + self.error + timedelta(seconds=self.passed)

    def goes_wrong_by(self):
        """How far the process goes by its machine's error, after a look at the server."""
        self.time.follow()
        return clock.on_the_machine(NOON) - NOON


@pytest.fixture
def machine(postgresql_url):
    database = connect(postgresql_url)
    yield lambda **wrong: Machine(database, **wrong)
    clock.correct(timedelta())
    database.dispose()


@pytest.mark.parametrize("wrong", [{"hours": 1}, {"hours": -1}, {"days": 400}])
def test_a_machine_that_is_wrong_is_corrected(machine, wrong):
    assert abs(machine(**wrong).goes_wrong_by() - timedelta(**wrong)) < CLOSE


def test_small_errors_are_left_alone(machine):
    assert machine(milliseconds=300).goes_wrong_by() == timedelta()


def test_a_clock_that_is_set_is_measured_at_once(machine):
    wrong = machine(hours=1)
    wrong.goes_wrong_by()

    wrong.error = timedelta(days=-1)

    assert abs(wrong.goes_wrong_by() + timedelta(days=1)) < CLOSE


def test_the_server_is_asked_once_a_minute(machine, monkeypatch):
    wrong = machine(hours=1)
    wrong.goes_wrong_by()
    asked = []
    measure = wrong.time._measure
    monkeypatch.setattr(wrong.time, "_measure", lambda: asked.append(1) or measure())

    wrong.passed += FRESH - 1
    wrong.goes_wrong_by()
    before = len(asked)
    wrong.passed += 2
    wrong.goes_wrong_by()

    assert (before, len(asked)) == (0, 1)


def test_an_installation_whose_clock_is_moved_stays_moved(machine):
    clock.follow(timedelta(days=3))
    try:
        machine(hours=1).goes_wrong_by()

        wanted = clock.of_the_machine() - timedelta(hours=1) + timedelta(days=3)
        assert abs(clock.now() - wanted) < CLOSE
        assert clock.on_the_machine(clock.now()) - clock.of_the_machine() < CLOSE
    finally:
        clock.follow(timedelta())

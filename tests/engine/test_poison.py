"""R13: a case that fails disturbs no other, and what fails for good is told within 15 minutes."""

import time
from collections import Counter
from datetime import timedelta
from statistics import quantiles

import pytest
import time_machine
from sqlalchemy import func, select

from engine import clock, queries
from engine.fault_table import Fault, FaultState
from engine.models import Instance
from tests.engine.desk import START
from tests.engine.journey import Journey, open_transactions
from tests.engine.scenes import KEY

pytestmark = pytest.mark.proves("R13")

DELAY = timedelta(minutes=15)
ROUNDS = 10


class Ward:
    """Cases whose count is due, some of which fail: at once and for ever, or as if it would pass."""

    def __init__(self, database, traveller):
        self.journey = Journey(open_transactions(database), self._count)
        self.transactions = self.journey.transactions
        self.traveller = traveller
        self.sick, self.feverish, self.lasted = set(), set(), []
        self.journey.do("publish", 1)

    def admit(self, number, poisoned):
        """Begin so many cases, of which so many are poisoned, half of them each way."""
        for nth in range(number):
            instance_id = self._begin()
            if poisoned and nth % (number // poisoned) == 0:
                group = self.sick if len(self.sick) == len(self.feverish) else self.feverish
                group.add(instance_id)

    def _begin(self):
        with self.transactions.begin() as uow:
            instance_id = self.journey.start(KEY, uow)
            (task,) = [
                each
                for each in queries.open_tasks_of(uow.connection, KEY)
                if each.instance_id == instance_id
            ]
            self.journey.complete(task.id, "anna", uow)
        return instance_id

    def _count(self, _uow, call):
        now = time.perf_counter()
        self.lasted.append(now - self._before)
        self._before = now
        if call.instance_id in self.sick:
            raise ValueError
        if call.instance_id in self.feverish:
            raise ConnectionError
        return {}

    def shift_of(self, number, poisoned):
        """Have so many new cases done; tell how long each took that came to its count."""
        self.admit(number, poisoned)
        self.lasted.clear()
        self.work()
        return list(self.lasted)

    def work(self):
        self._before = time.perf_counter()
        self.journey.worker().run_due()

    def wait_until(self, moment):
        while clock.now() < moment:
            self.traveller.shift(10)
            self.work()

    def faults(self):
        with self.transactions.reading() as session:
            found = session.scalars(select(Fault.error).where(Fault.state == FaultState.OPEN))
            return Counter(found)

    def counted(self):
        """How many cases have gone on to wait for their reply."""
        with self.transactions.reading() as session:
            waiting = select(func.count()).where(Instance.version > 2)
            return session.scalar(waiting)


@pytest.fixture
def ward(database):
    with time_machine.travel(START, tick=False) as traveller:
        yield Ward(database, traveller)


def infect(ward, number, poisoned):
    """Let it run its course; list what is wrong."""
    ward.admit(number, poisoned)
    ward.work()
    at_once = ward.counted(), ward.faults()
    ward.wait_until(START + DELAY)
    in_the_end = ward.counted(), ward.faults()
    half, healthy = poisoned // 2, number - poisoned
    wanted = (
        (healthy, {"ValueError": half}),
        (healthy, {"ValueError": half, "ConnectionError": half}),
    )
    found = at_once, in_the_end
    return [] if found == wanted else [(found, wanted)]


def test_ten_poisoned_cases_of_200_fail_alone(ward):
    assert infect(ward, 200, 10) == []


@pytest.mark.soak
@pytest.mark.alone
def test_a_hundred_poisoned_cases_of_2000_fail_alone_and_delay_nobody(ward, publish):
    alone, among_the_sick = [], []
    for _ in range(ROUNDS):  # in turn, so that a machine that slows down slows both
        alone += ward.shift_of(2_000 // ROUNDS, 0)
        among_the_sick += ward.shift_of(2_000 // ROUNDS, 100 // ROUNDS)
    counted = ward.counted()
    ward.wait_until(START + DELAY)

    faults = ward.faults()
    before, beside = (quantiles(lasted, n=20)[-1] for lasted in (alone, among_the_sick))
    publish(
        {
            "database": ward.transactions.engine.dialect.name,
            "p95_ms_alone": round(before * 1000, 2),
            "p95_ms_among_poisoned": round(beside * 1000, 2),
            "went_on": counted - 2_000,
            "open_faults": faults,
        }
    )
    assert counted == 3_900
    assert faults == {"ValueError": 50, "ConnectionError": 50}
    assert beside < before * 1.2 + 0.002

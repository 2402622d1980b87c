"""R20: two acts at once on one case end as if one had come after the other.

The first stops in the middle of its transaction, the second runs as far as it can, then the first
goes on. Each has its own connection and knows nothing of the other, as two processes would.
"""

import threading
from concurrent.futures import ThreadPoolExecutor
from itertools import product

import pytest
import time_machine

from bpmn.errors import Refusal, Unknown
from engine.database import connect
from tests.engine.desk import START
from tests.engine.scenes import ACTS, Scene
from tests.engine.tap import Countdown, hooked, tapping

pytestmark = pytest.mark.proves("R20")

OTHERS = {"claim_too", "retry", "skip", "end", "suspend", "resume", "migrate", "go_back"}
TWELVE = [act for act in ACTS if act not in OTHERS]
PLACES = {
    "report": [*TWELVE, "claim_too"],
    "overdue": [*TWELVE, "suspend"],
    "letter": ["cancel", "message", "publish", "erase", "work", "recall"],
    "recalled": ["claim", "complete", "cancel", "message", "recall", "erase", "work"],
    "broken": ["retry", "skip", "end", "cancel", "suspend", "work", "erase"],
    "begun": ["migrate", "go_back", "complete", "cancel", "recall", "suspend"],
    "migrated": ["go_back", "migrate", "complete", "claim", "cancel"],
    "suspended": ["resume", "complete", "cancel", "suspend", "message", "work", "erase"],
}
CALM = 0.03
"""Seconds after which the second of two is believed to wait for the first."""


class Pair:
    """Two processes on one database, the first of which can be stopped on its way."""

    def __init__(self, database_url, traveller):
        self.databases = connect(database_url), connect(database_url)
        self.first, self.second = (Scene(each, traveller) for each in self.databases)
        self.serial = {}

    def prepare(self, place):
        self.first.prepare(place)
        for name in ("task_id", "instance_id", "fault_id", "migration_id"):
            setattr(self.second, name, getattr(self.first, name))

    def one_after_the_other(self, place, *acts):
        """Tell what each was told, and how the case stands in the end."""
        if (place, *acts) not in self.serial:
            self.prepare(place)
            told = {number: tell(self.first, act) for number, act in enumerate(acts)}
            self.serial[place, *acts] = told[0], told[1], self.first.calm()
        return self.serial[place, *acts]

    def both_orders(self, place, one, two):
        first, second, end = self.one_after_the_other(place, two, one)
        return self.one_after_the_other(place, one, two), (second, first, end)

    def at_once(self, place, acts, stop_at):
        """Let the second act while the first stands before its n-th call; None if it never did."""
        self.prepare(place)
        stands, go = threading.Event(), threading.Event()

        def stop(_call):
            stands.set()
            go.wait(20)

        countdown = Countdown(stop_at, stop)
        with ThreadPoolExecutor(2) as people:
            one = people.submit(tell, self.first, acts[0], countdown)
            one.add_done_callback(lambda _: stands.set())
            stands.wait(20)
            two = people.submit(tell, self.second, acts[1])
            finished = threading.Event()
            two.add_done_callback(lambda _: finished.set())
            finished.wait(CALM)
            go.set()
            outcome = one.result(), two.result(), self.first.calm()
        return countdown.struck_at and outcome

    def close(self):
        for database in self.databases:
            database.dispose()


def tell(scene, act, hook=None):
    """Do it; tell the name of the refusal, if there was one. Who finds nothing finds nothing."""
    try:
        with hooked(hook):
            scene.act(act)
    except Unknown:
        return Unknown.__name__
    except Refusal as refusal:
        return type(refusal).__name__
    return None


@pytest.fixture
def pair(database_url):
    with time_machine.travel(START, tick=False) as traveller:
        pair = Pair(database_url, traveller)
        with tapping(*pair.databases):
            yield pair
        pair.close()


def breaches(pair, place, stops):
    """List what is not as if one had come after the other; and how many ways were gone."""
    wrong, gone = [], 0
    for one, two in product(PLACES[place], repeat=2):
        either = pair.both_orders(place, one, two)
        for stop_at in stops:
            ended = pair.at_once(place, (one, two), stop_at)
            if ended is None:
                break
            gone += 1
            if ended not in either:
                wrong.append((place, one, two, stop_at, ended, either))
    return wrong, gone


@pytest.mark.parametrize(("place", "enough"), [("overdue", 100), ("begun", 20)])
def test_every_pair_of_acts_ends_as_if_one_had_come_after_the_other(pair, place, enough):
    wrong, gone = breaches(pair, place, [3])

    assert wrong == []
    assert gone >= enough


@pytest.mark.soak(minutes=3)
@pytest.mark.parametrize("place", PLACES)
def test_every_pair_stopped_anywhere_ends_as_if_one_had_come_after_the_other(pair, place, publish):
    wrong, gone = breaches(pair, place, range(1, 200))

    publish({"place": place, "interleavings": gone, "wrong": wrong})
    assert wrong == []

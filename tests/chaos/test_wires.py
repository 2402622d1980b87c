"""R6: however the wire to the database fails, commands take effect once and nobody waits for ever."""

import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import func, make_url, select

from bpmn.errors import Unavailable
from engine import conversation, postgresql
from engine.database import connect
from engine.errors import DatabaseGone
from engine.models import Instance
from tests.chaos.proxy import Proxy
from tests.engine.journey import Journey, open_transactions

pytestmark = pytest.mark.proves("R6")

PEOPLE = 20
BOUND = 15.0
ROOM = 2.0
"""Seconds that a busy machine may add."""


@pytest.fixture
def wire(postgresql_url):
    url = make_url(postgresql_url)
    proxy = Proxy(Path(url.query["host"]) / ".s.PGSQL.5432")
    yield proxy
    proxy.close()


@pytest.fixture
def journey(wire, postgresql_url):
    """An engine that speaks through the wire."""
    name = make_url(postgresql_url).database
    database = connect(f"postgresql://handschlag@127.0.0.1:{wire.port}/{name}")
    journey = Journey(open_transactions(database))
    journey.do("publish", 1)
    yield journey
    database.dispose()


def start_all(journey, times, break_it, people=PEOPLE):
    """Start so many cases, each repeated until it is answered; count tries, time the longest."""
    tries, longest = Counter(), [0.0]

    def start(number):
        key = UUID(int=number + 1)
        while True:
            break_it(tries[number])
            tries[number] += 1
            begun = time.monotonic()
            try:
                with journey.transactions.begin() as uow:
                    uow.once(str(key), lambda: str(journey.start(key, uow)))
            except Unavailable:
                continue
            else:
                return
            finally:
                longest.append(time.monotonic() - begun)

    with ThreadPoolExecutor(people) as pool:
        list(pool.map(start, range(times)))
    with journey.transactions.reading() as session:
        cases = session.scalar(select(func.count()).select_from(Instance))
        keys = session.scalar(select(func.count(Instance.business_key.distinct())))
    return {
        "faults": sum(tries.values()) - times,
        "lost": times - keys,
        "doubled": cases - keys,
        "longest_wait_s": round(max(longest), 1),
    }


def first_try(act):
    return lambda tries: act() if tries == 0 else None


def endure(journey, wire, mode, times):
    ways = {
        "cut after commit": first_try(wire.cut_after_commit),
        "cut": first_try(wire.cut),
        "half-close": first_try(wire.half_close),
    }
    return start_all(journey, times, ways[mode])


MODES = ["cut after commit", "cut", "half-close"]


@pytest.mark.parametrize("mode", MODES)
def test_40_commands_over_a_broken_wire_take_effect_once(journey, wire, mode):
    account = endure(journey, wire, mode, 40)

    assert (account["lost"], account["doubled"]) == (0, 0)
    assert account["faults"] >= 10


def test_who_hears_nothing_of_the_database_waits_no_longer_than_the_patience(
    journey, wire, monkeypatch
):
    monkeypatch.setattr(postgresql, "LIVELY", 60.0)  # nobody asks the line whether it lives
    monkeypatch.setattr(conversation, "ANSWERS_WITHIN", 1.0)
    wire.stall(6.0)

    begun = time.monotonic()
    with pytest.raises(DatabaseGone), journey.transactions.begin() as uow:
        journey.start(UUID(int=1), uow)
    waited = time.monotonic() - begun
    account = start_all(journey, 1, lambda _tries: None)

    assert 1.0 <= waited < 1.0 + conversation.CANCELS_WITHIN + ROOM
    assert (account["lost"], account["doubled"]) == (0, 0)


def test_a_line_that_rested_and_is_silent_leaves_time_for_another(request, monkeypatch):
    monkeypatch.setattr(postgresql, "LIVELY", 0.0)
    monkeypatch.setattr(postgresql, "PONGS_WITHIN", 0.3)
    monkeypatch.setattr(postgresql, "CONNECTS_WITHIN", 2)
    journey = request.getfixturevalue("journey")
    request.getfixturevalue("wire").stall(4.0)

    begun = time.monotonic()
    with pytest.raises(DatabaseGone), journey.transactions.begin():
        pass

    assert time.monotonic() - begun < 4.0


@pytest.mark.soak
@pytest.mark.parametrize("mode", MODES)
def test_500_commands_over_a_broken_wire_take_effect_once(journey, wire, mode, publish):
    account = endure(journey, wire, mode, 500)

    publish({"database": "postgresql", **account})
    assert (account["lost"], account["doubled"]) == (0, 0)


@pytest.mark.soak
def test_500_commands_over_a_wire_that_stalls_for_30_seconds_wait_15_at_most(
    journey, wire, publish
):
    wire.stall(30)

    account = start_all(journey, 500, lambda _tries: None, people=30)

    publish({"database": "postgresql", **account})
    assert (account["lost"], account["doubled"]) == (0, 0)
    assert account["longest_wait_s"] <= BOUND + 1

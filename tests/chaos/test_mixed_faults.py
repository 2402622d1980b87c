"""Whatever befalls workers, clerks, wires and servers: nothing is lost, doubled or stands still."""

import time

import pytest

from tests.chaos import blows, yard_proof
from tests.chaos.town import eventually
from tests.engine.journey import open_transactions

FAULTS = {
    "sqlite": blows.ANYWHERE + blows.ON_A_FILE,
    "postgresql": blows.ANYWHERE + blows.ON_A_SERVER,
}
RERUNS_WITHIN = 60.0
"""Seconds after which what a dead worker had begun has been done by another."""


@pytest.mark.proves("mixed", "R4", "R5")
def test_60_mixed_faults_lose_and_double_nothing(yard, publish):
    endure(yard, FAULTS[yard.kind], 60, publish)


@pytest.mark.proves("mixed")
@pytest.mark.soak(minutes=4)
def test_1000_mixed_faults_lose_and_double_nothing(yard, publish):
    endure(yard, FAULTS[yard.kind], 1_000, publish)


@pytest.mark.proves("R4")
@pytest.mark.soak(minutes=4)
def test_200_workers_that_come_back_after_their_leases_change_nothing(yard, publish):
    yard.mishaps = False
    endure(yard, [blows.pause_past_the_lease], 200, publish, least=10)

    assert yard.fenced() > 0, "nobody came late"


@pytest.mark.proves("R5")
@pytest.mark.soak(minutes=4)
@pytest.mark.parametrize("yard", ["postgresql"], indirect=True)
def test_50_ends_of_the_server_lose_and_double_nothing(yard, publish):
    yard.mishaps = False
    endure(yard, [blows.kill_postmaster, blows.restart_server], 50, publish)

    assert yard.slowest_recovery <= 10


@pytest.mark.proves("re-run")
@pytest.mark.soak(minutes=4)
def test_what_killed_workers_had_begun_is_done_within_a_minute(yard, publish):
    yard.mishaps, yard.lease = False, None
    yard.open()
    rounds = [rerun(yard) for _ in range(3)]

    seconds = [round(lasted, 1) for lasted, _ in rounds]
    publish(
        {
            "database": yard.kind,
            "faults": 3 * len(rounds),
            "stuck": sum(left for _, left in rounds),
            "reruns_within_s": seconds,
        }
    )
    assert max(seconds) <= RERUNS_WITHIN


def rerun(yard):
    """Kill all workers with something begun; tell how long that takes, and how much is left."""
    begun = set()
    while not begun:
        while not yard.has_begun_something():
            time.sleep(0.002)
        begun = yard.kill_workers()
        yard.revive()
    started = time.monotonic()
    eventually(lambda: not yard.owed(begun), RERUNS_WITHIN)
    return time.monotonic() - started, yard.owed(begun)


def endure(yard, faults, times, publish, least=None):
    yard.open()
    yard.befall(faults, times)
    calm = yard.calm()

    account = yard_proof.account(yard, open_transactions(yard.database))
    publish({"database": yard.kind, **account})
    assert account["unexpected_answers"] == []
    assert account["wrong"] == []
    assert calm, "not every case came to its end"
    assert account["cases"] > (least or times / 4), "too little was done meanwhile"

"""What can happen to a yard: each function does it once and tells whether it could."""

import resource
import signal
import subprocess
import time
from pathlib import Path

import psycopg
import pytest

from tests.chaos.town import eventually
from tests.chaos.yard import LEASE


def kill_worker(yard):
    return _kill(yard, "worker")


def kill_clerk(yard):
    return _kill(yard, "clerk")


def _kill(yard, role):
    hand = yard.someone(role)
    if hand is not None:
        hand.send_signal(signal.SIGKILL)
    return hand is not None


def pause_past_the_lease(yard):
    """Freeze a worker until others have what it had leased, then let it go on."""
    if yard.file is None:  # whom a frozen hand keeps from looking into a file, nobody would wake
        eventually(yard.has_begun_something, 0.5)
    hand = yard.someone("worker")
    if hand is not None:
        yard.stop_for(hand, LEASE + 0.5)
    return hand is not None


def pause_shortly(yard):
    hand = yard.someone("worker", "clerk")
    if hand is not None:
        yard.stop_for(hand, yard.chance.uniform(0.05, 0.3))
    return hand is not None


ANYWHERE = [kill_worker, kill_clerk, pause_past_the_lease, pause_shortly]


def kill_postmaster(yard):
    """End the server without a word, and start it again."""
    return _restart(yard, signal.SIGKILL)


def restart_server(yard):
    return _restart(yard, signal.SIGINT)


def _restart(yard, how):
    if yard.chance.random() < 0.5:
        return False
    begun = time.monotonic()
    yard.server.end(how)
    assert eventually(lambda: _starts(yard.server), 10)
    yard.slowest_recovery = max(yard.slowest_recovery, time.monotonic() - begun)
    return True


def _starts(server):
    """Start it, as whoever looks after it does: not before the last of its children has gone."""
    try:
        server.start()
    except pytest.fail.Exception:
        return False
    return True


def end_backends(yard):
    """Have the server end every connection but ours."""
    with psycopg.connect(yard.url, autocommit=True) as connection:
        ended = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'"
        ).fetchone()
    return ended[0] > 0


def cut_lines(yard):
    return yard.proxy.cut() > 0


def half_close_lines(yard):
    return yard.proxy.half_close() > 0


def stall_lines(yard):
    yard.proxy.stall(yard.chance.uniform(0.2, 2))
    return True


def cut_after_commit(yard):
    """Have a command stored whose sender does not hear of it."""
    before = yard.proxy.commits_cut
    yard.proxy.cut_after_commit()
    return eventually(lambda: yard.proxy.commits_cut > before, 0.5)


ON_A_SERVER = [
    kill_postmaster,
    restart_server,
    end_backends,
    cut_lines,
    half_close_lines,
    stall_lines,
    *[cut_after_commit] * 3,
]


def hold_the_file(yard):
    """Hold the lock of a SQLite file for a while, as another program may."""
    script = (
        "import sqlite3, sys, time; c = sqlite3.connect(sys.argv[1], timeout=5);"
        "c.isolation_level = None; c.execute('BEGIN EXCLUSIVE'); time.sleep(float(sys.argv[2]))"
    )
    seconds = str(yard.chance.uniform(0.1, 1))
    holder = subprocess.run(
        ["python3", "-c", script, yard.file, seconds], capture_output=True, check=False
    )
    return holder.returncode == 0


def fill_the_disk(yard):
    """Let nobody write another byte for a while: every file has its greatest size already."""
    hands = [yard.someone("worker", "clerk") for _ in range(3)]
    size = Path(yard.file).stat().st_size
    for hand in filter(None, hands):
        limit_files(hand.pid, size)
    time.sleep(yard.chance.uniform(0.05, 0.4))
    for hand in filter(None, hands):
        limit_files(hand.pid, -1)
    return any(hands)


def limit_files(pid, size):
    try:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, (size, -1))
    except ProcessLookupError:
        return


ON_A_FILE = [hold_the_file, fill_the_disk]

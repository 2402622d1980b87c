"""Hands at work on one database, and everything that can happen to them."""

import json
import random
import resource
import signal
import subprocess
import threading
import time
from collections import Counter
from pathlib import Path

import psycopg
from sqlalchemy import func, select, text

from engine import deployments
from engine.database import connect
from engine.models import Job
from tests.chaos.town import eventually
from tests.engine.journey import edition, open_transactions

PATIENCE = "PT1S"
"""After which a case is reminded of: a timer that people race with."""
LEASE = 1.5
WORKERS, CLERKS = 3, 2
CALM_WITHIN = 120.0
SKEWS = (0, 0, 0, 4, -4)
"""Seconds by which the clocks of workers are wrong."""


class Yard:
    """Keeps workers and clerks alive, and counts what befalls them."""

    def __init__(self, folder, url, start, *, mishaps=True, lease=LEASE):
        self.folder, self.url, self._start = folder, url, start
        self._given = {"folder": str(folder), "mishaps": mishaps, "lease": lease}
        self._hands = {}
        self._stopped = []
        self.befallen = Counter()
        self.chance = random.Random()
        self._opened = threading.Event()

    def open(self):
        """Publish what is worked on and begin."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.database = connect(self.url)
        with open_transactions(self.database).begin() as uow:
            deployments.publish(uow, edition(1, PATIENCE), "somebody")
            uow.connection.execute(
                text("CREATE TABLE effect (instance_id TEXT NOT NULL, what TEXT NOT NULL)")
            )
        for number in range(WORKERS):
            self._begin("worker", number)
        for number in range(CLERKS):
            self._begin("clerk", number)

    def _begin(self, role, number):
        skew = self.chance.choice(SKEWS)
        self.befallen["wrong clock"] += role == "worker" and skew != 0
        url = getattr(self, "seen_url", self.url)
        told = json.dumps({**self._given, "url": url, "skew": skew})
        log = self.folder / f"{role}-{number}.log"
        self._hands[role, number] = self._start([role, str(number), told], {}, log)

    def revive(self):
        """Start again whoever has died; tell whether every clerk has come to its end."""
        ended = 0
        for (role, number), hand in list(self._hands.items()):
            code = hand.poll()
            if role == "clerk" and code == 0:
                ended += 1
            elif code is not None:
                self._begin(role, number)
        return ended == CLERKS

    def befall(self, faults, times):
        """Let these faults happen so often in all, at random."""
        while self.happened() < times:
            self.revive()
            self._wake_those_whose_time_has_come()
            fault = self.chance.choice(faults)
            if fault(self):
                self.befallen[fault.__name__] += 1
            time.sleep(self.chance.uniform(0.02, 0.25))

    def happened(self):
        return sum(self.befallen.values()) + len(self.lines("mishaps"))

    def lines(self, name):
        file = self.folder / name
        return [json.loads(line) for line in file.read_text().splitlines()] if file.exists() else []

    def calm(self):
        """Let no more happen, and every case come to its end; tell whether that went well."""
        (self.folder / "peace").touch()
        (self.folder / "stop").touch()
        self._wake_those_whose_time_has_come(everybody=True)
        return eventually(self.revive, CALM_WITHIN) and eventually(self._owes_nothing, CALM_WITHIN)

    def _owes_nothing(self):
        """Tell whether the workers have done all that the cases owe; dead ones leave leases."""
        self.revive()
        with self.database.connect() as connection:
            owed = select(func.count()).where(Job.instance_id.is_not(None))
            return connection.scalar(owed) == 0

    def end(self):
        self._wake_those_whose_time_has_come(everybody=True)
        for hand in self._hands.values():
            hand.send_signal(signal.SIGKILL)
        self.database.dispose()

    def someone(self, *roles):
        """Pick a hand that lives and is not stopped."""
        living = [
            hand
            for (role, _), hand in self._hands.items()
            if role in roles
            and hand.poll() is None
            and all(hand is not stopped for stopped, _ in self._stopped)
        ]
        return self.chance.choice(living) if living else None

    def stop_for(self, hand, seconds):
        hand.send_signal(signal.SIGSTOP)
        self._stopped.append((hand, time.monotonic() + seconds))

    def _wake_those_whose_time_has_come(self, *, everybody=False):
        now = time.monotonic()
        for hand, until in list(self._stopped):
            if everybody or until < now:
                hand.send_signal(signal.SIGCONT)
                self._stopped.remove((hand, until))


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
    yard.server.start()
    yard.slowest_recovery = max(yard.slowest_recovery, time.monotonic() - begun)
    return True


def end_backends(yard):
    """Have the server end every connection but ours."""
    with psycopg.connect(yard.plain_url, autocommit=True) as connection:
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

"""Hands at work on one database, and everything that can happen to them."""

import json
import random
import signal
import time
from collections import Counter
from contextlib import contextmanager
from pathlib import Path

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

    def __init__(self, folder, url, start, seen_url=None):
        self.folder, self.url, self._start = folder, url, start
        self._seen_url = seen_url or url
        """How the hands reach the database."""
        self.file = self.server = self.proxy = None
        """What can be broken besides hands: the file of SQLite, or a server and the wire to it."""
        self.mishaps, self.lease = True, LEASE
        self._hands = {}
        self._stopped = []
        self.befallen = Counter()
        self.chance = random.Random()
        self.slowest_recovery = 0.0
        """Seconds that the database server took at most to be back."""

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
        skew = self.chance.choice(SKEWS) if self.mishaps else 0
        self.befallen["wrong clock"] += role == "worker" and skew != 0
        given = {"url": self._seen_url, "folder": str(self.folder), "skew": skew}
        told = json.dumps({**given, "mishaps": self.mishaps, "lease": self.lease})
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

    def fenced(self):
        """How often a worker came back to a job that was somebody else's by then."""
        logs = self.folder.glob("worker-*.log")
        return sum(log.read_text("utf-8").count("lease lost") for log in logs)

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
        return self._count(Job.instance_id.is_not(None)) == 0

    def has_begun_something(self):
        """Tell whether a worker holds a job at this moment."""
        return self._count(Job.holder.is_not(None)) > 0

    def owed(self, jobs):
        """How many of these jobs are still to be done."""
        self.revive()
        return self._count(Job.id.in_(jobs))

    def _asked(self):
        """Connect anew: some faults end every connection, those that rest included."""
        self.database.dispose()
        return self.database.connect()

    def _count(self, which):
        with self._asked() as connection:
            return connection.scalar(select(func.count()).select_from(Job).where(which))

    def kill_workers(self):
        """Kill them all at once; tell which jobs they leave behind them leased."""
        workers = [hand for (role, _), hand in self._hands.items() if role == "worker"]
        for hand in workers:
            hand.send_signal(signal.SIGKILL)
        while any(hand.poll() is None for hand in workers):
            time.sleep(0.01)
        with self._asked() as connection:
            return set(connection.scalars(select(Job.id).where(Job.holder.is_not(None))))

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

    @contextmanager
    def frozen(self):
        """Let nobody move while the block lasts."""
        living = [hand for hand in self._hands.values() if hand.poll() is None]
        for hand in living:
            hand.send_signal(signal.SIGSTOP)
        for hand in living:
            _await_stop(hand.pid)
        try:
            yield
        finally:
            for hand in living:
                hand.send_signal(signal.SIGCONT)

    def _wake_those_whose_time_has_come(self, *, everybody=False):
        now = time.monotonic()
        for hand, until in list(self._stopped):
            if everybody or until < now:
                hand.send_signal(signal.SIGCONT)
                self._stopped.remove((hand, until))


def _await_stop(pid):
    """Wait until every thread of a process stands still."""
    threads = Path(f"/proc/{pid}/task")
    while any(_state(thread) not in "TtZX" for thread in threads.glob("*")):
        time.sleep(0.0005)


def _state(thread):
    try:
        return (thread / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"

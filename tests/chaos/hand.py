"""A process that works on journeys until it is killed: as a worker on duty, or as a clerk.

What a clerk was told stands in its ledger, written after each commit; killed and started again, it
repeats what it has no answer to, under the same command id.
"""

import json
import os
import random
import sys
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import text

from bpmn.errors import Refusal, Unavailable
from engine import clock, jobs, queries, shift, tasks, worker
from engine.database import connect
from engine.handlers import Handlers
from engine.shift import Shift
from engine.worker import Worker
from tests.engine import tap
from tests.engine.journey import Journey, open_transactions

CASES_AT_ONCE = 6
MISHAP = 1 / 500
"""How likely a call to the database fails, or is the last that its process makes."""
BOUND = 15.0
"""Seconds within which everybody is answered, if only by a refusal."""
EFFECT = text("INSERT INTO effect (instance_id, what) VALUES (:instance, :what)")


def main():
    role, number, told = sys.argv[1:]
    given = json.loads(told)
    folder = Path(given["folder"])
    database = connect(given["url"])
    with ExitStack() as stack:
        if given["mishaps"]:
            stack.enter_context(tap.tapping(database))
            tap.hook_everybody(Mishaps(folder, database))
        transactions = open_transactions(database)
        if role == "worker":
            _be_hasty(given["lease"])
            clock.follow(timedelta(seconds=given["skew"]))
            serve(transactions)
        else:
            Clerk(int(number), folder, transactions).run()
    sys.exit(0)


def _be_hasty(lease):
    """Make in seconds what takes half a minute elsewhere."""
    if lease:
        jobs.LEASE = timedelta(seconds=lease)
        worker.WORTHWHILE = jobs.LEASE * 2 / 3
        shift.OUTAGE_PAUSE = 0.1
        shift.LONGEST_SLEEP = timedelta(seconds=1)


class Mishaps:
    """A hook by which now and then a call fails, or the process dies on the spot."""

    def __init__(self, folder, database):
        self._random = random.Random()
        self._fail, self._folder = tap.outage(database), folder

    def __call__(self, call):
        if self._random.random() > MISHAP or (self._folder / "peace").exists():
            return
        dies = self._random.random() < 0.5
        append(self._folder / "mishaps", {"mishap": "died" if dies else "failed", "before": call})
        (tap.death if dies else self._fail)(call)


def append(file, line):
    """Write a line that survives the death of its writer."""
    target = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.write(target, (json.dumps(line) + "\n").encode())
    os.close(target)


def serve(transactions):
    """Be on duty."""

    def count(uow, call):
        uow.connection.execute(EFFECT, {"instance": str(call.instance_id), "what": call.element})
        return {}

    Shift(Worker(transactions, Handlers({"count": count}, {}))).run_forever(threading.Event())


class Clerk:
    """Begins cases and brings each to its end, some of them only when reminded."""

    def __init__(self, number, folder, transactions):
        self._number, self._folder = number, folder
        self._ledger = folder / f"ledger-{number}"
        self._journey = Journey(transactions)
        self._transactions = transactions
        self._told, self._sent = {}, {}
        for line in self._ledger.read_text().splitlines() if self._ledger.exists() else ():
            self._note(**json.loads(line))
        self._open = [key for key, told in self._told.items() if "review" not in told]

    def run(self):
        while True:
            begins = not (self._folder / "stop").exists()
            if begins and len(self._open) < CASES_AT_ONCE:
                key = str(UUID(int=(self._number << 64) + len(self._told) + 1))
                self._told[key] = {}
                self._open.append(key)
            if not self._open:
                return
            busy = [self._work_on(key) for key in self._open]
            self._open = [key for key in self._open if "review" not in self._told[key]]
            if not any(busy):
                time.sleep(0.02)

    def _note(self, key, step, **said):
        """Know what was sent, or what was told."""
        told = self._told.setdefault(key, {})
        if "task" in said:
            self._sent[key] = step, said["task"]
        else:
            told[step] = said
            self._sent.pop(key, None)

    def _write(self, key, step, **said):
        append(self._ledger, {"key": key, "step": step, **said})
        self._note(key, step, **said)

    def _work_on(self, key):
        """Do the next thing about a case; tell whether there was one."""
        told = self._told[key]
        if key in self._sent:
            return self._send(key, *self._sent[key])
        if "start" not in told:
            return self._send(key, "start", None)
        if "letter" not in told and ("report" in told or "remind" in told):
            return self._send(key, "letter", None)
        task = self._task(key)
        if task is None or (task.element == "report" and self._is_slow(key)):
            return False
        return self._send(key, task.element, str(task.id))

    def _work(self, key, step, task, uow):
        if step == "start":
            self._journey.start(UUID(key), uow)
        elif step == "letter":
            self._journey.message(key, uow)
        else:
            tasks.complete(uow, UUID(task), {}, "anna")
        return ""

    @staticmethod
    def _is_slow(key):
        return UUID(key).int % 4 == 0

    def _task(self, key):
        try:
            with self._transactions.reading() as session:
                found = queries.open_tasks_of(session, UUID(key))
        except Unavailable:
            return None
        return found[0] if found else None

    def _send(self, key, step, task):
        """Do it under its id, whose repetition has no effect; write down what was told."""
        if key not in self._sent:
            self._write(key, step, task=task)
        begun = time.monotonic()
        try:
            with self._transactions.begin() as uow:
                uow.once(f"{key}-{step}", lambda: self._work(key, step, task, uow))
        except Unavailable:
            self._watch(begun)
            return False
        except Refusal as refusal:
            self._write(key, step, refused=type(refusal).__name__)
        except Exception as error:  # noqa: BLE001 - no client may see this
            append(self._folder / "broken", {"key": key, "step": step, "error": repr(error)[:300]})
            return False
        else:
            self._write(key, step)
        self._watch(begun)
        return True

    def _watch(self, begun):
        lasted = time.monotonic() - begun
        if lasted > BOUND + 1:
            append(self._folder / "broken", {"waited": round(lasted, 1)})

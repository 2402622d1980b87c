"""What a worker costs while nothing is to be done, and how late it is for one thing that falls due."""

import statistics
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bench.harness import counted, is_full, report
from bench.stage.counts import counting
from bench.stage.databases import POSTGRESQL, SQLITE
from bench.stage.office import Office, open_office
from engine import clock, jobs
from engine.database import connect
from engine.handlers import Handlers
from engine.records import JobRecord
from engine.shift import Shift
from engine.unit_of_work import Transactions, UnitOfWork
from engine.worker import Worker

POKE = "bench.poke"
AHEAD = timedelta(milliseconds=60)
"""How long before it falls due it is owed: long enough for every worker to have gone to sleep."""
PATIENCE = 20


def main() -> int:
    full = is_full("idle")
    kinds = (POSTGRESQL, SQLITE)
    return report("idle", (part for kind in kinds for part in _sections(kind, full=full)))


def _sections(kind: str, *, full: bool) -> Iterator[dict[str, Any]]:
    with open_office(kind) as office:
        lateness = Lateness()
        with _on_duty(office, lateness):
            time.sleep(1)
            yield _rest(kind, office, 120 if full else 15)
            yield _wake(kind, office, lateness, 1_000 if full else 40)


@dataclass
class Lateness:
    """How long after it fell due each thing was done, in milliseconds."""

    done: threading.Event = field(default_factory=threading.Event)
    found: list[float] = field(default_factory=list)

    def note(self, _uow: UnitOfWork, job: JobRecord) -> None:
        due = datetime.fromisoformat(job.payload["due"])
        self.found.append((clock.now() - due).total_seconds() * 1e3)
        self.done.set()


@contextmanager
def _on_duty(office: Office, lateness: Lateness) -> Iterator[None]:
    """Keep a worker of this installation at work beside the block."""
    known, stop = office.app.handlers, threading.Event()
    handlers = Handlers(known.services, {**known.jobs, POKE: lateness.note})
    worker = Worker(office.app.transactions, handlers)
    shift = Shift(worker, follow=office.app.follow)
    thread = threading.Thread(target=shift.run_forever, args=(stop,), daemon=True)
    thread.start()
    yield
    stop.set()
    thread.join(PATIENCE)


def _rest(kind: str, office: Office, seconds: float) -> dict[str, Any]:
    """Count what is asked of the database while nothing is owed."""
    with counting(office.app.engine) as counts:
        time.sleep(seconds)
    rate = round(len(counts.statements) / seconds, 3)
    return counted(f"idle, {kind}", {"queries_per_second": rate}, {"queries_per_second": 0.2})


def _wake(kind: str, office: Office, lateness: Lateness, times: int) -> dict[str, Any]:
    """Owe things that fall due a moment later, from another process's connection on PostgreSQL."""
    engine = connect(office.app.settings.database) if kind == POSTGRESQL else None
    owing = Transactions(engine) if engine is not None else office.app.transactions
    for _ in range(times):
        due = clock.now() + AHEAD
        with owing.begin() as uow:
            jobs.owe(uow, jobs.Debt(POKE, {"due": due.isoformat()}, due))
        if not lateness.done.wait(PATIENCE):
            raise TimeoutError(POKE)
        lateness.done.clear()
    if engine is not None:
        engine.dispose()
    p50, p99 = _percentiles(lateness.found)
    section = counted(f"one thing due, {kind}", {"p99_ms": p99}, {"p99_ms": 100})
    return {**section, "ambition_ms": 30, "p50_ms": p50, "times": times}


def _percentiles(found: list[float]) -> tuple[float, float]:
    hundredths = statistics.quantiles(found, n=100)
    return round(hundredths[49], 1), round(hundredths[98], 1)


if __name__ == "__main__":
    sys.exit(main())

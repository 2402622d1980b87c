"""Timers due at once with three worker processes: lost, doubled, how fast, and who waits meanwhile."""

import statistics
import sys
import threading
import time
from collections.abc import Iterator
from typing import Any

import psycopg

from bench.harness import Benchmark, Budget, Contender, counted, is_full, measure, report
from bench.stage.databases import POSTGRESQL, fresh_database, native
from bench.stage.herd import WORKERS, Herd, open_herd

ROUND = 150
"""Timers of one piece of work: each worker has a batch."""
INBOX = """
    SELECT user_task.id, user_task.name, user_task.due_at FROM task_candidate
    JOIN user_task ON user_task.id = task_candidate.task_id
    WHERE task_candidate.name = 'role_qm' AND task_candidate.kind = 'group'
    AND task_candidate.state = 'open' ORDER BY user_task.due_at, user_task.id LIMIT 25
"""


def main() -> int:
    full = is_full("timers-due")
    return report("timers-due", _sections(full=full))


def _sections(*, full: bool) -> Iterator[dict[str, Any]]:
    due, waiting = (10_000, 100_000) if full else (2_000, 20_000)
    with fresh_database(POSTGRESQL) as url, open_herd(url) as (herd, pattern):
        herd.breed(pattern, waiting)
        yield _stampede(herd, url, due)
        yield _against_bare(herd, 60 if full else 8)


def _stampede(herd: Herd, url: str, due: int) -> dict[str, Any]:
    """Let them be due in the same minute, and look at a list of tasks all the while."""
    done, looks = threading.Event(), list[float]()
    onlooker = threading.Thread(target=_look, args=(url, done, looks))
    herd.call(due)
    onlooker.start()
    seconds = herd.fire("ours")
    done.set()
    onlooker.join()
    figures: dict[str, float] = {
        **herd.losses(),
        "seconds": round(seconds, 2),
        "inbox_p95_ms": round(statistics.quantiles(looks, n=20)[-1] * 1e3, 1),
    }
    budgets: dict[str, float] = {"lost": 0, "doubled": 0, "seconds": 60, "inbox_p95_ms": 500}
    section = counted(f"{due} timers due at once, {WORKERS} workers", figures, budgets)
    return {**section, "per_second": round(due / seconds, 1)}


def _look(url: str, done: threading.Event, looks: list[float]) -> None:
    with psycopg.connect(native(url), autocommit=True) as connection:
        while not done.wait(0.02) or len(looks) < 2:
            begun = time.perf_counter()
            connection.execute(INBOX).fetchall()
            looks.append(time.perf_counter() - begun)


def _against_bare(herd: Herd, seconds: float) -> dict[str, Any]:
    def fire(way: str) -> None:
        herd.call(ROUND)
        herd.fire(way)

    ours = Contender("workers", lambda: fire("ours"), Budget(0.45, 0.70))
    bare = Contender("bare SQL", lambda: fire("bare"))
    facts = {"timers_of_one_piece": ROUND, "workers": WORKERS}
    against = Benchmark("timers against bare SQL", bare, [ours], herd.check, facts)
    return measure(against, seconds)


if __name__ == "__main__":
    sys.exit(main())

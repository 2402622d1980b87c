"""Completing a task: the engine against SpiffWorkflow's own JSON, the service and HTTP against bare SQL.

What is counted (statements, round trips, commits, bytes) is exact; what is timed is a ratio.
"""

import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from bench.harness import Benchmark, Budget, Clock, Contender, counted, is_full, measure, report
from bench.stage import models, naive
from bench.stage.browser import Browser
from bench.stage.counts import counting
from bench.stage.databases import POSTGRESQL, SQLITE, fresh_database
from bench.stage.desk import open_desk
from bench.stage.models import Dialect
from bench.stage.office import Office, open_office
from bench.stage.replay import Driver, Replay, picture
from bench.stage.serving import serving
from engine import stays

Section = dict[str, Any]
ENGINE_COUNTS = {"statements": 8, "round_trips": 3, "commits": 1, "snapshot_bytes": 4_000}
SERVICE_COUNTS = {"statements": 12, "round_trips": 4, "commits": 1}
MODELS: dict[str, tuple[Callable[[Dialect], bytes], int, int, Budget]] = {
    "S": (models.small, 0, 1, Budget(2.8, 8, by="cpu")),
    "M": (models.municipal, 3, 3, Budget(6, 20, by="cpu")),
    "L": (models.small, 300, 1, Budget(40, 150, by="cpu")),
}
"""The model, completions behind it, tasks in a lap, and how much less CPU it has to take."""
CASES = 40


def main() -> int:
    full = is_full("complete-task")
    return report("complete-task", sections(seconds=24 if full else 2.2, full=full))


def sections(*, seconds: float, full: bool) -> Iterator[Section]:
    for kind in (POSTGRESQL, SQLITE) if full else (POSTGRESQL,):
        for name in MODELS:
            yield from engine(kind, name, seconds)
    for kind in (POSTGRESQL, SQLITE):
        yield from service(kind, seconds)
    for kind in (POSTGRESQL, SQLITE) if full else (POSTGRESQL,):
        yield http(kind, seconds * 2)


def engine(kind: str, name: str, seconds: float) -> Iterator[Section]:
    """One user task of the engine alone, against the stock serializer with naive persistence."""
    model, laps, steps, budget = MODELS[name]
    title = f"engine {name}, {kind}"
    with fresh_database(kind) as url, open_desk(url, model(models.OURS)) as desk:
        store = naive.Store(kind, url, naive.states(model(models.PYTHON), laps, steps))
        desk.start()
        for _ in range(laps):
            desk.complete()
        if name != "L":
            desk.start(7)
        facts = {"bytes": _largest(desk.snapshots()), "stock_bytes": store.bytes}
        with counting(desk.database) as counts:
            desk.complete()
        figures = {**counts.figures, "snapshot_bytes": facts["bytes"]}
        yield counted(f"{title}, counted", figures, ENGINE_COUNTS)
        ours = Contender("engine", desk.complete, budget)
        stock = Contender("stock serializer", store.complete)
        yield measure(Benchmark(title, stock, [ours], desk.check, facts), seconds)
        store.close()


def _largest(snapshots: list[str]) -> int:
    return max(len(snapshot.encode()) for snapshot in snapshots)


def service(kind: str, seconds: float) -> Iterator[Section]:
    """Measure the whole of `inbox.complete` against the driver alone writing the same rows."""
    with open_office(kind) as office:
        office.prepare(CASES)
        for _ in range(CASES):
            office.complete()
        with counting(office.app.engine) as counts:
            office.complete()
        yield counted(f"service, {kind}, counted", counts.figures, SERVICE_COUNTS)
        driver = Driver(kind, office.app.settings.database)
        before = picture(driver)
        office.complete()
        replay = Replay(driver, before, picture(driver))
        office.open.pop()
        bare = Contender("bare SQL", replay.run)
        ours = Contender("service", office.complete, _floor(kind))
        facts = {"rows": replay.rows}
        check = partial(_every_task_followed, office)
        yield measure(Benchmark(f"service, {kind}", bare, [ours], check, facts), seconds)
        driver.close()
        yield _history(kind, office, seconds)


def _write_nothing(*_: object) -> None:
    pass


def _history(kind: str, office: Office, seconds: float) -> Section:
    """Measure what a completion costs with the history it writes, against one that writes none."""
    recorded = stays.store

    def complete_unrecorded() -> None:
        stays.store = _write_nothing  # type: ignore[assignment]  # put back below
        try:
            office.complete()
        finally:
            stays.store = recorded

    unrecorded = Contender("service without history", complete_unrecorded)
    ours = Contender("service", office.complete, Budget(0.95, by="cpu"))
    return measure(Benchmark(f"history, {kind}", unrecorded, [ours]), seconds)


def _floor(kind: str) -> Budget:
    return Budget(0.6, 0.8) if kind == POSTGRESQL else Budget(0.4, 0.65)


def _every_task_followed(office: Any) -> None:
    assert len(office.open) == CASES - 1, "a completion did not lead to the next task"


def http(kind: str, seconds: float) -> Section:
    """Measure a form sent by a person who is signed in against an endpoint that only writes the rows.

    Here the CPU is the server's.
    """
    with serving(kind, CASES) as server:
        browser = Browser(server)
        bare = Contender("bare endpoint", browser.bare)
        ours = [
            Contender("form sent", browser.complete, Budget(0.6, 0.75)),
            Contender("form sent, next page read", browser.complete_and_see),
        ]
        clock = Clock(cpu=browser.server_cpu)
        return measure(Benchmark(f"HTTP, {kind}", bare, ours), seconds, clock)


if __name__ == "__main__":
    sys.exit(main())

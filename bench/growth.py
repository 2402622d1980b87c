"""A late completion of one instance against its first: CPU, bytes of state, statements."""

import sys
from collections.abc import Iterator
from typing import Any

from bench.harness import Benchmark, Budget, Contender, counted, is_full, measure, report
from bench.stage import models
from bench.stage.counts import counting
from bench.stage.databases import POSTGRESQL, SQLITE, fresh_database
from bench.stage.desk import Desk, open_desk

LAPS = {True: 5_000, False: 1_000}
SECONDS = {True: 40, False: 4}
YOUNG = 200


def main() -> int:
    full = is_full("growth")
    kinds = (POSTGRESQL, SQLITE)
    return report(
        "growth", (part for kind in kinds for part in grow(kind, LAPS[full], SECONDS[full]))
    )


def grow(kind: str, laps: int, seconds: float) -> Iterator[dict[str, Any]]:
    """Complete an old instance and young ones in turn; the young have at most some laps behind."""
    with fresh_database(kind) as url, open_desk(url, models.small(models.OURS)) as desk:
        desk.start()
        first = _look(desk)
        for _ in range(laps):
            desk.complete()
        old, desk.open = desk.open, type(desk.open)()
        last = _look(desk, old)
        growth = {name: round(last[name] / first[name], 3) for name in first}
        yield counted(f"growth, {kind}, counted", growth, {"statements": 1.0, "bytes": 1.5})
        desk.open.clear()
        desk.start(YOUNG)
        young = desk.open
        ways = [
            Contender("first completions", lambda: _complete(desk, young)),
            Contender(
                f"after {laps}", lambda: _complete(desk, old), Budget(1 / 1.2, 1 / 1.05, "cpu")
            ),
        ]
        yield measure(Benchmark(f"growth, {kind}", ways[0], ways[1:]), seconds)


def _look(desk: Desk, tasks: Any = None) -> dict[str, float]:
    if tasks is not None:
        desk.open = tasks
    with counting(desk.database) as counts:
        desk.complete()
    (snapshot,) = desk.snapshots()
    return {"statements": len(counts.statements), "bytes": len(snapshot.encode())}


def _complete(desk: Desk, tasks: Any) -> None:
    desk.open = tasks
    desk.complete()


if __name__ == "__main__":
    sys.exit(main())

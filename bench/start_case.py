"""Starting a case: a report taken in by the service, against the driver alone writing the same rows."""

import sys
from collections.abc import Iterator
from typing import Any

from bench.harness import Benchmark, Budget, Contender, counted, is_full, measure, report
from bench.stage.counts import counting
from bench.stage.databases import POSTGRESQL, SQLITE
from bench.stage.office import open_office
from bench.stage.replay import Driver, Replay, picture

COUNTS = {"statements": 8, "commits": 1}


def main() -> int:
    seconds = 60 if is_full("start-case") else 8
    sections = (part for kind in (POSTGRESQL, SQLITE) for part in start(kind, seconds))
    return report("start-case", sections)


def start(kind: str, seconds: float) -> Iterator[dict[str, Any]]:
    with open_office(kind) as office:
        for _ in range(5):
            office.report()
        with counting(office.app.engine) as counts:
            office.report()
        yield counted(f"start, {kind}, counted", counts.figures, COUNTS)
        driver = Driver(kind, office.app.settings.database)
        before = picture(driver)
        office.report()
        replay = Replay(driver, before, picture(driver))
        ours = Contender("service", office.report, Budget(0.6, 0.75))
        facts = {"rows": replay.rows}
        bare = Contender("bare SQL", replay.run)
        yield measure(Benchmark(f"start, {kind}", bare, [ours], facts=facts), seconds)
        driver.close()


if __name__ == "__main__":
    sys.exit(main())

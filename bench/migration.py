"""Bringing cases over to other diagrams, against the driver alone writing the same rows of each."""

import itertools
import sys
import time
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from bench.harness import Benchmark, Contender, counted, is_full, measure, report
from bench.stage.counts import counting
from bench.stage.databases import POSTGRESQL, SQLITE
from bench.stage.office import Office, open_office
from bench.stage.replay import Driver, Replay, picture
from bpmn.bundle import Bundle
from engine import deployments, migrations
from engine.transfers import Outcome
from web.commands.installation import OPERATOR
from workflows.tending import migrations as tending
from workflows.tending.acts import Why
from workflows.tending.migrations import Wanted

COUNTS = {"statements": 18, "commits": 1}
"""Three of them for the history: what is open is read, noted as left over here, and moved on."""
CASES = {True: 10_000, False: 150}
SECONDS = {True: 60, False: 4}
LABELS = itertools.cycle(("Meldung lesen", "Meldung sichten"))


def main() -> int:
    full = is_full("migration")
    kinds = (POSTGRESQL, SQLITE)
    return report("migration", (part for kind in kinds for part in _sections(kind, full=full)))


def _sections(kind: str, *, full: bool) -> Iterator[dict[str, Any]]:
    with open_office(kind) as office:
        for _ in range(CASES[full]):
            office.report()
        yield _whole(kind, office)
        row = Row(office)
        for _ in range(3):
            row.bring_next()
        with counting(office.app.engine) as counts:
            row.bring_next()
        yield counted(f"one case, {kind}, counted", counts.figures, COUNTS)
        driver = Driver(kind, office.app.settings.database)
        before = picture(driver)
        row.set_apart(row.bring_next())
        replay = Replay(driver, before, picture(driver))
        bare = Contender("bare SQL", replay.run)
        ours = [Contender("brought over", row.bring_next), Contender("foretold", row.foretell_next)]
        facts = {"rows": replay.rows}
        yield measure(Benchmark(f"one case, {kind}", bare, ours, facts=facts), SECONDS[full])
        driver.close()


def _whole(kind: str, office: Office) -> dict[str, Any]:
    """Bring everything over once, as one operator would: what is waited for, and at which rate."""
    _publish(office)
    begun = time.monotonic()
    pages = _foretold(office)
    foretold, then = time.monotonic() - begun, time.monotonic()
    migration_id = _start(office)
    noted, then = time.monotonic() - then, time.monotonic()
    done = list(tending.carry_out(office.app.transactions, OPERATOR, migration_id))
    brought = time.monotonic() - then
    stayed = sum(one.outcome is not Outcome.MOVES for one in done)
    figures = {
        "cases": len(done),
        "stayed": stayed,
        "foretold_per_second": round(pages / foretold),
        "seconds_to_note_down": round(noted, 2),
        "brought_over_per_second": round(len(done) / brought),
    }
    return counted(f"a whole migration, {kind}", figures, {"stayed": 0})


def _publish(office: Office) -> None:
    with office.app.transactions.begin() as uow:
        current = deployments.current(uow.connection)
        files = deployments.bundle_of(uow.connection, current.id).files
        drawn = files["bench.bpmn"].decode()
        old = "Meldung sichten" if "Meldung sichten" in drawn else "Meldung lesen"
        drawn = drawn.replace(f'name="{old}"', f'name="{next(LABELS)}"')
        deployments.publish(uow, Bundle({**files, "bench.bpmn": drawn.encode()}), "bench")


def _foretold(office: Office) -> int:
    found, after = 0, None
    while True:
        page = tending.foretell(office.app.transactions, OPERATOR, Wanted(), after)
        found, after = found + len(page.rows), page.next_cursor
        if after is None:
            return found


def _start(office: Office) -> UUID:
    with office.app.transactions.begin() as uow:
        return tending.start(uow, OPERATOR, Wanted(), Why("Measured."))


class Row:
    """All cases, one after the other, there and back again for as long as somebody measures."""

    def __init__(self, office: Office) -> None:
        self._office, self._left = office, iter(())
        self._told = 0
        self._apart: UUID | None = None
        self._begin()

    def set_apart(self, instance_id: UUID) -> None:
        """Bring this one no more: its books are filled by the bare way from now on."""
        self._apart = instance_id

    def bring_next(self) -> UUID:
        """Bring one over, and tell which."""
        instance_id = next(self._left, None)
        if instance_id is None:
            self._begin()
            instance_id = next(self._left)
        done = migrations.bring(self._office.app.transactions, self._migration, instance_id)
        assert done is not None
        assert done.outcome is Outcome.MOVES
        return instance_id

    def foretell_next(self) -> None:
        self._told += 1
        instance_id = self._all[-1 - self._told % (len(self._all) // 2)]
        migrations.foretell(self._office.app.transactions, self._plan, instance_id)

    def _begin(self) -> None:
        _publish(self._office)
        with self._office.app.transactions.reading() as reading:
            self._plan, _ = tending.plan(reading, OPERATOR, Wanted())
        self._migration = _start(self._office)
        with self._office.app.transactions.reading() as reading:
            pending = migrations.pending(reading, self._migration)
        self._all = [one for one in pending if one != self._apart]
        self._left = iter(self._all)


if __name__ == "__main__":
    sys.exit(main())

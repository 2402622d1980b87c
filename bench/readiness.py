"""How soon a worker does its first job after its start, in an installation with many deployments."""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.harness import counted, is_full, report
from bench.stage.databases import POSTGRESQL, SQLITE, fresh_database
from bench.stage.office import LOOP, Office, office_on
from bpmn.bundle import Bundle
from engine import clock, deployments, inspecting, jobs
from engine.models import Lane
from engine.queries import bundle_of, current_deployment
from engine.work_queries import next_due

DEPLOYMENTS = 50
PATIENCE = 30
COMMAND = Path(sys.executable).with_name("handschlag")
KINDS = (POSTGRESQL, SQLITE)


def main() -> int:
    times = 15 if is_full("readiness") else 5
    return report("readiness", (_section(kind, times) for kind in KINDS))


def _section(kind: str, times: int) -> dict[str, Any]:
    with (
        fresh_database(kind) as url,
        tempfile.TemporaryDirectory() as folder,
        office_on(url, Path(folder)) as office,
    ):
        _publish(office)
        found = [_start(office, url, Path(folder) / "data") for _ in range(times)]
    figures: dict[str, float] = {"median_seconds": round(statistics.median(found), 2)}
    section = counted(f"worker ready, {kind}", figures, {"median_seconds": 2.0})
    return {**section, "deployments": DEPLOYMENTS, "longest": round(max(found), 2)}


def _publish(office: Office) -> None:
    """Publish versions that differ in a name, and let a case wait in the oldest of them."""
    office.report()
    for number in range(DEPLOYMENTS - 1):
        with office.app.transactions.begin() as uow:
            current = current_deployment(uow.connection)
            assert current is not None
            files = dict(bundle_of(uow.connection, current.id).files)
            files["bench.bpmn"] = LOOP.replace('name="Probe"', f'name="Probe {number}"').encode()
            deployments.publish(uow, Bundle(files), "bench")
    office.app.worker().run_due()


def _start(office: Office, url: str, folder: Path) -> float:
    """Owe something, start a worker, and tell after how many seconds it was done."""
    with office.app.transactions.begin() as uow:
        jobs.withdraw(uow, inspecting.INSPECTION)
        jobs.owe(uow, jobs.Debt(inspecting.INSPECTION, lane=Lane.ERRAND, key=inspecting.INSPECTION))
    environ = {**os.environ, "HANDSCHLAG_DATABASE_URL": url, "HANDSCHLAG_DATA_DIR": str(folder)}
    begun = time.perf_counter()
    worker = subprocess.Popen([COMMAND, "worker"], env=environ)
    try:
        while _is_owed(office):
            if time.perf_counter() - begun > PATIENCE:
                raise TimeoutError(PATIENCE)
            time.sleep(0.01)
        return time.perf_counter() - begun
    finally:
        worker.terminate()
        worker.wait(PATIENCE)


def _is_owed(office: Office) -> bool:
    with office.app.transactions.reading() as session:
        due = next_due(session, Lane.ERRAND)
    return due is not None and due - clock.now() < inspecting.EVERY / 2


if __name__ == "__main__":
    sys.exit(main())

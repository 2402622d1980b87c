"""Long runs leave a ledger: printed last of all, and kept as evidence where that is asked for.

`--evidence FILE` keeps the newest ledger of each test in one JSON file, so that a part of the runs
can be repeated alone. Its head sums up the faults by database.
"""

import json
import os
import platform
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SUMS = ("faults", "lost", "doubled", "stuck")

LEDGERS = pytest.StashKey()


def pytest_addoption(parser):
    parser.addoption("--evidence", type=Path, help="keep the ledgers of the runs in this file")


@pytest.fixture
def publish(request):
    """Keep an account of this test: figures, with `database` and the sums where there are any."""
    ledgers = request.config.stash.setdefault(LEDGERS, [])
    begun = time.monotonic()

    def write(account):
        seconds = round(time.monotonic() - begun, 1)
        ledgers.append({"test": request.node.name, "seconds": seconds, **account})

    return write


def pytest_unconfigure(config):
    ledgers = config.stash.get(LEDGERS, [])
    for ledger in ledgers:
        sys.stdout.write(json.dumps(ledger, ensure_ascii=False) + "\n")
    file = config.getoption("--evidence", None)
    if file and ledgers:
        keep(file, ledgers)


def keep(file, ledgers):
    """Put these ledgers beside those of earlier runs, each in the place of its forerunner."""
    kept = json.loads(file.read_text("utf-8"))["ledgers"] if file.exists() else []
    when = {"date": datetime.now(UTC).date().isoformat(), "revision": _revision()}
    rows = {each["test"]: each for each in kept} | {each["test"]: each | when for each in ledgers}
    evidence = {
        "command": "python3 dev.py soak",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "databases": _by_database(rows.values()),
        "ledgers": list(rows.values()),
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(evidence, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _by_database(ledgers):
    sums = {}
    for ledger in ledgers:
        if "faults" in ledger:
            total = sums.setdefault(ledger["database"], Counter(dict.fromkeys(SUMS, 0)))
            total.update({name: ledger.get(name, 0) for name in SUMS})
    return {database: dict(total) for database, total in sums.items()}


def _revision():
    asked = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(
        asked, cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout.strip()

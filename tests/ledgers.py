"""Tests that prove a row of `docs/reliability.md` leave a ledger: what was found, in how long.

`@pytest.mark.proves("R3")` names the row. `--evidence FILE` keeps the newest ledger of each test in
one JSON file, row by row. A part of the runs can be repeated alone: the ledgers of the others stay,
each with its own date and revision.
"""

import json
import os
import platform
import re
import subprocess
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "reliability.md"
BESIDE = "beside"
"""Where ledgers stand that prove no row."""
PLAIN = {"test", "held", "seconds", "why", "ways"}
"""What every ledger says; the rest are figures."""
SUMS = ("faults", "lost", "doubled", "stuck")

LEDGERS, ACCOUNT = pytest.StashKey(), pytest.StashKey()
TOLD = "ledger"
"""The property of a report that brings a ledger to where it is kept, from other processes too."""


def pytest_addoption(parser):
    parser.addoption("--evidence", type=Path, help="keep the ledgers of the runs in this file")


@pytest.fixture
def publish(request):
    """Keep an account of this test: figures, with `database` and the sums where there are any."""
    return request.node.stash.setdefault(ACCOUNT, {}).update


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    report = yield
    if report.when == "call" or (report.when == "setup" and not report.passed):
        _note(item, report)
    return report


def _note(item, report):
    """Write down in its report how a test ended, as text: the report may come from afar."""
    account = item.stash.get(ACCOUNT, {})
    rows = [row for mark in item.iter_markers("proves") for row in mark.args]
    if not rows and not account:
        return
    name = item.name if account else item.originalname
    ledger = {"test": name, "held": report.passed, "seconds": round(report.duration, 1), **account}
    if not report.passed:
        ledger["why"] = str(report.longrepr).strip().splitlines()[-1][:300]
    told = {"rows": rows or [BESIDE], "tells": bool(account), "ledger": ledger}
    report.user_properties.append((TOLD, json.dumps(told)))


class Keeper:
    """Collects the ledgers of all processes that run tests."""

    def __init__(self):
        self.ledgers = {}

    def pytest_runtest_logreport(self, report):
        for name, told in report.user_properties:
            if name == TOLD:
                self._collect(**json.loads(told))

    def _collect(self, rows, tells, ledger):
        """Take a ledger; those of one function that tell no figures are one."""
        for row in rows:
            key = row, ledger["test"]
            before = None if tells else self.ledgers.get(key)
            self.ledgers[key] = _together(before, ledger) if before else ledger


def _together(before, ledger):
    return {
        **before,
        **ledger,
        "held": before["held"] and ledger["held"],
        "seconds": round(before["seconds"] + ledger["seconds"], 1),
        "ways": before.get("ways", 1) + 1,
    }


def pytest_configure(config):
    if not hasattr(config, "workerinput"):
        config.stash[LEDGERS] = Keeper()
        config.pluginmanager.register(config.stash[LEDGERS])


def pytest_unconfigure(config):
    if LEDGERS not in config.stash:
        return
    ledgers = config.stash[LEDGERS].ledgers
    file = config.getoption("--evidence", None)
    if file and ledgers:
        told = [keep(file, ledgers)]
    else:
        told = [{"row": row, **each} for (row, _), each in ledgers.items() if each.keys() - PLAIN]
    for each in told:
        sys.stdout.write(json.dumps(each, ensure_ascii=False) + "\n")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Begin with what takes longest, so that processes which share the work end together."""
    if config.getoption("--evidence", None):
        items.sort(key=_minutes, reverse=True)


def _minutes(item):
    return max((mark.kwargs.get("minutes", 1) for mark in item.iter_markers("soak")), default=0)


def keep(file, ledgers):
    """Put these ledgers beside those of earlier runs, each in the place of its forerunner."""
    when = {"date": datetime.now(UTC).date().isoformat(), "revision": _revision()}
    kept = _kept(file) | {key: {**ledger, **when} for key, ledger in ledgers.items()}
    evidence = _evidence(kept)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(evidence, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return evidence


def _kept(file):
    """Read the ledgers of earlier runs, without those of tests that are no more."""
    if not file.exists():
        return {}
    living = "".join(each.read_text("utf-8") for each in (ROOT / "tests").rglob("test_*.py"))
    return {
        (row, ledger["test"]): ledger
        for row, told in json.loads(file.read_text("utf-8"))["rows"].items()
        for ledger in told["ledgers"]
        if f"def {ledger['test'].partition('[')[0]}(" in living
    }


def _evidence(kept):
    demanded = {row: cells[3] for row, cells in rows_of_the_page().items()}
    rows = {row: _row(row, demanded, kept) for row in [*demanded, BESIDE]}
    return {
        "command": "python3 dev.py soak",
        "machine": f"{os.cpu_count()} cores, Python {platform.python_version()}",
        "held": all(told["held"] for told in rows.values()),
        "seconds": round(sum(told["seconds"] for told in rows.values())),
        "databases": _by_database(kept.values()),
        "rows": rows,
    }


def _row(row, demanded, kept):
    """Sum up a row; one of which there is no ledger does not hold."""
    found = [ledger for (of, _), ledger in kept.items() if of == row]
    return {
        "demanded": demanded.get(row, ""),
        "held": all(each["held"] for each in found) and (bool(found) or row == BESIDE),
        "seconds": round(sum(each["seconds"] for each in found), 1),
        "ledgers": found,
    }


def rows_of_the_page():
    """Read the table of `docs/reliability.md`: the cells behind the name of each row."""
    found = re.findall(
        r"^\| (R\d+|mixed|re-run|foretold) \|(.+)\|$", PAGE.read_text("utf-8"), re.MULTILINE
    )
    return {row: [cell.strip() for cell in cells.split("|")] for row, cells in found}


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

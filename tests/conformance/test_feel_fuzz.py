"""Whatever is typed as a formula is a value or a refusal, soon, and leaves no memory behind."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_GROWTH = 50
"""Megabytes, of a process that reads ten thousand texts."""


@pytest.fixture
def seed():
    return os.environ.get("FUZZ_SEED") or str(random.SystemRandom().randrange(2**32))


def fuzz(seed, count):
    command = [sys.executable, "-m", "tests.conformance.feel_fuzz", seed, str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_ten_thousand_texts_are_answered(seed):
    ledger = fuzz(seed, 10_000)

    assert ledger["breaches"] == [], f"FUZZ_SEED={seed}"
    assert ledger["grown_mb"] <= MOST_GROWTH
    assert min(ledger["value"], ledger["refused"]) > 1_000


@pytest.mark.soak(minutes=25)
def test_a_million_texts_are_answered(seed, publish):
    ledgers = [fuzz(f"{seed}-{part}", 10_000) for part in range(100)]

    worst = max(ledgers, key=lambda ledger: ledger["slowest_ms"])
    told = {
        "seed": seed,
        "texts": sum(ledger["texts"] for ledger in ledgers),
        "values": sum(ledger["value"] for ledger in ledgers),
        "slowest_ms": worst["slowest_ms"],
        "grown_mb": max(ledger["grown_mb"] for ledger in ledgers),
        "breaches": [breach for ledger in ledgers for breach in ledger["breaches"]],
    }
    publish(told)
    assert told["breaches"] == []
    assert told["grown_mb"] <= MOST_GROWTH

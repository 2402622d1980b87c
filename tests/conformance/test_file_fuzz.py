"""Whatever is in a file, the check answers: findings or acceptance, soon, in little memory."""

import json
import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MOST_MEMORY = 200
"""Megabytes."""


@pytest.fixture
def seed():
    return os.environ.get("FUZZ_SEED") or str(random.SystemRandom().randrange(2**32))


def fuzz(seed, count):
    """Check mutants in a process of their own, whose memory can be told."""
    command = [sys.executable, "-m", "tests.conformance.file_fuzz", seed, str(count)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout.splitlines()[-1])


def test_a_few_hundred_mutants_are_answered(seed):
    ledger = fuzz(seed, 400)

    assert ledger["breaches"] == [], f"FUZZ_SEED={seed}"
    assert ledger["peak_mb"] <= MOST_MEMORY
    assert ledger["refused"] > ledger["mutants"] / 2


@pytest.mark.soak(minutes=5)
def test_ten_thousand_mutants_are_answered(seed, publish):
    ledgers = [fuzz(f"{seed}-{part}", 1_000) for part in range(10)]

    publish({"seed": seed, "parts": ledgers})
    assert [breach for ledger in ledgers for breach in ledger["breaches"]] == []
    assert max(ledger["peak_mb"] for ledger in ledgers) <= MOST_MEMORY
    assert min(ledger["seeds"] for ledger in ledgers) >= 80

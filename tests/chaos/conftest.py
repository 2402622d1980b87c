"""Installations that are meant to suffer."""

import json
import sys

import pytest

from tests.chaos import forge
from tests.postbox import receiving


@pytest.fixture(scope="session")
def forged():
    """Start processes quickly."""
    with forge.Forge() as running:
        yield running.start


LEDGERS = pytest.StashKey()


@pytest.fixture
def publish(request):
    """Have the ledger of a run printed last of all, as one line of JSON for each run."""
    ledgers = request.config.stash.setdefault(LEDGERS, [])
    return lambda account: ledgers.append({"test": request.node.name, **account})


def pytest_unconfigure(config):
    for ledger in config.stash.get(LEDGERS, []):
        sys.stdout.write(json.dumps(ledger, ensure_ascii=False) + "\n")


@pytest.fixture
def postbox():
    with receiving() as box:
        yield box

from datetime import UTC, datetime

import pytest
import time_machine
from argon2 import PasswordHasher

from engine.unit_of_work import Transactions
from tests.workflows.agency import Agency
from workflows import sealing
from workflows.people import passwords
from workflows.sealing import KeyEncryptionKey


@pytest.fixture
def transactions(database):
    """Units of work on a fresh database whose case keys can be opened."""
    sealing.attach(database, KeyEncryptionKey(bytes(range(32))))
    return Transactions(database)


@pytest.fixture
def afternoon():
    """Tuesday, 4 May 2027, 15:30 in Berlin."""
    with time_machine.travel(datetime(2027, 5, 4, 13, 30, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def agency(database, afternoon, monkeypatch):
    """A small office with the shipped processes, on a Tuesday afternoon."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    return Agency(database)

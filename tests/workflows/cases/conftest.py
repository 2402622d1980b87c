from datetime import UTC, datetime

import pytest
import time_machine
from argon2 import PasswordHasher

from tests.workflows.agency import Agency
from workflows.people import passwords


@pytest.fixture
def clock():
    """Tuesday, 4 May 2027, 15:30 in Berlin."""
    with time_machine.travel(datetime(2027, 5, 4, 13, 30, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def agency(database, clock, monkeypatch):
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_hasher", hasher)
    return Agency(database)

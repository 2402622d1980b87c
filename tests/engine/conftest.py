from datetime import UTC, datetime

import pytest
import time_machine

from tests.engine.desk import open_desk
from tests.engine.town import Town

MORNING = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def desk(database, monkeypatch):
    with open_desk(database, monkeypatch) as desk:
        yield desk


@pytest.fixture
def traveller():
    """A clock that stands still on a Monday morning until it is moved."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(database, traveller):
    assert traveller
    return Town(database)

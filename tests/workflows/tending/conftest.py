import pytest

from tests.workflows.tending.room import Room


@pytest.fixture
def room(agency):
    """The office, with somebody who tends it."""
    return Room(agency)

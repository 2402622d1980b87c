"""Installations that are meant to suffer."""

import pytest

from engine import clock
from tests.chaos import forge, grounds, house
from tests.chaos.town import Town
from tests.postbox import free_port, receiving


@pytest.fixture(scope="session")
def forged():
    """Start processes quickly."""
    with forge.Forge() as running:
        yield running.start


@pytest.fixture(scope="session")
def hands():
    """Start hands quickly, see `hand`."""
    with forge.Forge("tests.chaos.hand") as running:
        yield running.start


@pytest.fixture(params=["sqlite", "postgresql"])
def yard(request, tmp_path, hands):
    """Hands that are about to suffer, on each database in turn."""
    if request.param == "sqlite":
        ground = grounds.on_sqlite(tmp_path / "yard", hands, request.getfixturevalue("sqlite_file"))
    else:
        ground = grounds.on_postgresql(tmp_path / "yard", hands)
    with ground as yard:
        yield yard


@pytest.fixture
def postbox():
    with receiving() as box:
        yield box


@pytest.fixture
def open_town(tmp_path, forged):
    """Open a town that serves: `open_town(mail_port=…, database_url=…)`."""
    before, opened = clock.offset(), []

    def open_it(mail_port=0, database_url=None, start=forged):
        town = Town(tmp_path / "town", start, mail_port or free_port(), database_url)
        opened.append(town)
        town.settle()
        town.houses[0].serve(within=house.PATIENCE)
        return town

    yield open_it
    for town in opened:
        town.end()
    clock.follow(before)

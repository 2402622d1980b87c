"""Installations that are meant to suffer."""

import pytest

from tests.chaos import forge
from tests.postbox import receiving


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


@pytest.fixture
def postbox():
    with receiving() as box:
        yield box

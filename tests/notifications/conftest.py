import pytest

from engine.unit_of_work import Transactions
from tests.postbox import receiving


@pytest.fixture
def postbox():
    with receiving() as box:
        yield box


@pytest.fixture
def transactions(database):
    return Transactions(database)

import pytest

from engine.unit_of_work import Transactions
from workflows import sealing
from workflows.sealing import KeyEncryptionKey


@pytest.fixture
def transactions(database):
    """Units of work on a fresh database whose case keys can be opened."""
    sealing.attach(database, KeyEncryptionKey(bytes(range(32))))
    return Transactions(database)

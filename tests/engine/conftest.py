import pytest

from tests.engine.desk import open_desk


@pytest.fixture
def desk(database, monkeypatch):
    with open_desk(database, monkeypatch) as desk:
        yield desk

import stat
from uuid import uuid4

import pytest

from engine import deployments
from workflows import application, founding, sealing
from workflows.processes import catalog
from workflows.sealing import WrongKey
from workflows.secret_files import SecretFileMissing, SecretFileRefused
from workflows.settings import Settings


@pytest.fixture
def start(tmp_path, empty_database):
    """Build and prepare an installation; every call is another process."""
    started = []

    def start(**chosen):
        url = empty_database.url.render_as_string(hide_password=False)
        settings = Settings.load({}, data_dir=tmp_path / "data", database_url=url, **chosen)
        found = application.build(settings)
        started.append(found)
        founding.prepare(found)
        return found

    yield start
    for found in started:
        found.close()


def test_the_first_start_makes_tables_keys_and_publishes_the_shipped_diagrams(start, tmp_path):
    found = start()

    with found.transactions.reading() as session:
        deployment = deployments.current(session)
    assert deployment.digest == catalog.shipped_bundle().digest
    assert stat.S_IMODE((tmp_path / "data").stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "keys" / "case-keys").stat().st_mode) == 0o600


def test_starting_again_changes_nothing(start):
    start()
    found = start()

    with found.transactions.reading() as session:
        assert deployments.current(session).number == 1


def test_a_database_is_not_opened_with_another_key(start, tmp_path):
    found = start()
    with found.transactions.begin() as uow:
        sealing.create_key(uow.session, uuid4())
    key = tmp_path / "data" / "keys" / "case-keys"

    key.write_bytes(bytes(32))
    with pytest.raises(WrongKey):
        start()

    key.unlink()
    with pytest.raises(SecretFileMissing):
        start()
    assert not key.exists()


def test_a_key_that_others_can_read_stops_the_start(start, tmp_path):
    start()
    (tmp_path / "data" / "keys" / "case-keys").chmod(0o644)

    with pytest.raises(SecretFileRefused):
        start()


def test_only_a_demo_follows_a_moved_clock(start):
    assert start(demo=True).moved_clock is not None
    assert start(demo=False).moved_clock is None


def test_the_database_file_is_for_its_owner_alone(tmp_path):
    found = application.build(Settings.load({}, data_dir=tmp_path / "data"))
    found.close()

    file = tmp_path / "data" / "handschlag.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600

"""Whoever starts or looks over an installation that is not as it must be reads what to do."""

from contextlib import closing

import pytest

from engine.database import new_id
from tests.web.terminal import a_terminal
from workflows import application, founding, sealing
from workflows.settings import Settings

DAMAGED = "The database file is damaged. Please tell the administration."
AWAY = "The database cannot be reached. Please try again in a moment."
WRONG_KEY = (
    "The key file does not belong to this database. "
    "Restore the file that was made with it, from its own backup."
)
SERVING = [("worker",), ("web", "--port", "0")]


@pytest.fixture
def terminal(monkeypatch, capsys, tmp_path):
    with a_terminal(monkeypatch, capsys, tmp_path) as call:
        yield call


def failed(terminal):
    """What the doctor finds wrong."""
    code, told, _ = terminal("doctor")
    lines = [line for line in told.splitlines() if line.startswith("fail")]
    assert code == (1 if lines else 0)
    return [line.removeprefix("fail").strip() for line in lines]


def founded(folder):
    """Found an installation that has sealed something."""
    with closing(application.build(Settings(data_dir=folder))) as app:
        founding.prepare(app)
        with app.transactions.begin() as uow:
            sealing.create_key(uow.session, new_id())


@pytest.mark.parametrize("command", SERVING)
def test_nobody_serves_before_the_tables_are_there(terminal, command):
    assert terminal(*command) == (1, "", "The tables are not there. Run: handschlag migrate\n")
    assert failed(terminal)[0] == "database: the tables are not there. Run: handschlag migrate"


@pytest.mark.parametrize("command", SERVING)
def test_nobody_serves_with_a_key_that_was_made_anew(terminal, tmp_path, command):
    founded(tmp_path)
    (tmp_path / "keys" / "case-keys").unlink()

    assert terminal(*command) == (1, "", f"{WRONG_KEY}\n")
    assert failed(terminal) == [f"key: {WRONG_KEY}"]


@pytest.mark.parametrize("command", SERVING)
def test_a_damaged_file_is_told_as_such(terminal, tmp_path, command):
    (tmp_path / "handschlag.db").write_bytes(b"no database at all" * 500)

    assert terminal(*command) == (1, "", f"{DAMAGED}\n")
    assert failed(terminal)[0] == f"database: {DAMAGED}"


@pytest.mark.parametrize("command", SERVING)
def test_a_server_that_is_away_is_told_as_such(terminal, monkeypatch, command):
    monkeypatch.setenv("HANDSCHLAG_DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")

    assert terminal(*command) == (1, "", f"{AWAY}\n")
    assert failed(terminal)[0] == f"database: {AWAY}"


@pytest.mark.parametrize("command", [*SERVING, ("doctor",)])
def test_a_database_of_another_kind_is_refused(terminal, monkeypatch, command):
    monkeypatch.setenv("HANDSCHLAG_DATABASE_URL", "mysql://somebody@there/nothing")

    code, told, refused = terminal(*command)

    assert (code, told) == (1, "")
    assert refused.rstrip().endswith("must start with sqlite:/// or postgresql://.")

"""Whoever starts or looks over an installation that is not as it must be reads what to do."""

import errno
import os
import socket
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from subprocess import PIPE

import pytest

from engine.database import connect, new_id
from engine.errors import ServedAlready
from engine.sole_server import alone, served_by
from tests.web.terminal import a_terminal
from web.commands import doctor
from workflows import application, founding, sealing
from workflows.settings import Settings

DAMAGED = "The database file is damaged. Please tell the administration."
AWAY = "The database cannot be reached. Please try again in a moment."
ROOT = Path(__file__).resolve().parents[2]
NO_TABLES = "The tables are not there. Run: handschlag migrate"
WRONG_KEY = (
    "The key file does not belong to this database. "
    "Restore the file that was made with it, from its own backup."
)
SERVING = [("worker",), ("web", "--port", "0")]
LOOKING = [("instance", "list"), ("fault", "list"), ("audit", "verify"), ("clock", "show")]


@pytest.fixture
def terminal(monkeypatch, capsys, tmp_path):
    with a_terminal(monkeypatch, capsys, tmp_path) as call:
        yield call


def failed(terminal, *options):
    """What the doctor finds wrong."""
    code, told, _ = terminal("doctor", *options)
    lines = [line for line in told.splitlines() if line.startswith("fail")]
    assert code == (1 if lines else 0)
    return [line.removeprefix("fail").strip() for line in lines]


def founded(folder):
    """Found an installation that has sealed something."""
    with closing(application.build(Settings(data_dir=folder))) as app:
        founding.prepare(app)
        with app.transactions.begin() as uow:
            sealing.create_key(uow.session, new_id())


@pytest.mark.parametrize("command", [*SERVING, *LOOKING])
def test_where_nothing_was_founded_nothing_is_made(terminal, tmp_path, command):
    code, told, refused = terminal(*command, "--data", str(tmp_path / "mistyped"))

    assert (code, told) == (1, "")
    assert refused.startswith(f"There is no database {tmp_path / 'mistyped' / 'handschlag.db'}.")
    assert failed(terminal, "--data", str(tmp_path / "mistyped")) == [
        f"database: {refused.strip()}"
    ]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", [*SERVING, *LOOKING])
def test_nobody_works_before_the_tables_are_there(terminal, tmp_path, command):
    (tmp_path / "handschlag.db").touch()

    assert terminal(*command) == (1, "", f"{NO_TABLES}\n")
    assert failed(terminal) == [f"database: {NO_TABLES}"]
    assert [file.name for file in tmp_path.iterdir()] == ["handschlag.db"]


@pytest.mark.parametrize("command", [*SERVING, *LOOKING, ("run", "--no-demo"), ("migrate",)])
def test_a_lost_key_is_asked_for_and_never_made_anew(terminal, tmp_path, command):
    founded(tmp_path)
    key = tmp_path / "keys" / "case-keys"
    key.unlink()
    lost = f"{key} is missing. Restore it from its own backup"

    code, told, refused = terminal(*command)

    assert (code, told) == (1, "")
    assert lost in refused
    (finding,) = failed(terminal)
    assert finding.startswith(f"key: {lost}")
    assert list(key.parent.iterdir()) == []


@pytest.mark.parametrize("command", SERVING)
def test_nobody_serves_with_the_key_of_another_database(terminal, tmp_path, command):
    founded(tmp_path)
    key = tmp_path / "keys" / "case-keys"
    key.write_bytes(bytes(32))

    assert terminal(*command) == (1, "", f"{WRONG_KEY}\n")
    assert failed(terminal) == [f"key: {WRONG_KEY}"]


@pytest.mark.parametrize("command", [*SERVING, ("run", "--no-demo")])
def test_a_sqlite_file_has_one_server_and_commands_beside_it(terminal, tmp_path, command):
    founded(tmp_path)
    file = tmp_path / "handschlag.db"

    with alone(connect(f"sqlite:///{file}")):
        code, told, refused = terminal(*command)
        beside = [terminal(*looking)[0] for looking in (*LOOKING[:3], ("migrate",))]
        seen = terminal("doctor")[1]

    assert (code, told) == (1, "")
    assert f"{file} is served by another process already ({os.getpid()})." in refused
    assert beside == [0] * len(beside)
    assert f"ok    server: process {os.getpid()}" in seen
    assert "ok    server: none runs" in terminal("doctor")[1]


def test_a_file_has_one_server_by_whichever_name_it_is_called(tmp_path):
    founded(tmp_path / "real")
    (tmp_path / "other").symlink_to("real")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "handschlag.db").symlink_to(tmp_path / "real" / "handschlag.db")

    with alone(connect(f"sqlite:///{tmp_path / 'real' / 'handschlag.db'}")):
        for name in ("other", "linked"):
            database = connect(f"sqlite:///{tmp_path / name / 'handschlag.db'}")
            with pytest.raises(ServedAlready), alone(database):
                pass
            assert served_by(database) == os.getpid()


@pytest.mark.parametrize("written", [b"", b"\xff", b"server 7"])
def test_who_serves_is_unknown_where_something_else_stands_in_the_lock(tmp_path, written):
    database = connect(f"sqlite:///{tmp_path / 'handschlag.db'}")
    with alone(database):
        (tmp_path / "handschlag.db-serving").write_bytes(written)

        assert served_by(database) == 0
        with pytest.raises(ServedAlready), alone(database):
            pass


def test_a_server_that_dies_leaves_its_place_free(tmp_path):
    url = f"sqlite:///{tmp_path / 'handschlag.db'}"
    serves = (
        "from engine.sole_server import alone; from engine.database import connect; import sys\n"
    )
    serves += "with alone(connect(sys.argv[1])): print('serves', flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", serves, url]
    database = connect(url)
    with subprocess.Popen(command, cwd=ROOT, stdin=PIPE, stdout=PIPE) as server:
        assert server.stdout.readline() == b"serves\n"
        with pytest.raises(ServedAlready), alone(database):
            pass
        server.kill()
        server.wait()

        with alone(database):
            assert served_by(database) == os.getpid()


@pytest.mark.parametrize("spoil", ["folder", "damaged", "torn", "key", "open", "secret"])
def test_what_is_wrong_with_one_thing_hides_nothing_about_the_others(terminal, tmp_path, spoil):
    founded(tmp_path)
    file, keys = tmp_path / "handschlag.db", tmp_path / "keys"
    (keys / "web").write_bytes(b"short" if spoil == "secret" else bytes(32))
    (keys / "web").chmod(0o600)
    match spoil:
        case "folder":
            file.unlink()
            file.mkdir()
        case "damaged":
            file.write_bytes(b"no database at all" * 500)
        case "torn":
            whole = file.read_bytes()
            file.write_bytes(whole[:8192] + bytes(len(whole) - 8192))
        case "key":
            (keys / "case-keys").write_bytes(b"short")
        case "open":
            (keys / "case-keys").chmod(0o644)

    code, told, _ = terminal("doctor", "--processes")

    subjects = {line[6:].partition(":")[0] for line in told.splitlines()}
    assert code == 1
    assert subjects >= {"Python", "database", "secrets", "disk", "mail", "browser parts", "clock"}
    if spoil in {"key", "open", "secret"}:
        assert subjects >= {"tables", "file", "key", "processes"}


@pytest.mark.parametrize(
    ("look", "subject"),
    [
        ("served_by", "server"),
        ("sealing.read_key", "key"),
        ("shutil.disk_usage", "disk"),
        ("socket.create_connection", "mail"),
        ("Bundle", "browser parts"),
    ],
)
def test_a_look_that_another_account_forbids_stops_no_other(
    terminal, tmp_path, monkeypatch, look, subject
):
    founded(tmp_path)
    monkeypatch.setenv("HANDSCHLAG_SMTP_HOST", "127.0.0.1")
    monkeypatch.setattr(doctor.socket, "create_connection", lambda *_, **__: socket.socket())
    monkeypatch.setattr(f"web.commands.doctor.{look}", _forbidden)

    told = terminal("doctor")[1]

    subjects = [line[6:].partition(":")[0] for line in told.splitlines()]
    assert set(subjects) >= {"server", "tables", "file", "key", "secrets", "disk", "mail", "clock"}
    (finding,) = failed(terminal)
    assert finding.startswith(f"{subject}: ")
    assert finding.endswith("[Errno 13] Permission denied")


def _forbidden(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied")


def test_a_relay_whose_name_can_be_none_is_told_as_such(terminal, tmp_path, monkeypatch):
    founded(tmp_path)
    monkeypatch.setenv("HANDSCHLAG_SMTP_HOST", "mail..example")

    (finding,) = failed(terminal)

    assert finding.startswith("mail: mail..example:25: ")


def test_the_doctor_names_the_secrets_that_nobody_else_reads(terminal, tmp_path):
    def secrets():
        told = terminal("doctor")[1].splitlines()
        return [line for line in told if line[6:].startswith("secrets:")]

    key, web = tmp_path / "keys" / "case-keys", tmp_path / "keys" / "web"
    none = secrets()
    founded(tmp_path)
    one = secrets()
    web.write_bytes(b"short")
    web.chmod(0o644)
    open_to_all = secrets()

    assert none == [f"warn  secrets: none are in {key.parent}"]
    assert one == [f"ok    secrets: nobody else reads {key}"]
    assert open_to_all[0] == one[0]
    assert open_to_all[1].startswith(f"fail  secrets: {web} can be read by others")


@pytest.mark.parametrize("command", SERVING)
def test_a_password_file_that_is_not_there_is_named(terminal, tmp_path, monkeypatch, command):
    founded(tmp_path)
    monkeypatch.setenv("HANDSCHLAG_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("HANDSCHLAG_SMTP_PASSWORD_FILE", str(tmp_path / "nothing"))

    assert f"{tmp_path / 'nothing'} is missing." in terminal(*command)[2]


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

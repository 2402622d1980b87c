"""The databases that yards stand on, with everything of them that can be broken."""

from contextlib import contextmanager
from pathlib import Path

from tests import databases
from tests.chaos import proof
from tests.chaos.proxy import Proxy
from tests.chaos.yard import Yard

DURABLE = {**databases.OPTIONS, "synchronous_commit": "on", "max_connections": "300"}


@contextmanager
def on_sqlite(folder, start, file):
    """Stand on a SQLite file, which must be sound in the end."""
    yard = Yard(folder, f"sqlite:///{file}", start)
    yard.kind, yard.file = "sqlite", file
    yield yard
    yard.end()
    assert proof.integrity(yard.file) == "ok"


@contextmanager
def on_postgresql(folder, start):
    """Stand on a server of its own, reached by a wire."""
    with databases.server(DURABLE) as server:
        databases.create_tables(server.url)
        proxy = Proxy(Path(server.url.query["host"]) / ".s.PGSQL.5432")
        wired = f"postgresql://handschlag@127.0.0.1:{proxy.port}/postgres"
        yard = Yard(folder, server.url.render_as_string(hide_password=False), start, wired)
        yard.kind, yard.server, yard.proxy = "postgresql", server, proxy
        yield yard
        yard.end()
        proxy.close()

"""Databases as durable as in an office: nothing is relaxed for a figure."""

import atexit
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from sqlalchemy import URL, make_url

from tests.databases import OPTIONS, Cluster, create_tables, postgresql_server

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}


@contextmanager
def fresh_database(kind: str) -> Iterator[str]:
    """Give the address of an empty database with all tables; it is thrown away in the end."""
    if kind == SQLITE:
        with tempfile.TemporaryDirectory(prefix="handschlag-bench-") as folder:
            url = URL.create("sqlite", database=str(Path(folder) / "bench.db"))
            create_tables(url)
            yield str(url)
        return
    with _cluster().database() as url:
        yield url.render_as_string(hide_password=False)


@cache
def _cluster() -> Cluster:
    """Start one server for this process; it ends with it."""
    stack = ExitStack()
    atexit.register(stack.close)
    return Cluster(stack.enter_context(postgresql_server({**OPTIONS, **DURABLE})))


def native(url: str) -> str:
    """Spell the address for the driver alone."""
    parsed = make_url(url)
    if parsed.get_backend_name() == SQLITE:
        return str(parsed.database)
    return parsed.set(drivername="postgresql").render_as_string(hide_password=False)

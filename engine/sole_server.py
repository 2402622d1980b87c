"""One process serves a SQLite file: others are refused, by a lock that ends with its holder."""

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import Engine

from engine.errors import ServedAlready

PATIENCE = 0.5
"""Seconds in which who holds the lock may be somebody that only looks."""


@contextmanager
def alone(database: Engine) -> Iterator[None]:
    """Be the one process that serves this file. PostgreSQL is served by as many as like.

    Commands beside it need none of this. Raises `ServedAlready`.
    """
    path = _path(database)
    if path is None:
        yield
        return
    lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if not _taken(lock):
            raise ServedAlready(database.url.database or "", _holder(lock))
        os.ftruncate(lock, 0)
        os.pwrite(lock, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(lock)


def served_by(database: Engine) -> int | None:
    """Tell which process serves this file; None if none does, or as many as like."""
    path = _path(database)
    if path is None or not path.exists():
        return None
    lock = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _holder(lock)
    else:
        return None
    finally:
        os.close(lock)


def _path(database: Engine) -> Path | None:
    """Name a file of its own: closing the database file anywhere frees SQLite's own locks on it.

    It stands beside the database file itself, by whichever link that was named.
    """
    file = database.url.database if database.dialect.name == "sqlite" else None
    return Path(f"{Path(file).resolve()}-serving") if file else None


def _taken(lock: int) -> bool:
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(BlockingIOError):
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        if time.monotonic() > until:
            return False
        time.sleep(0.02)  # the lock of a file knows no time limit


def _holder(lock: int) -> int:
    """Read who wrote into the lock; 0 when it has had no time yet, or something else stands there."""
    written = os.pread(lock, 20, 0)
    return int(written) if written.isdigit() else 0

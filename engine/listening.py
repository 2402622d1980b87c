"""Hear from other processes, through PostgreSQL, that work has come."""

import threading
from collections.abc import Callable

import psycopg
import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from engine.postgresql import CHANNEL

log = structlog.get_logger()

PATIENCE = 0.5
"""Seconds after which the listener looks whether it shall stop."""
PAUSE = 5.0
"""Seconds before it tries a lost connection again; the workers look by themselves meanwhile."""


def listen(engine: Engine, ring: Callable[[], None], stop: threading.Event) -> None:
    """Ring whenever somebody has owed work that is due soon, until told to stop."""
    while not stop.is_set():
        try:
            _listen_once(engine, ring, stop)
        except (SQLAlchemyError, psycopg.Error) as error:
            log.warning("listener lost its connection", error=type(error).__name__)
            stop.wait(PAUSE)


def _listen_once(engine: Engine, ring: Callable[[], None], stop: threading.Event) -> None:
    pooled = engine.raw_connection()
    connection = pooled.driver_connection
    assert isinstance(connection, psycopg.Connection)
    pooled.detach()
    with connection:
        connection.autocommit = True
        connection.execute(f"LISTEN {CHANNEL}")
        ring()
        while not stop.is_set():
            for _ in connection.notifies(timeout=PATIENCE, stop_after=1):
                ring()

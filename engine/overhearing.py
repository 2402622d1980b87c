"""Whoever listens to the statements of a database hears those, too, that are sent past the library."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection


def tell(connection: Connection, text: str, values: Sequence[Any]) -> None:
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, None, text, values, None, len(values) > 1)

"""Whoever listens to the statements of a database hears what is sent past the library, too."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection


def tell(connection: Connection, text: str, values: Sequence[Any]) -> None:
    """Let them hear a text that is sent once for each of these lists of values."""
    for listener in connection.dispatch.before_cursor_execute:
        listener(connection, None, text, values, None, len(values) > 1)

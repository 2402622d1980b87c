"""What Alembic runs: every migration in the transaction of the connection it is given."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import JSON, Enum
from sqlalchemy.types import TypeDecorator

from workflows.migrations import metadata


def plain_type(kind: str, thing: Any, _autogen: Any) -> str | Literal[False]:
    """Write a migration with the library's own types, so that it never changes with the code."""
    if kind != "type":
        return False
    if isinstance(thing, TypeDecorator):
        return f"sa.{thing.impl_instance!r}"
    if isinstance(thing, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    if isinstance(thing, Enum):
        return f"sa.String(length={thing.length})"
    return False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata(),
    render_as_batch=True,
    render_item=plain_type,
    compare_type=True,
)
context.run_migrations()

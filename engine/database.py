"""What every table shares: base, column types, names of constraints, ids."""

import enum
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, cast
from uuid import UUID

from sqlalchemy import (
    JSON,
    DateTime,
    Dialect,
    Engine,
    Enum,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    make_url,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from engine import clock, postgresql, sqlite

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[datetime]):
    """An aware instant; a naive one is refused on its way in, UTC comes out."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant needs a time zone.")
        instant = value.astimezone(UTC)
        return instant if dialect.name == "postgresql" else instant.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002 - the library names it
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


Json = JSON().with_variant(JSONB(), "postgresql")

UuidPk = Annotated[UUID, mapped_column(primary_key=True)]


def values_of(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


class Base(DeclarativeBase):
    """Enums are stored by value, instants in UTC, ids as UUID made in Python."""

    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)
    type_annotation_map = {  # noqa: RUF012 - read once, by the declarative base
        str: Text(),
        bytes: LargeBinary(),
        UUID: Uuid(),
        datetime: UtcDateTime(),
        enum.Enum: Enum(enum.Enum, native_enum=False, length=40, values_callable=values_of),
        dict[str, Any]: Json,
        Mapping[str, Any]: Json,
        list[str]: Json,
        list[Any]: Json,
    }


def table_of(model: type[Base]) -> Table:
    """Name the table itself, for statements that go past the session."""
    return cast("Table", model.__table__)


def new_id() -> UUID:
    """Make an id that sorts by the time it was made, so that new rows lie together."""
    milliseconds = int(clock.now().timestamp() * 1000) & (2**48 - 1)
    random = secrets.randbits(74)
    version_and_random = 0x7000 | (random >> 62)
    variant_and_random = (0b10 << 62) | (random & (2**62 - 1))
    return UUID(int=(milliseconds << 80) | (version_and_random << 64) | variant_and_random)


def id_of(text: str) -> UUID | None:
    """Read an id; None where the text is none."""
    try:
        return UUID(text)
    except ValueError:
        return None


def connect(url: str) -> Engine:
    """Make the door to a database, `sqlite:///FILE` or `postgresql://…`; it is not opened yet."""
    address = make_url(url)
    if address.get_backend_name() == "sqlite":
        return sqlite.connect(address)
    if address.get_backend_name() == "postgresql":
        return postgresql.connect(address)
    raise ValueError(f"Only SQLite and PostgreSQL are supported, not {address.drivername}.")

"""Sealed JSON: how the personal part of a row is written and read."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.orm import Session

from workflows import sealing

_FIELD = "details"
_TYPE, _TEXT = "~", "="
_PLAIN = orjson.OPT_PASSTHROUGH_DATETIME


def seal(
    session: Session, case_id: UUID, place: tuple[str, UUID], values: Mapping[str, Any]
) -> bytes:
    """Seal values for one row; `place` is its table and id, and the seal opens nowhere else."""
    return seal_with(sealing.key_of(session, case_id), place, values)


def seal_with(key: sealing.CaseKey, place: tuple[str, UUID], values: Mapping[str, Any]) -> bytes:
    table, row = place
    text = orjson.dumps(values, _written, _PLAIN).decode()
    return key.seal(table, f"{_FIELD}|{row}", text)


def unseal(
    session: Session, case_id: UUID, place: tuple[str, UUID], sealed: bytes | None
) -> dict[str, Any]:
    """Open a row's details; a row without any gives an empty dict."""
    return unseal_with(sealing.key_of(session, case_id), place, sealed) if sealed else {}


def unseal_with(
    key: sealing.CaseKey, place: tuple[str, UUID], sealed: bytes | None
) -> dict[str, Any]:
    if not sealed:
        return {}
    table, row = place
    values: dict[str, Any] = _read(orjson.loads(key.open(table, f"{_FIELD}|{row}", sealed)))
    return values


def _written(value: Any) -> Any:
    """Asked by orjson only about types that JSON lacks."""
    if isinstance(value, Decimal):
        return {_TYPE: "decimal", _TEXT: str(value)}
    if isinstance(value, date | time):
        return {_TYPE: type(value).__name__, _TEXT: value.isoformat()}
    raise TypeError(f"{type(value).__name__} cannot be sealed")


_READERS: Mapping[str, Callable[[str], Any]] = {
    "decimal": Decimal,
    "date": date.fromisoformat,
    "time": time.fromisoformat,
    "datetime": datetime.fromisoformat,
}


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return [_read(entry) for entry in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == {_TYPE, _TEXT}:
        return _READERS[value[_TYPE]](value[_TEXT])
    return {name: _read(entry) for name, entry in value.items()}

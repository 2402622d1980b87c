"""Who did what to which field of a case: a chain of hashes per case, never a value.

Each entry's hash covers the entry and the hash before it, so a row changed, removed or inserted
later is found by `verify`. The chain names people and cases by id alone and survives erasure.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import orjson
from sqlalchemy import LargeBinary, UniqueConstraint, event, select
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from engine import clock
from engine.database import Base, UuidPk, new_id
from engine.unit_of_work import UnitOfWork

_HEADS = "audit_heads"
_START = bytes(32)


class AuditEntry(Base):
    __tablename__ = "audit_entry"
    __table_args__ = (UniqueConstraint("case_id", "position"),)

    id: Mapped[UuidPk]
    case_id: Mapped[UUID]
    position: Mapped[int]
    at: Mapped[datetime]
    actor_id: Mapped[UUID | None]
    """None: the system itself."""
    action: Mapped[str]
    fields: Mapped[list[str]]
    hash: Mapped[bytes] = mapped_column(LargeBinary(32))


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An entry as people read it."""

    at: datetime
    actor_id: UUID | None
    action: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Break:
    """The first entry of a case's chain that is not what was written."""

    case_id: UUID
    position: int


def open_chain(session: Session, case_id: UUID) -> None:
    """Know that a case made in this transaction has no entries yet, without asking."""
    session.info.setdefault(_HEADS, {})[case_id] = (0, _START)


def record(
    uow: UnitOfWork, actor_id: UUID | None, case_id: UUID, action: str, fields: Iterable[str] = ()
) -> None:
    """Append to the chain of a case. The caller holds the lock on the case or its instance."""
    session = uow.session
    position, previous = _head(session, case_id)
    entry = AuditEntry(
        id=new_id(),
        case_id=case_id,
        position=position + 1,
        at=clock.now(),
        actor_id=actor_id,
        action=action,
        fields=sorted(fields),
    )
    entry.hash = _hash(previous, entry)
    session.add(entry)
    session.info.setdefault(_HEADS, {})[case_id] = (entry.position, entry.hash)


def lines(session: Session, case_id: UUID) -> tuple[AuditLine, ...]:
    """List what happened to a case, the newest first."""
    query = select(AuditEntry).where(AuditEntry.case_id == case_id)
    rows = session.scalars(query.order_by(AuditEntry.position.desc()))
    return tuple(AuditLine(row.at, row.actor_id, row.action, tuple(row.fields)) for row in rows)


def verify(session: Session) -> Iterator[Break]:
    """Find the first bad row of every broken chain. A chain cut off at its end is not noticed."""
    query = select(AuditEntry).order_by(AuditEntry.case_id, AuditEntry.position)
    rows = session.scalars(query.execution_options(yield_per=1000))
    for case_id, entries in groupby(rows, key=attrgetter("case_id")):
        broken = _first_break(entries)
        if broken is not None:
            yield Break(case_id, broken)


def _first_break(entries: Iterable[AuditEntry]) -> int | None:
    previous = _START
    for expected, entry in enumerate(entries, start=1):
        if entry.position != expected or entry.hash != _hash(previous, entry):
            return expected
        previous = entry.hash
    return None


def _head(session: Session, case_id: UUID) -> tuple[int, bytes]:
    """Position and hash of the last entry; read once a transaction."""
    heads: dict[UUID, tuple[int, bytes]] = session.info.setdefault(_HEADS, {})
    if case_id not in heads:
        query = select(AuditEntry.position, AuditEntry.hash).where(AuditEntry.case_id == case_id)
        row = session.execute(query.order_by(AuditEntry.position.desc()).limit(1)).first()
        heads[case_id] = (row.position, row.hash) if row else (0, _START)
    return heads[case_id]


def _hash(previous: bytes, entry: AuditEntry) -> bytes:
    content = [
        entry.case_id,
        entry.position,
        entry.at.isoformat(timespec="microseconds"),
        entry.actor_id,
        entry.action,
        entry.fields,
    ]
    return hashlib.sha256(previous + orjson.dumps(content)).digest()


@event.listens_for(Session, "after_transaction_end")
def _forget_heads(session: Session, transaction: SessionTransaction) -> None:
    """Trust nothing read in a transaction or savepoint that may have been rolled back."""
    if transaction.parent is None or transaction.nested:
        session.info.pop(_HEADS, None)

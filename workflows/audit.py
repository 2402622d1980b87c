"""Who did what to which field of a case: a chain of hashes per case, never a value.

Each entry's hash covers the entry and the hash before it, so a row changed, removed or inserted
later is found by `verify`. The chain names people and cases by id alone and survives erasure.
The row of a case knows the last entry of its chain: whoever holds the one appends to the other.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from uuid import UUID

import orjson
from sqlalchemy import (
    Integer,
    LargeBinary,
    Row,
    UniqueConstraint,
    Uuid,
    bindparam,
    column,
    event,
    select,
    table,
    tuple_,
    update,
)
from sqlalchemy.orm import Mapped, Session, SessionTransaction, mapped_column

from engine import clock
from engine.database import Base, UuidPk, new_id
from engine.keeping import keep
from engine.sending import Change
from engine.unit_of_work import UnitOfWork

_HEADS = "audit_heads"
_START = bytes(32)
_PAGE = 1000

Head = tuple[int, bytes]
"""Position and hash of the last entry of a chain."""


class Audited:
    """What the table of the cases keeps of a case's chain."""

    id: Mapped[UuidPk]
    audited: Mapped[int] = mapped_column(default=0)
    """How many entries there are."""
    audit_hash: Mapped[bytes] = mapped_column(LargeBinary(32), default=_START)


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


_CASES = table(
    "case_shell",
    column("id", Uuid()),
    column("audited", Integer()),
    column("audit_hash", LargeBinary()),
)
_CASE = _CASES.c.id == bindparam("case")
_LOCK_HEAD = select(_CASES.c.audited, _CASES.c.audit_hash).where(_CASE).with_for_update()
_MOVE_HEAD = Change(
    update(_CASES).where(_CASE).values(audited=bindparam("to"), audit_hash=bindparam("hash"))
)


def open_chain(session: Session, case: Audited, actor_id: UUID | None, action: str) -> None:
    """Make the first entry of a case that is about to be stored."""
    entry = _entry((0, _START), case.id, actor_id, action, ())
    keep(session, entry)
    case.audited, case.audit_hash = entry.position, entry.hash
    know_head(session, case)


def know_head(session: Session, case: Audited) -> None:
    """Trust what the row of a case says of its chain: it has just been locked or made."""
    _heads(session)[case.id] = (case.audited, case.audit_hash)


def record(
    uow: UnitOfWork, actor_id: UUID | None, case_id: UUID, action: str, fields: Iterable[str] = ()
) -> None:
    """Append to the chain of a case, whose row is held from here on."""
    session = uow.session
    heads = _heads(session)
    if case_id not in heads:
        heads[case_id] = _lock_head(uow, case_id)
    entry = _entry(heads[case_id], case_id, actor_id, action, fields)
    keep(session, entry)
    heads[case_id] = (entry.position, entry.hash)
    uow.send(_MOVE_HEAD, {"case": case_id, "to": entry.position, "hash": entry.hash})


def _entry(
    head: Head, case_id: UUID, actor_id: UUID | None, action: str, fields: Iterable[str]
) -> AuditEntry:
    position, previous = head
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
    return entry


def lines(session: Session, case_id: UUID) -> tuple[AuditLine, ...]:
    """List what happened to a case, the newest first."""
    query = select(AuditEntry).where(AuditEntry.case_id == case_id)
    rows = session.scalars(query.order_by(AuditEntry.position.desc()))
    return tuple(AuditLine(row.at, row.actor_id, row.action, tuple(row.fields)) for row in rows)


def verify(session: Session) -> Iterator[Break]:
    """Find the first bad row of every broken chain; the end of an erased case's is not noticed."""
    found = set()
    for case_id, entries in groupby(_all_entries(session), key=attrgetter("case_id")):
        broken = _first_break(entries)
        if broken is not None:
            found.add(case_id)
            yield Break(case_id, broken)
    yield from (cut for cut in _cut_off(session) if cut.case_id not in found)


def _cut_off(session: Session) -> Iterator[Break]:
    """Find the chains whose last entry is not the one that the case knows."""
    last = (AuditEntry.case_id == _CASES.c.id) & (AuditEntry.position == _CASES.c.audited)
    query = (
        select(_CASES.c.id, _CASES.c.audited)
        .outerjoin_from(_CASES, AuditEntry, last)
        .where(_CASES.c.audited > 0)
        .where(AuditEntry.hash.is_(None) | (AuditEntry.hash != _CASES.c.audit_hash))
    )
    return (Break(row.id, row.audited) for row in session.execute(query))


def _all_entries(session: Session) -> Iterator[AuditEntry]:
    """Read chain after chain, page by page: a conversation holds no cursor open."""
    place = tuple_(AuditEntry.case_id, AuditEntry.position)
    query = select(AuditEntry).order_by(*place.clauses).limit(_PAGE)
    page = session.scalars(query).all()
    while page:
        yield from page
        last = page[-1]
        page = session.scalars(query.where(place > (last.case_id, last.position))).all()


def _first_break(entries: Iterable[AuditEntry]) -> int | None:
    previous = _START
    for expected, entry in enumerate(entries, start=1):
        if entry.position != expected or entry.hash != _hash(previous, entry):
            return expected
        previous = entry.hash
    return None


def _heads(session: Session) -> dict[UUID, Head]:
    """Return what is known of heads, read or made in this transaction."""
    heads: dict[UUID, Head] = session.info.setdefault(_HEADS, {})
    return heads


def _lock_head(uow: UnitOfWork, case_id: UUID) -> Head:
    row = uow.connection.execute(_LOCK_HEAD, {"case": case_id}).first()
    if row is None:
        row = _last_entry(uow.session, case_id)
    return (row[0], row[1]) if row else (0, _START)


def _last_entry(session: Session, case_id: UUID) -> Row[int, bytes] | None:
    """Find the end of the chain of a case that has been erased."""
    query = select(AuditEntry.position, AuditEntry.hash).where(AuditEntry.case_id == case_id)
    return session.execute(query.order_by(AuditEntry.position.desc()).limit(1)).first()


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

"""Browser sessions live in the database: they can be ended, and they end by themselves."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import Connection

from engine import clock
from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from workflows.people import queries
from workflows.people.errors import SessionEnded
from workflows.people.models import WebSession
from workflows.people.tokens import hash_token, new_token
from workflows.people.views import Visit

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=10)
_NOTED_EVERY = timedelta(minutes=1)
"""A visit is noted at most this often, so that reading a page rarely writes."""


def open_session(uow: UnitOfWork, person_id: UUID) -> str:
    """Start a session and return its token, which is stored nowhere."""
    now = clock.now()
    queries.delete_sessions_before(uow.session, now - ABSOLUTE, now - IDLE)
    return _add(uow, person_id, now, now)


def resume(connection: Connection, token: str) -> Visit:
    """Find whose session this is; it only reads. Raises `SessionEnded`."""
    now = clock.now()
    found = queries.visitor_of_session(connection, hash_token(token))
    if found is None or now - found.created_at >= ABSOLUTE or now - found.seen_at >= IDLE:
        raise SessionEnded
    return Visit(found.visitor, found.session_id, now - found.seen_at >= _NOTED_EVERY)


def note(uow: UnitOfWork, visit: Visit) -> None:
    """Keep the session from growing idle. Call it where `visit.is_to_note`."""
    queries.note_visit(uow.session, visit.session_id, clock.now())


def rotate(uow: UnitOfWork, token: str) -> str:
    """Give a session a new token; the old one is worth nothing from now on."""
    row = queries.session_of(uow.session, hash_token(token))
    if row is None:
        raise SessionEnded
    uow.session.delete(row)
    return _add(uow, row.person_id, row.created_at, clock.now())


def close_session(uow: UnitOfWork, token: str) -> None:
    """Sign out. Closing twice does no harm."""
    row = queries.session_of(uow.session, hash_token(token))
    if row is not None:
        uow.session.delete(row)


def close_all(uow: UnitOfWork, person_id: UUID) -> None:
    """End every session of a person, for what she may do has changed."""
    queries.delete_sessions_of(uow.session, person_id)


def _add(uow: UnitOfWork, person_id: UUID, created_at: datetime, seen_at: datetime) -> str:
    token = new_token()
    uow.session.add(
        WebSession(
            id=new_id(),
            token_hash=hash_token(token),
            person_id=person_id,
            created_at=created_at,
            seen_at=seen_at,
        )
    )
    return token

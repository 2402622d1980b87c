"""Secrets that name a session or a program. Only their hashes are stored."""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Connection

from engine import clock
from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from workflows import access
from workflows.access import Action, Actor
from workflows.people import queries
from workflows.people.errors import PersonUnknown, TokenRefused
from workflows.people.models import ApiToken, Person
from workflows.people.views import Visitor

_PREFIX = "hs_"


def new_token() -> str:
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def add_token(
    uow: UnitOfWork, actor: Actor, person_id: UUID, name: str, days: int | None = None
) -> str:
    """Make a token with the rights of a person; it is shown this once and stored nowhere."""
    access.require(actor, Action.MANAGE_PEOPLE)
    if uow.session.get(Person, person_id) is None:
        raise PersonUnknown
    token, now = _PREFIX + new_token(), clock.now()
    uow.session.add(
        ApiToken(
            id=new_id(),
            token_hash=hash_token(token),
            person_id=person_id,
            name=name,
            created_at=now,
            expires_at=now + timedelta(days=days) if days is not None else None,
        )
    )
    return token


def revoke_token(uow: UnitOfWork, actor: Actor, token_id: UUID) -> None:
    access.require(actor, Action.MANAGE_PEOPLE)
    token = uow.session.get(ApiToken, token_id)
    if token is None:
        raise TokenRefused
    token.revoked_at = token.revoked_at or clock.now()


def recognise(connection: Connection, token: str) -> Visitor:
    """Find whose program this is; refused when expired, revoked or its person is disabled."""
    if not token.startswith(_PREFIX):
        raise TokenRefused
    visitor = queries.visitor_of_token(connection, hash_token(token), clock.now())
    if visitor is None:
        raise TokenRefused
    return visitor

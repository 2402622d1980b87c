"""Coming in with a password. Guessing is slowed down per login and per address."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta

from engine import clock
from engine.unit_of_work import Transactions, UnitOfWork
from workflows.people import passwords, queries, sessions
from workflows.people.errors import LoginRefused, LoginThrottled
from workflows.people.models import LoginThrottle
from workflows.people.views import SignedIn


@dataclass(frozen=True, slots=True)
class Limit:
    """How many failures are free, and how long the longest wait after the others is."""

    free: int
    longest_wait: timedelta


PER_LOGIN = Limit(5, timedelta(minutes=15))
PER_SOURCE = Limit(100, timedelta(seconds=30))
"""An address may be a whole town hall: it is slowed down late, and never for long."""

_FIRST_WAIT = timedelta(seconds=30)
_FORGOTTEN_AFTER = timedelta(hours=1)


def sign_in(transactions: Transactions, login: str, password: str, source: str = "") -> SignedIn:
    """Open a session for whoever knows the password.

    Raises `LoginRefused` or `LoginThrottled`. It takes transactions, not a unit of work: an
    attempt counts as failed before the password is looked at, and the slow comparison holds no
    lock on the database.
    """
    login = login.strip().lower()
    limits = {_key("login", login): PER_LOGIN, _key("source", source): PER_SOURCE}
    with transactions.begin() as uow:
        _count_attempt(uow, limits, clock.now())
        password_hash = queries.password_hash_of(uow.session, login)
    if not passwords.matches(password_hash, password):
        raise LoginRefused
    with transactions.begin() as uow:
        visitor = queries.visitor_of_login(uow.session, login)
        if visitor is None:
            raise LoginRefused
        queries.delete_throttles(uow.session, list(limits), clock.now() - _FORGOTTEN_AFTER)
        token = sessions.open_session(uow, visitor.actor.person_id)
    return SignedIn(token, visitor.actor, visitor.language)


def _count_attempt(uow: UnitOfWork, limits: dict[bytes, Limit], now: datetime) -> None:
    queries.ensure_throttles(uow.connection, sorted(limits), now)
    for row in queries.lock_throttles(uow.session, list(limits)):
        since = now - row.last_failed_at
        if since >= _FORGOTTEN_AFTER:
            row.failures = 0
        wait = _wait(row, limits[row.key]) - since
        if wait > timedelta():
            raise LoginThrottled(int(wait.total_seconds()) + 1)
        row.failures, row.last_failed_at = row.failures + 1, now


def _wait(row: LoginThrottle, limit: Limit) -> timedelta:
    """How long to wait after the last failure: nothing at first, then twice as long each time."""
    excess = row.failures - limit.free
    if excess < 0:
        return timedelta()
    return min(_FIRST_WAIT * (1 << min(excess, 10)), limit.longest_wait)


def _key(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}|{text}".encode()).digest()

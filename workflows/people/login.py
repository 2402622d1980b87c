"""Coming in with a password. Guessing is slowed down per login and per address."""

import hashlib
from datetime import datetime, timedelta

from engine import clock
from engine.unit_of_work import Transactions, UnitOfWork
from workflows.people import passwords, queries, sessions
from workflows.people.errors import LoginRefused, LoginThrottled
from workflows.people.models import LoginThrottle
from workflows.people.views import SignedIn

FREE_PER_LOGIN = 5
FREE_PER_SOURCE = 30
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_FORGOTTEN_AFTER = timedelta(hours=1)


def sign_in(transactions: Transactions, login: str, password: str, source: str = "") -> SignedIn:
    """Open a session for whoever knows the password.

    Raises `LoginRefused` or `LoginThrottled`. It takes transactions, not a unit of work: an
    attempt counts as failed before the password is looked at, and the slow comparison holds no
    lock on the database.
    """
    login = login.strip().lower()
    limits = {_key("login", login): FREE_PER_LOGIN, _key("source", source): FREE_PER_SOURCE}
    with transactions.begin() as uow:
        _count_attempt(uow, limits, clock.now())
        password_hash = queries.password_hash_of(uow.session, login)
    if not passwords.matches(password_hash, password):
        raise LoginRefused
    with transactions.begin() as uow:
        visitor = queries.visitor_of_login(uow.session, login)
        if visitor is None:
            raise LoginRefused
        queries.delete_throttles(uow.session, list(limits))
        token = sessions.open_session(uow, visitor.actor.person_id)
    return SignedIn(token, visitor.actor, visitor.language)


def _count_attempt(uow: UnitOfWork, limits: dict[bytes, int], now: datetime) -> None:
    queries.delete_throttles_before(uow.session, now - _FORGOTTEN_AFTER)
    known = {row.key: row for row in queries.lock_throttles(uow.session, list(limits))}
    for key, free in limits.items():
        row = known.get(key)
        if row is None:
            uow.session.add(LoginThrottle(key=key, failures=1, last_failed_at=now))
            continue
        wait = _wait(row, free) - (now - row.last_failed_at)
        if wait > timedelta():
            raise LoginThrottled(int(wait.total_seconds()) + 1)
        row.failures, row.last_failed_at = row.failures + 1, now


def _wait(row: LoginThrottle, free: int) -> timedelta:
    """How long to wait after the last failure: nothing at first, then twice as long each time."""
    excess = row.failures - free
    if excess < 0:
        return timedelta()
    return min(_FIRST_WAIT * (1 << min(excess, 10)), _LONGEST_WAIT)


def _key(kind: str, text: str) -> bytes:
    return hashlib.sha256(f"{kind}|{text}".encode()).digest()

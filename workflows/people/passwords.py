"""Passwords: argon2id, and never more than two at a time, for each one takes 64 MiB."""

import secrets
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from workflows.people.errors import PasswordTooWeak

AT_LEAST = 12
_AT_MOST = 1000
_hasher = PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=1)
_room = threading.BoundedSemaphore(2)


def hash_password(password: str) -> str:
    if not AT_LEAST <= len(password) <= _AT_MOST:
        raise PasswordTooWeak(AT_LEAST)
    with _room:
        return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Compare; without an account it takes as long and says no."""
    if len(password) > _AT_MOST:
        return False
    with _room:
        try:
            _hasher.verify(password_hash or _nobodys_hash(), password)
        except (VerificationError, InvalidHashError):
            return False
    return password_hash is not None


def make_password() -> str:
    return secrets.token_urlsafe(15)


@cache
def _nobodys_hash() -> str:
    return _hasher.hash(secrets.token_urlsafe(15))

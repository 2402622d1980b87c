"""Knowing who comes in: by the session of a browser, or by the token of a program."""

from flask import request, session
from werkzeug.exceptions import Unauthorized

from web import current
from workflows import people
from workflows.access import Actor
from workflows.people.errors import SessionEnded, TokenRefused

_TOKEN = "sid"  # noqa: S105 - the name of the entry, not a secret


def recognise() -> bool:
    """Find out who is asking; tell whether a token of the API said so."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        current.recognise(_program(token.strip()))
        return True
    kept = session.get(_TOKEN)
    current.recognise(_browser(kept) if kept else None)
    return False


def enter(login: str, password: str) -> None:
    """Sign in with a password; refuses as `people.sign_in` does."""
    application = current.application()
    entered = people.sign_in(
        application.transactions, login, password, request.remote_addr or "unknown"
    )
    language = session.get("language", entered.language)
    leave()
    session.clear()
    session[_TOKEN] = entered.token
    session["language"] = language
    current.recognise(entered.actor)


def leave() -> None:
    """End the session of this browser, if there is one."""
    kept = session.pop(_TOKEN, None)
    if kept is not None:
        with current.begin() as uow:
            people.close_session(uow, kept)
    current.recognise(None)


def _browser(token: str) -> Actor | None:
    transactions = current.application().transactions
    try:
        with transactions.asking() as connection:
            visit = people.resume(connection, token)
    except SessionEnded:
        session.pop(_TOKEN, None)
        return None
    if visit.is_to_note:
        with transactions.begin() as uow:
            people.note(uow, visit)
    return visit.visitor.actor


def _program(token: str) -> Actor:
    try:
        with current.application().transactions.asking() as connection:
            return people.recognise(connection, token).actor
    except TokenRefused:
        raise Unauthorized from None

"""The request at hand: who is asking, and the transactions to answer in."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import TypeVar, cast
from uuid import uuid4

from flask import current_app, g, request
from werkzeug.exceptions import Unauthorized

from engine import collisions
from engine.unit_of_work import ReadingSession, UnitOfWork
from workflows.access import Actor
from workflows.application import Application

T = TypeVar("T")

EXTENSION = "handschlag"
LONGEST_NONCE = 200


def application() -> Application:
    return cast("Application", current_app.extensions[EXTENSION])


def begin() -> AbstractContextManager[UnitOfWork]:
    """Open the unit of work of this request; its end commits."""
    return application().transactions.begin()


def again(work: Callable[[], T]) -> T:
    """Do one of several units of work of this request, again when it met another change."""
    return collisions.again(application().transactions, work)


def reading() -> AbstractContextManager[ReadingSession]:
    """Open what a page reads from: it changes nothing and waits for nobody."""
    return application().transactions.reading()


def follow_clock() -> None:
    """Go by the time of the installation: another process may have moved a demo's clock."""
    application().follow_clock()


def follow_house_days() -> None:
    """Go by the days on which the office is closed: another process may have entered one."""
    application().house_days.follow()


def actor() -> Actor:
    """Return the person who is asking."""
    found = person()
    if found is None:
        raise Unauthorized
    return found


def person() -> Actor | None:
    """Return the person who is asking, or None for a stranger."""
    return cast("Actor | None", g.get("actor"))


def recognise(found: Actor | None) -> None:
    g.actor = found


def new_command() -> str:
    """Return a name for the command that the form being shown will send, once or twice."""
    return uuid4().hex


def command() -> str | None:
    """Return the name this form's command was given when it was shown."""
    nonce = request.form.get("_command", "")[:LONGEST_NONCE]
    return named_command(nonce) if nonce else None


def named_command(name: str) -> str:
    """Return a person's own name for a command: nobody else's repeats it."""
    return f"{actor().person_id}:{name}"

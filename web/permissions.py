"""Who may come in through which route. A route that does not say so stops the start."""

from collections.abc import Callable
from enum import StrEnum
from typing import Any, TypeVar

from flask import Flask

View = TypeVar("View", bound=Callable[..., Any])
_MARK = "handschlag_entry"


class Entry(StrEnum):
    """What a route asks of the person before its operation is called.

    The finer question, whether this person may do this to this case, is answered by the
    operation itself (`workflows.access`).
    """

    PUBLIC = "public"
    SIGNED_IN = "signed_in"


class UndeclaredRouteError(RuntimeError):
    """A route says nothing about who may use it."""


def public(view: View) -> View:
    """Anybody may come in."""
    return _declare(view, Entry.PUBLIC)


def signed_in(view: View) -> View:
    """Known people may come in; what they may do is asked of `workflows.access`."""
    return _declare(view, Entry.SIGNED_IN)


def _declare(view: View, entry: Entry) -> View:
    setattr(view, _MARK, entry)
    return view


def entry_of(app: Flask, endpoint: str) -> Entry:
    """Return what the route of `endpoint` declares; wrappers of a view carry its declaration along."""
    view = app.view_functions[endpoint]
    declared: Entry | None = getattr(view, _MARK, None)
    if declared is None:
        raise UndeclaredRouteError(endpoint)
    return declared


def check_declared(app: Flask) -> None:
    """Refuse to start with a route that declares nothing."""
    for endpoint in app.view_functions:
        entry_of(app, endpoint)

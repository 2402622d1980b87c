"""Stands between the engine and a database: a hook before each call, transactions' ends included."""

import os
import sqlite3
import threading
from contextlib import contextmanager
from unittest import mock

import psycopg
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from engine import conversation

_hooks = threading.local()
_everybodys = []


def hook_everybody(hook):
    """Have `hook` called before each call that any thread makes, for good."""
    _everybodys.append(hook)


def _touch(call):
    for each in _everybodys:
        each(call)
    hook = getattr(_hooks, "hook", None)
    if hook is not None:
        hook(call)


@contextmanager
def tapping(*databases):
    """Tap these databases while the block lasts; `hooked` says who listens."""
    taps = [tap for database in databases for tap in _taps(database)]
    for tap in taps:
        event.listen(*tap)
    send = conversation.Line.send

    def sent(line, said, *given):
        if said.startswith(("BEGIN", "COMMIT")):
            _touch(said)
        return send(line, said, *given)

    try:
        with mock.patch.object(conversation.Line, "send", sent):
            yield
    finally:
        for tap in taps:
            event.remove(*tap)


def _taps(database):
    yield database, "before_cursor_execute", lambda *given: _touch(given[2])
    if database.dialect.name == "sqlite":
        yield database, "begin", lambda _connection: _touch("BEGIN")
        yield database, "commit", lambda _connection: _touch("COMMIT")


@contextmanager
def hooked(hook):
    """Have `hook` called before each call that this thread makes."""
    _hooks.hook = hook
    try:
        yield
    finally:
        _hooks.hook = None


class Countdown:
    """A hook that strikes before the n-th call, once."""

    def __init__(self, number, strike):
        self.left, self._strike = number, strike
        self.struck_at = None

    def __call__(self, call):
        self.left -= 1
        if self.left == 0:
            self.struck_at = call
            self._strike(call)


def outage(database):
    """Make a strike that fails as a lost database does."""

    def fail(call):
        if database.dialect.name == "sqlite":
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = sqlite3.SQLITE_IOERR
        else:
            error = psycopg.OperationalError("the connection is lost")
        raise OperationalError(call, {}, error)

    return fail


DIED = 9


def death(_call):
    """Die on the spot, as by SIGKILL: nothing is flushed, closed or told."""
    os._exit(DIED)

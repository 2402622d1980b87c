"""Fictional people and cases for trying the system out. Filling twice changes nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, event

from workflows import people
from workflows.application import Application
from workflows.cases.queries import numbers_given
from workflows.demo import cast
from workflows.demo.stage import Stage
from workflows.demo.stories import STORIES


def fill(application: Application) -> None:
    """Give an installation its demo people and cases, and write their logins to a file."""
    if not _is_peopled(application):
        with _hurried(application.engine):
            _hire_cast(application)
            _play(application)
        return
    if not application.settings.demo_logins_path.is_file():
        _renew_logins(application)
    if not _is_played(application):
        _play(application)


def _play(application: Application) -> None:
    stage = Stage(application.transactions, application.worker())
    for story in STORIES:
        stage.play(story)
    stage.catch_up()


def _is_peopled(application: Application) -> bool:
    with application.transactions.reading() as session:
        return people.person_id_of(session, cast.CAST[0].login) is not None


def _is_played(application: Application) -> bool:
    """Tell whether every story has been begun; the commands by which they were are forgotten."""
    with application.transactions.reading() as session:
        return numbers_given(session) >= len(STORIES)


def _hire_cast(application: Application) -> None:
    passwords = cast.make_passwords()
    with application.transactions.begin() as uow:
        town = cast.found_town(uow)
        for part in cast.CAST:
            cast.hire(uow, town, part, passwords[part.login])
        cast.write_logins(application.settings.demo_logins_path, passwords)


def _renew_logins(application: Application) -> None:
    with application.transactions.begin() as uow:
        passwords = cast.renew_passwords(uow)
        cast.write_logins(application.settings.demo_logins_path, passwords)


@contextmanager
def _hurried(engine: Engine) -> Iterator[None]:
    """Let SQLite not wait for the disk while the database holds nothing but a demo being made."""
    if engine.dialect.name != "sqlite":
        yield
        return
    event.listen(engine, "connect", _do_not_wait)
    engine.dispose()
    try:
        yield
    finally:
        event.remove(engine, "connect", _do_not_wait)
        engine.dispose()


def _do_not_wait(connection: Any, _record: Any) -> None:
    connection.execute("PRAGMA synchronous = OFF")

"""Fictional people and cases for trying the system out. Filling twice changes nothing."""

from workflows import people
from workflows.application import Application
from workflows.demo import cast
from workflows.demo.stage import Stage
from workflows.demo.stories import STORIES


def fill(application: Application) -> None:
    """Give an installation its demo people and cases, and write their logins to a file."""
    _hire_cast(application)
    stage = Stage(application.transactions, application.worker())
    for story in STORIES:
        stage.play(story)
    stage.catch_up()


def _hire_cast(application: Application) -> None:
    path = application.settings.demo_logins_path
    with application.transactions.begin() as uow:
        is_there = people.person_id_of(uow.session, cast.CAST[0].login) is not None
        if is_there and path.is_file():
            return
        if is_there:
            passwords = cast.renew_passwords(uow)
        else:
            passwords, town = cast.make_passwords(), cast.found_town(uow)
            for part in cast.CAST:
                cast.hire(uow, town, part, passwords[part.login])
        cast.write_logins(path, passwords)

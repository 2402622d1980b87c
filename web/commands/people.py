"""People and programs that may come in."""

import secrets
import sys
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import click

from bpmn.errors import Invalid
from bpmn.wording import say
from web.commands.installation import OPERATOR, on_installation
from web.commands.output import as_json, echo, show
from workflows import people
from workflows.access import Role
from workflows.application import Application


class NoSuchName(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(say("“%(name)s” is not known here.", name=name))


@click.group()
def user() -> None:
    """Accounts of people."""


@user.command("add")
@click.argument("email")
@click.argument("name")
@click.option("--role", "roles", multiple=True, required=True, type=click.Choice(list(Role)))
@click.option("--quarter", "quarters", multiple=True, help="Name of a quarter; repeatable.")
@click.option("--organisation", required=True, help="Name of the organisation.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
@on_installation
def add_user(found: Application, **given: Any) -> None:
    """Add a person; without --password-stdin a random password is shown once."""
    password = _line() if given["password_stdin"] else secrets.token_urlsafe(12)
    with found.transactions.begin() as uow:
        quarters = {name: key for key, name in people.quarters(uow.session).items()}
        bodies = {body.name: body.id for body in people.organisations(uow.session)}
        new = people.NewPerson(
            given["email"],
            given["name"],
            _known(bodies, given["organisation"]),
            {Role(role) for role in given["roles"]},
            {_known(quarters, name) for name in given["quarters"]},
        )
        people.add_person(uow, OPERATOR, new, password)
    echo(f"{given['email']} may sign in.")
    if not given["password_stdin"]:
        echo(f"Password: {password}")


@user.command("list")
@as_json
@on_installation
def list_users(found: Application, *, as_json: bool) -> None:
    """List everybody who has an account."""
    with found.transactions.reading() as reading:
        rows = [
            {
                "login": person.login,
                "name": person.name,
                "organisation": person.organisation,
                "roles": " ".join(sorted(person.roles)),
                "disabled": person.disabled,
            }
            for person in people.people(reading)
        ]
    show(rows, ("login", "name", "organisation", "roles", "disabled"), as_json=as_json)


@user.command("disable")
@click.argument("email")
@on_installation
def disable_user(found: Application, email: str) -> None:
    """Shut a person out at once."""
    with found.transactions.begin() as uow:
        people.disable(uow, OPERATOR, _person(found, email))
    echo(f"{email} can no longer sign in.")


@click.group()
def token() -> None:
    """Tokens of programs that use the JSON API."""


@token.command("add")
@click.argument("email")
@click.argument("name")
@click.option(
    "--days",
    type=click.IntRange(1, 36_500),
    default=365,
    show_default=True,
    help="How long it is valid.",
)
@on_installation
def add_token(found: Application, email: str, name: str, days: int) -> None:
    """Make a token with the rights of the person EMAIL; it is shown this once."""
    with found.transactions.begin() as uow:
        made = people.add_token(uow, OPERATOR, _person(found, email), name, days)
    echo(made)


def _person(found: Application, email: str) -> UUID:
    with found.transactions.reading() as reading:
        person_id = people.person_id_of(reading, email)
    if person_id is None:
        raise NoSuchName(email)
    return person_id


def _known(names: Mapping[str, UUID], name: str) -> UUID:
    if name not in names:
        raise NoSuchName(name)
    return names[name]


def _line() -> str:
    return sys.stdin.readline().rstrip("\n")


COMMANDS = (user, token)

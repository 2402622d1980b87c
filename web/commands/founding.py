"""Make or renew an installation."""

import logging

import click

from web import logs
from web.commands.installation import on_new_installation
from web.commands.output import echo
from workflows import demo, founding
from workflows.application import Application


@click.command()
@on_new_installation
def migrate(found: Application) -> None:
    """Bring the database to the present schema."""
    founding.prepare(found)
    echo("The database is up to date.")


@click.command("demo")
@on_new_installation
def fill(found: Application) -> None:
    """Fill the installation with fictional people and cases."""
    founding.prepare(found)
    logs.configure(logging.WARNING)
    demo.fill(found)
    echo(f"Demo logins are in {found.settings.demo_logins_path}.")


COMMANDS = (migrate, fill)

"""Faults: what stopped, and what to do about it."""

from uuid import UUID

import click

from engine import faults
from engine.failures import sentence_of
from web.commands.installation import on_installation
from web.commands.output import as_json, show, told
from workflows.application import Application

_BY = "cli"


@click.group()
def fault() -> None:
    """See to what stopped and waits for somebody."""


@fault.command("list")
@as_json
@on_installation
def list_faults(found: Application, *, as_json: bool) -> None:
    """List open faults, newest first."""
    with found.transactions.reading() as reading:
        rows = [
            {
                "id": str(each.id),
                "instance": str(each.instance_id) if each.instance_id else None,
                "element": each.element,
                "raised_at": each.raised_at.isoformat(timespec="seconds"),
                "sentence": told(sentence_of(each.template, each.facts)),
            }
            for each in faults.open_faults(reading)
        ]
    show(rows, ("id", "instance", "element", "raised_at", "sentence"), as_json=as_json)


@fault.command("retry")
@click.argument("fault_id", type=click.UUID)
@on_installation
def retry(found: Application, fault_id: UUID) -> None:
    """Try the failed work again."""
    with found.transactions.begin() as uow:
        faults.retry(uow, fault_id, _BY)
    click.echo("It is tried again.")


@fault.command("skip")
@click.argument("fault_id", type=click.UUID)
@on_installation
def skip(found: Application, fault_id: UUID) -> None:
    """Go on without the failed work."""
    with found.transactions.begin() as uow:
        faults.skip(uow, fault_id, _BY)
    click.echo("The process goes on without it.")


COMMANDS = (fault,)

"""Running cases seen from the machine room: instances, the audit chain."""

from uuid import UUID

import click

from engine import instances
from engine import queries as engine_queries
from engine.errors import NoSuchInstance
from web.commands.installation import on_installation
from web.commands.output import as_json, show, show_json
from workflows import audit
from workflows.application import Application


@click.group()
def instance() -> None:
    """Process instances."""


@instance.command("show")
@click.argument("instance_id", type=click.UUID)
@as_json
@on_installation
def show_instance(found: Application, instance_id: UUID, *, as_json: bool) -> None:
    """Show where an instance stands and where it has been."""
    with found.transactions.begin() as uow:
        record = engine_queries.lock_instance(uow.connection, instance_id)
        if record is None:
            raise NoSuchInstance(instance_id)
        steps = engine_queries.history_of(uow.connection, instance_id)
        variables = dict(instances.variables(uow, instance_id))
    told = [
        {"at": step.at.isoformat(), "element": step.element, "passage": step.passage}
        for step in steps
    ]
    if as_json:
        show_json({"state": record.state, "variables": variables, "history": told})
        return
    click.echo(f"{record.process}: {record.state}")
    show(told, ("at", "element", "passage"), as_json=False)


@instance.command("cancel")
@click.argument("instance_id", type=click.UUID)
@click.confirmation_option(prompt="Cancel this process? Its open tasks end.")
@on_installation
def cancel_instance(found: Application, instance_id: UUID) -> None:
    """Cancel an instance with its open tasks and timers."""
    with found.transactions.begin() as uow:
        instances.cancel(uow, instance_id)
    click.echo("The process is cancelled.")


@click.group("audit")
def audit_log() -> None:
    """Check the chain of who did what."""


@audit_log.command("verify")
@as_json
@on_installation
def verify(found: Application, *, as_json: bool) -> int:
    """Check every chain; names the first bad row of each broken one."""
    with found.transactions.reading() as reading:
        broken = [{"case": str(b.case_id), "position": b.position} for b in audit.verify(reading)]
    if as_json or broken:
        show(broken, ("case", "position"), as_json=as_json)
    else:
        click.echo("Every chain is whole.")
    return 1 if broken else 0


COMMANDS = (instance, audit_log)

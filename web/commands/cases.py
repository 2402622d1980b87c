"""The audit chain of the cases."""

import click

from web.commands.installation import on_installation
from web.commands.output import as_json, echo, show
from workflows import audit
from workflows.application import Application


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
        echo("Every chain is whole.")
    return 1 if broken else 0


COMMANDS = (audit_log,)

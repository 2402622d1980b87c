"""How long the history of ended processes is kept."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import click

from engine.retention_table import ANY_DEPLOYMENT, ANY_PROCESS
from web.commands.given import reason_option
from web.commands.installation import OPERATOR, on_installation
from web.commands.output import as_json, echo, show, show_json
from web.rules import MOST
from workflows.application import Application
from workflows.tending import retention as retentions
from workflows.tending.acts import Why


def _subject(command: Callable[..., Any]) -> Callable[..., Any]:
    deployment = click.option(
        "--deployment", type=click.IntRange(1, MOST), help="A version; every one if not given."
    )
    process = click.option("--process", default=ANY_PROCESS, help="Every process if not given.")
    return process(deployment(command))


@click.group()
def retention() -> None:
    """History of ended processes: how long it is kept, and its deletion."""


@retention.command("list")
@as_json
@on_installation
def list_rules(found: Application, *, as_json: bool) -> None:
    """List how long history is kept: the rules, and what holds without one."""
    with found.transactions.reading() as reading:
        kept = retentions.list_rules(reading, OPERATOR, found.settings.history_days)
    rows = [asdict(rule) for rule in kept]
    if not as_json:
        rows = [{**row, "days": "for ever" if row["days"] is None else row["days"]} for row in rows]
    show(rows, ("process", "deployment", "days"), as_json=as_json)


@retention.command("set")
@_subject
@click.option("--days", type=int, help="So many days after the end.")
@click.option("--forever", is_flag=True, help="Delete nothing.")
@reason_option
@on_installation
def set_rule(found: Application, **given: Any) -> None:
    """Say how long the history of a process, of a version of the diagrams or of both is kept."""
    if (given["days"] is None) != given["forever"]:
        raise click.UsageError("Give either --days or --forever.")
    subject = given["process"], given["deployment"] or ANY_DEPLOYMENT
    with found.transactions.begin() as uow:
        retentions.set_rule(uow, OPERATOR, subject, given["days"], Why(given["reason"]))
    echo("The rule is set.")


@retention.command("unset")
@_subject
@reason_option
@on_installation
def drop_rule(found: Application, process: str, deployment: int | None, reason: str) -> None:
    """Take a rule back."""
    with found.transactions.begin() as uow:
        retentions.drop_rule(uow, OPERATOR, (process, deployment or ANY_DEPLOYMENT), Why(reason))
    echo("The rule is gone.")


@retention.command("run")
@click.option("--dry-run", is_flag=True, help="Only tell how much would be deleted.")
@click.option("--reason", help="Why; kept with the act.")
@as_json
@on_installation
def run(found: Application, *, dry_run: bool, reason: str | None, as_json: bool) -> None:
    """Delete now what is over; workers do so once a day by themselves."""
    days = found.settings.history_days
    if dry_run:
        outcome = retentions.foretell(found.transactions, OPERATOR, days)
    elif reason:
        outcome = retentions.run(found.transactions, OPERATOR, days, Why(reason))
    else:
        raise click.UsageError("Missing option '--reason'.")
    if as_json:
        show_json(asdict(outcome))
        return
    verb = "would be deleted" if dry_run else "deleted"
    echo(f"{outcome.instances} processes and the history of {outcome.histories} more {verb}.")


COMMANDS = (retention,)

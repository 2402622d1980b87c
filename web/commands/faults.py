"""Faults: what stopped, and what to do about it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import click

from engine.fault_queries import FaultFilter
from engine.unit_of_work import UnitOfWork
from web.commands.given import command_option, read_assignments, reason_option
from web.commands.installation import OPERATOR, on_installation
from web.commands.output import as_json, echo, show, show_json, told
from workflows.application import Application
from workflows.tending import faults
from workflows.tending.acts import Why
from workflows.tending.faults import Alike
from workflows.tending.views import FaultView, Outcome

_COLUMNS = ("id", "instance", "process", "element", "attempts", "raised_at", "sentence")
Tend = Callable[[UnitOfWork, UUID], None]


@click.group()
def fault() -> None:
    """See to what stopped and waits for somebody."""


def _alike(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options that say which faults are meant."""
    for name in ("--error", "--element", "--process"):
        command = click.option(name, help=f"Only those of this {name.strip('-')}.")(command)
    return click.option("--instance", "instance_id", type=click.UUID, help="Only of this one.")(
        command
    )


def _tending(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command faults by id or by what they have in common, and a reason."""
    command = click.argument("fault_ids", type=click.UUID, nargs=-1)(command)
    command = click.option("--all", "every", is_flag=True, help="All that are open.")(command)
    return _alike(reason_option(command_option(as_json(on_installation(command)))))


@fault.command("list")
@_alike
@as_json
@on_installation
def list_faults(found: Application, *, as_json: bool, **wanted: Any) -> None:
    """List open faults, newest first."""
    rows, after = [], None
    with found.transactions.reading() as reading:
        while True:
            page = faults.list_faults(reading, OPERATOR, FaultFilter(**wanted), after)
            rows += [_row(each) for each in page.rows]
            after = page.next_cursor
            if after is None:
                break
    show(rows, _COLUMNS, as_json=as_json)


@fault.command("show")
@click.argument("fault_id", type=click.UUID)
@on_installation
def show_fault(found: Application, fault_id: UUID) -> None:
    """Show all that is known of one fault, in JSON."""
    with found.transactions.reading() as reading:
        each = faults.open_fault(reading, OPERATOR, fault_id)
    more = {"state": each.state, "error": each.error, "place": each.place, "job": each.job_kind}
    show_json({**_row(each), **more, "deployment": each.deployment_id, "case": each.case_id})


@fault.command("retry")
@_tending
def retry(found: Application, reason: str, command: str | None, **meant: Any) -> int:
    """Try the failed work again."""
    why = Why(reason, command)
    return _do(found, "retry", meant, why, lambda uow, one: faults.retry(uow, OPERATOR, one, why))


@fault.command("skip")
@click.option("--result", "results", multiple=True, metavar="NAME=FEEL", help="One result.")
@_tending
def skip(
    found: Application, reason: str, command: str | None, results: tuple[str, ...], **meant: Any
) -> int:
    """Go on without the failed work, as if a service task had given these results."""
    why, given = Why(reason, command, results), read_assignments(results, found.host)
    return _do(
        found, "skip", meant, why, lambda uow, one: faults.skip(uow, OPERATOR, one, why, given)
    )


@fault.command("cancel")
@_tending
def cancel(found: Application, reason: str, command: str | None, **meant: Any) -> int:
    """End the processes that cannot go on."""
    why = Why(reason, command)
    return _do(found, "cancel", meant, why, lambda uow, one: faults.cancel(uow, OPERATOR, one, why))


@fault.command("set")
@click.argument("fault_id", type=click.UUID)
@click.argument("values", nargs=-1, required=True, metavar="NAME=FEEL…")
@reason_option
@command_option
@on_installation
def change_variables(
    found: Application, fault_id: UUID, values: tuple[str, ...], reason: str, command: str | None
) -> None:
    """Set variables where the failed work sees them, such as: glasl_stage=3."""
    given = read_assignments(values, found.host)
    with found.transactions.begin() as uow:
        faults.change_variables(uow, OPERATOR, fault_id, Why(reason, command, values), given)
    echo("The variables are set. Try the work again now.")


def _do(found: Application, action: str, meant: dict[str, Any], why: Why, tend: Tend) -> int:
    """Tend what is meant, each fault by itself; exit code 1 when one was refused."""
    as_json, every, ids = meant.pop("as_json"), meant.pop("every"), meant.pop("fault_ids")
    if not (ids or every or any(meant.values())):
        raise click.UsageError("Name faults, what they have in common, or --all.")
    if ids and (every or any(meant.values())):
        raise click.UsageError("Name faults or what they have in common, not both.")
    outcomes = list(faults.each(found.transactions, OPERATOR, ids, tend))
    after = None
    while not ids:
        with found.transactions.begin() as uow:
            batch = faults.choose(uow, OPERATOR, Alike(action, FaultFilter(**meant)), why, after)
        if not batch:
            break
        outcomes += faults.each(found.transactions, OPERATOR, batch, tend)
        after = batch[-1]
    return _tell(outcomes, as_json=as_json)


def _tell(outcomes: list[Outcome], *, as_json: bool) -> int:
    rows = [
        {"fault": str(each.fault_id), "refused": told(each.refused) if each.refused else None}
        for each in outcomes
    ]
    refused = [row for row in rows if row["refused"]]
    if as_json:
        show_json(rows)
        return 1 if refused else 0
    if refused:
        show(refused, ("fault", "refused"), as_json=False)
    echo(f"{len(rows) - len(refused)} done, {len(refused)} refused.")
    return 1 if refused else 0


def _row(each: FaultView) -> dict[str, Any]:
    return {
        "id": str(each.id),
        "instance": str(each.instance_id) if each.instance_id else None,
        "process": each.process,
        "element": each.element,
        "attempts": each.attempts,
        "raised_at": each.raised_at.isoformat(timespec="seconds"),
        "sentence": told(each.sentence),
    }


COMMANDS = (fault,)

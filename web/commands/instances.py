"""Processes under way: where they stand, and how to stop, move and end them."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any
from uuid import UUID

import click

from bpmn.moves import Entry, Move
from engine.instance_queries import InstanceFilter
from engine.modifying import Modification
from web.commands.given import NUMBER, command_option, read_assignments, reason_option
from web.commands.histories import history
from web.commands.installation import OPERATOR, on_installation
from web.commands.migrations import migrate, migration
from web.commands.output import as_json, echo, show, show_json, told
from workflows.application import Application
from workflows.tending import instances
from workflows.tending.acts import Why
from workflows.tending.views import ActView, ForecastView, InstanceView, PlaceView

_PLACES = ("token", "process", "element", "name", "inside")
_UNREADABLE = "Cancel it, or see docs/how-to/faults.md, “What is stored does not fit together”."
_instance = click.argument("instance_id", type=click.UUID)
_set = click.option(
    "--set", "values", multiple=True, metavar="NAME=FEEL", help='A variable, such as route="x".'
)


def _acting(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command an instance and the reason why something is done to it."""
    return _instance(reason_option(command_option(on_installation(command))))


@click.group()
def instance() -> None:
    """Process instances."""


@instance.command("list")
@click.option("--process", help="Only of this process.")
@click.option("--case", "business_key", type=click.UUID, help="Only of this case.")
@click.option("--suspended", is_flag=True, default=None, help="Only those that stand still.")
@as_json
@on_installation
def list_instances(found: Application, *, as_json: bool, **wanted: Any) -> None:
    """List the newest 50 instances."""
    with found.transactions.reading() as reading:
        page = instances.list_instances(reading, OPERATOR, InstanceFilter(**wanted))
    rows = [
        {
            "id": str(row.id),
            "process": row.process,
            "deployment": row.deployment,
            "state": "suspended" if row.suspended_at else row.state.value,
            "started_at": row.started_at.isoformat(timespec="seconds"),
        }
        for row in page.rows
    ]
    show(rows, ("id", "process", "deployment", "state", "started_at"), as_json=as_json)


@instance.command("show")
@_instance
@as_json
@on_installation
def show_instance(found: Application, instance_id: UUID, *, as_json: bool) -> None:
    """Show where an instance stands and what was done to it; `history` tells where it has been."""
    with found.transactions.reading() as reading:
        seen = instances.open_instance(reading, OPERATOR, instance_id)
    if as_json:
        show_json(_told(seen))
        return
    state = "suspended" if seen.row.suspended_at else seen.row.state.value
    echo(f"{seen.row.process}: {state}")
    if seen.readable:
        show(_places(seen.places), _PLACES, as_json=False)
    else:
        echo(f"Nobody can read where it stands. {_UNREADABLE}")
    for name, value in seen.variables.items():
        echo(f"{name} = {value}")
    for fault in seen.faults:
        echo(f"{fault.id}  {fault.element or ''}  {told(fault.sentence)}")
    if seen.acts.rows:
        show(map(_act, seen.acts.rows), ("at", "by", "action", "about", "reason"), as_json=False)
    if seen.acts.next_cursor:
        echo("Only the newest acts are shown.", err=True)


def _act(act: ActView) -> dict[str, Any]:
    at = act.at.isoformat(" ", "seconds")
    about = ", ".join(act.about)
    return {"at": at, "by": act.by, "action": act.action, "about": about, "reason": act.reason}


def _told(seen: InstanceView) -> dict[str, Any]:
    return {
        "process": seen.row.process,
        "state": seen.row.state,
        "suspended_at": seen.row.suspended_at,
        "version": seen.row.version,
        "deployment": seen.row.deployment,
        "readable": seen.readable,
        "places": _places(seen.places),
        "variables": dict(seen.variables),
        "faults": [
            {"id": fault.id, "element": fault.element, "sentence": told(fault.sentence)}
            for fault in seen.faults
        ],
        "acts": [
            {"at": act.at, "by": act.by, "action": act.action, "reason": act.reason}
            for act in seen.acts.rows
        ],
    }


@instance.command("suspend")
@_acting
def suspend(found: Application, instance_id: UUID, reason: str, command: str | None) -> None:
    """Have nothing of an instance move until it is resumed."""
    with found.transactions.begin() as uow:
        instances.suspend(uow, OPERATOR, instance_id, Why(reason, command))
    echo("The process stands still.")


@instance.command("resume")
@_acting
def resume(found: Application, instance_id: UUID, reason: str, command: str | None) -> None:
    """Let an instance go on."""
    with found.transactions.begin() as uow:
        instances.resume(uow, OPERATOR, instance_id, Why(reason, command))
    echo("The process goes on.")


@instance.command("cancel")
@click.confirmation_option(prompt="Cancel this process? Its open tasks end.")
@_acting
def cancel(found: Application, instance_id: UUID, reason: str, command: str | None) -> None:
    """Cancel an instance with its open tasks, timers and faults."""
    with found.transactions.begin() as uow:
        instances.cancel(uow, OPERATOR, instance_id, Why(reason, command))
    echo("The process is cancelled.")


@instance.command("set")
@_instance
@click.argument("values", nargs=-1, required=True, metavar="NAME=FEEL…")
@reason_option
@command_option
@on_installation
def change_variables(
    found: Application, instance_id: UUID, values: tuple[str, ...], reason: str, command: str | None
) -> None:
    """Set variables of an instance, such as: glasl_stage=3."""
    given = read_assignments(values, found.host)
    with found.transactions.begin() as uow:
        instances.change_variables(uow, OPERATOR, instance_id, Why(reason, command, values), given)
    echo("The variables are set.")


@instance.command("modify")
@_instance
@click.option("--cancel", "tokens", type=NUMBER, multiple=True, help="A token to take away.")
@click.option(
    "--create",
    "entries",
    multiple=True,
    metavar="[PROCESS/]ELEMENT[@TOKEN]",
    help="Where to place one; @TOKEN names the sub-process or call meant.",
)
@_set
@click.option("--yes", is_flag=True, help="Move without asking.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@click.option("--reason", help="Why; kept with the act.")
@command_option
@as_json
@on_installation
def modify(found: Application, instance_id: UUID, **given: Any) -> None:
    """Move an instance: shows first what is cancelled and created, and asks."""
    wanted = _wanted(found, given)
    with found.transactions.begin() as uow:
        forecast = instances.preview(uow, OPERATOR, instance_id, wanted)
    _foretell(forecast, as_json=given["as_json"])
    if given["dry_run"]:
        return
    if not given["reason"]:
        raise click.UsageError("Missing option '--reason'.")
    if not given["yes"]:
        click.confirm("Move it like this?", abort=True, err=True)
    unheard = frozenset((one.token, one.signal) for one in forecast.unheard)
    sure = Modification(wanted.move, wanted.variables, forecast.version, unheard)
    with found.transactions.begin() as uow:
        why = Why(given["reason"], given["command"], given["values"])
        instances.modify(uow, OPERATOR, instance_id, sure, why)
    echo("The process has been moved.", err=given["as_json"])


def _wanted(found: Application, given: dict[str, Any]) -> Modification:
    move = Move(given["tokens"], tuple(map(_entry, given["entries"])))
    return Modification(move, read_assignments(given["values"], found.host))


def _entry(text: str) -> Entry:
    place, _, token = text.partition("@")
    process, slash, element = place.rpartition("/")
    inside = NUMBER(token or None)
    return Entry(element, process if slash else None, inside)


def _foretell(forecast: ForecastView, *, as_json: bool) -> None:
    parts = {
        "cancelled": _places(forecast.cancelled),
        "left": _places(forecast.left),
        "created": _places(forecast.created),
    }
    if as_json:
        steps = [{"element": step.element, "passage": step.passage} for step in forecast.passed]
        unheard = [asdict(place) for place in forecast.unheard]
        thrown = {"signals": list(forecast.signals), "unheard": unheard}
        more = {"passed": steps, **thrown, "ends": forecast.ends}
        show_json({"version": forecast.version, **parts, **more})
        return
    for title, places in parts.items():
        for place in places:
            echo(f"{title}: {place['name']} ({place['element']}, token {place['token']})")
    for name in forecast.signals:
        echo(f"signal: {name}")
    for lost in forecast.unheard:
        where = f"{lost.name} ({lost.element}, token {lost.token})"
        echo(f"dropped: the signal {lost.signal} that has come for {where}")
    if forecast.ends:
        echo("The process then comes to its end.")


def _places(places: Iterable[PlaceView]) -> list[dict[str, Any]]:
    return [
        {
            "token": place.token,
            "process": place.process,
            "element": place.element,
            "name": place.name,
            "inside": place.inside,
            "watches": place.watches,
        }
        for place in places
    ]


instance.add_command(history)
instance.add_command(migrate)
instance.add_command(migration)

COMMANDS = (instance,)

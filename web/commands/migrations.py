"""Instances go over to other diagrams: foretold first, then done, and undone if need be."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any
from uuid import UUID

import click

from bpmn.migration import Wishes
from engine.migration_queries import Selection
from engine.transfers import Outcome, Transfer
from web.commands.given import NUMBER, command_option, reason_option
from web.commands.installation import OPERATOR, on_installation
from web.commands.output import as_json, echo, show, show_json, told
from workflows.application import Application
from workflows.tending import migrations
from workflows.tending.acts import Why
from workflows.tending.migration_views import MigrationView, PlanView
from workflows.tending.migrations import Wanted

EVERY = 100
"""So many instances are done between two lines about the progress."""
STAYED = 1
_STAYS = frozenset({Outcome.STAYS, Outcome.FAILS})
_migration = click.argument("migration_id", type=click.UUID)


@click.command("migrate")
@click.argument("instance_ids", type=click.UUID, nargs=-1)
@click.option(
    "--to", "target", type=NUMBER, help="Number of a version; the current one if not given."
)
@click.option("--from", "source", type=NUMBER, help="Only instances of this version.")
@click.option("--process", help="Only instances of this process.")
@click.option("--case", "cases", type=click.UUID, multiple=True, help="Only of this case.")
@click.option(
    "--map",
    "elements",
    multiple=True,
    metavar="PROCESS/ELEMENT=ELEMENT",
    help="What takes the place of an element; nothing after “=”: nothing does.",
)
@click.option("--map-process", "processes", multiple=True, metavar="PROCESS=PROCESS")
@click.option("--yes", is_flag=True, help="Migrate without asking.")
@click.option("--dry-run", is_flag=True, help="Only tell what would happen.")
@click.option("--reason", help="Why; kept with the act.")
@command_option
@as_json
@on_installation
def migrate(found: Application, **given: Any) -> int:
    """Bring instances over to other diagrams: tells what would happen to each, and asks.

    Ends with code 1 when one of them stays where it is, or would.
    """
    if not given["dry_run"] and not given["reason"]:
        raise click.UsageError("Missing option '--reason'.")
    wanted = _wanted(given)
    with found.transactions.reading() as reading:
        _, seen = migrations.plan(reading, OPERATOR, wanted)
    wanted = replace(wanted, seen=seen.target)
    foretold = list(_foretold(found, wanted))
    if given["dry_run"] or not seen.instances:
        return _tell(seen, foretold, as_json=given["as_json"])
    if not given["as_json"]:
        _tell(seen, foretold, as_json=False)
    if not given["yes"]:
        click.confirm("Bring them over?", abort=True, err=True)
    with found.transactions.begin() as uow:
        why = Why(given["reason"], given["command"])
        migration_id = migrations.start(uow, OPERATOR, wanted, why)
    with found.transactions.reading() as reading:
        begun = migrations.open_migration(reading, OPERATOR, migration_id)
    if begun.target != seen.target:  # what is left of it goes elsewhere than was told just now
        return _leave(begun, as_json=given["as_json"])
    echo(f"Migration {migration_id} has begun.", err=True)
    return _carry_out(found, migration_id, as_json=given["as_json"])


@click.group("migration")
def migration() -> None:
    """Migrations of instances: progress, going on, undoing."""


@migration.command("list")
@click.option("--after", help="Go on behind the page before: its “next”.")
@as_json
@on_installation
def list_migrations(found: Application, after: str | None, *, as_json: bool) -> None:
    """List migrations with their progress, newest first."""
    with found.transactions.reading() as reading:
        page = migrations.list_migrations(reading, OPERATOR, after)
    rows = [
        {
            "id": str(view.id),
            "to": view.target,
            "direction": view.direction.value,
            "started_at": view.started_at.isoformat(timespec="seconds"),
            "open": view.open,
            **{state.value: count for state, count in view.counts.items()},
        }
        for view in page.rows
    ]
    columns = ("id", "to", "direction", "open", "moved", "stayed", "returned", "kept")
    show(rows, columns, as_json=as_json)
    if page.next_cursor:
        echo(f"More: --after {page.next_cursor}", err=True)


@migration.command("show")
@_migration
@as_json
@on_installation
def show_migration(found: Application, migration_id: UUID, *, as_json: bool) -> None:
    """List what became of each instance."""
    rows, after = [], None
    while True:
        with found.transactions.reading() as reading:
            page = migrations.list_instances(reading, OPERATOR, migration_id, None, after)
        rows += [
            {
                "instance": str(row.instance_id),
                "process": row.process,
                "from": row.source,
                "state": row.state.value,
                "why": " ".join(told(notice.sentence) for notice in row.notices),
            }
            for row in page.rows
        ]
        after = page.next_cursor
        if after is None:
            break
    show(rows, ("instance", "process", "from", "state", "why"), as_json=as_json)


def _ordering(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command a migration and the reason why it goes another way."""
    return _migration(reason_option(command_option(as_json(on_installation(command)))))


@migration.command("resume")
@_ordering
def resume(
    found: Application, migration_id: UUID, reason: str, command: str | None, *, as_json: bool
) -> int:
    """Go on with a migration that was ended in the middle."""
    with found.transactions.begin() as uow:
        migrations.resume(uow, OPERATOR, migration_id, Why(reason, command))
    return _carry_out(found, migration_id, as_json=as_json)


@migration.command("undo")
@_ordering
def undo(
    found: Application, migration_id: UUID, reason: str, command: str | None, *, as_json: bool
) -> int:
    """Have every instance return that has not moved on since."""
    with found.transactions.begin() as uow:
        migrations.turn_back(uow, OPERATOR, migration_id, Why(reason, command))
    return _carry_out(found, migration_id, as_json=as_json)


def _wanted(given: dict[str, Any]) -> Wanted:
    selection = Selection(given["instance_ids"], given["cases"], given["process"], given["source"])
    elements = {}
    for text in given["elements"]:
        place, new = _pair(text, "--map")
        process, slash, element = place.partition("/")
        if not slash:
            raise click.BadParameter(f"“{text}” names no process.", param_hint="--map")
        elements[process, element] = new or None
    processes = dict(_pair(text, "--map-process") for text in given["processes"])
    return Wanted(given["target"], selection, Wishes(processes, elements))


def _pair(text: str, option: str) -> tuple[str, str]:
    old, equals, new = text.partition("=")
    if not equals or not old:
        raise click.BadParameter(f"“{text}” lacks a “=”.", param_hint=option)
    return old.strip(), new.strip()


def _foretold(found: Application, wanted: Wanted) -> Iterator[Transfer]:
    after = None
    while True:
        page = migrations.foretell(found.transactions, OPERATOR, wanted, after)
        yield from page.rows
        after = page.next_cursor
        if after is None:
            return


def _tell(seen: PlanView, foretold: list[Transfer], *, as_json: bool) -> int:
    if as_json:
        show_json({"target": seen.target, "sources": _sources(seen), "instances": _rows(foretold)})
        return _code(foretold)
    for source in seen.sources:
        echo(f"{source.instances} from version {source.deployment} to {seen.target}:")
        if source.hindrance:
            echo(f"  {told(source.hindrance)}")
        for change in source.changes:
            echo(f"  {change.process}: {told(change.sentence)}")
    show(_rows(foretold), ("instance", "process", "outcome", "why"), as_json=False)
    for why, count in _hindrances(foretold):
        echo(f"{count} because: {why}")
    moving = _moving(foretold)
    echo(f"{moving} would go over, {len(foretold) - moving} would stay.")
    return _code(foretold)


def _sources(seen: PlanView) -> list[dict[str, Any]]:
    return [
        {
            "deployment": source.deployment,
            "instances": source.instances,
            "hindrance": source.hindrance and told(source.hindrance),
            "changes": [
                {
                    "kind": change.kind,
                    "process": change.process,
                    "element": change.element,
                    "before": change.before,
                    "sentence": told(change.sentence),
                }
                for change in source.changes
            ],
        }
        for source in seen.sources
    ]


def _rows(foretold: Iterable[Transfer]) -> list[dict[str, Any]]:
    return [
        {
            "instance": str(one.instance_id),
            "process": one.process,
            "outcome": one.outcome.value,
            "why": " ".join(told(notice.sentence) for notice in one.notices),
        }
        for one in foretold
    ]


def _carry_out(found: Application, migration_id: UUID, *, as_json: bool) -> int:
    """Do what is left, each instance in a transaction of its own; tell how far it is."""
    done = []
    for one in migrations.carry_out(found.transactions, OPERATOR, migration_id):
        done.append(one)
        if len(done) % EVERY == 0:
            echo(f"{len(done)} done.", err=True)
    if as_json:
        show_json({"migration": str(migration_id), "instances": _rows(done)})
    moved = _moving(done)
    echo(f"{moved} moved, {len(done) - moved} stayed where they were.", err=True)
    return _code(done)


def _leave(begun: MigrationView, *, as_json: bool) -> int:
    """Tell of the migration that the same command began when another version was current."""
    if as_json:
        show_json({"migration": str(begun.id), "instances": []})
    echo(f"Migration {begun.id} to version {begun.target} had begun under this name.", err=True)
    if not begun.open:
        return 0
    echo(f"{begun.open} are left: handschlag instance migration resume {begun.id}", err=True)
    return STAYED


def _moving(transfers: list[Transfer]) -> int:
    return sum(one.outcome is Outcome.MOVES for one in transfers)


def _code(transfers: list[Transfer]) -> int:
    """Tell a script whether any of them stays where it is."""
    return STAYED if any(one.outcome in _STAYS for one in transfers) else 0


def _hindrances(transfers: Iterable[Transfer]) -> list[tuple[str, int]]:
    """Count what keeps instances where they are, the most frequent first."""
    staying = (one for one in transfers if one.outcome in _STAYS)
    return Counter(told(note.sentence) for one in staying for note in one.notices).most_common()

"""Where an instance has been."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

import click

from web.commands.installation import OPERATOR, on_installation
from web.commands.output import as_json, echo, show, show_json
from workflows.application import Application
from workflows.tending import history as histories
from workflows.tending.history import StayView


@click.command("history")
@click.argument("instance_id", type=click.UUID)
@click.option("--after", help="Go on behind the page before: its “next”.")
@as_json
@on_installation
def history(found: Application, instance_id: UUID, *, after: str | None, as_json: bool) -> None:
    """Show where an instance has been: from when to when, how that ended, by whom."""
    with found.transactions.reading() as reading:
        page = histories.open_history(reading, OPERATOR, instance_id, after)
    if as_json:
        rows = [{**asdict(row), "seconds": row.seconds} for row in page.rows]
        show_json({"items": rows, "next": page.next_cursor})
        return
    show(
        map(_line, page.rows), ("entered", "left", "element", "name", "ended", "by"), as_json=False
    )
    if page.next_cursor:
        echo(f"More: --after {page.next_cursor}", err=True)


def _line(row: StayView) -> dict[str, Any]:
    return {
        "entered": row.entered_at.isoformat(" ", "seconds"),
        "left": row.left_at and row.left_at.isoformat(" ", "seconds"),
        "element": row.element,
        "name": row.name,
        "ended": row.ended,
        "by": row.by or ("a person" if row.by_person else None),
    }

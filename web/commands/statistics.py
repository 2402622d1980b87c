"""How processes go: where they stay and how long."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import date
from typing import Any

import click

from web import rules
from web.commands.given import NUMBER
from web.commands.installation import OPERATOR, on_installation
from web.commands.output import as_json, echo, show, show_json, told
from workflows import statistics
from workflows.application import Application
from workflows.statistics import FEWEST, Asked, SpreadView

_TIMES = ("mean", "median", "p90")
_version = click.option("--deployment", type=NUMBER, help="Only of this version of the diagrams.")


class _Month(click.ParamType[date]):
    name = "month"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        return rules.read_month(value) or self.fail(told(rules.NO_MONTH), param, ctx)


def _period(command: Callable[..., Any]) -> Callable[..., Any]:
    until = click.option("--until", type=_Month(), help="Only what ended up to this month.")
    since = click.option("--since", type=_Month(), help="Only what ended from this month on.")
    return since(until(command))


@click.group("statistics")
def group() -> None:
    """How processes go. Numbers below 5 are not told, nor times of fewer than 10."""


@group.command("heat-map")
@_version
@click.option("--process", help="Only of this process.")
@_period
@as_json
@on_installation
def heat_map(found: Application, *, as_json: bool, **asked: Any) -> None:
    """Show for each element how often it was entered and left, and how long that took."""
    with found.transactions.reading() as reading:
        rows = statistics.heat_map(reading, OPERATOR, Asked(**asked))
    if as_json:
        show_json([asdict(row) for row in rows])
        return
    counts = ("entered", "here", "completed", "cancelled")
    lines = [
        {
            "deployment": row.deployment,
            "process": row.process,
            "element": row.element,
            **{name: _number(getattr(row, name)) for name in counts},
            **_times(row.took),
        }
        for row in rows
    ]
    show(lines, ("deployment", "process", "element", *counts, *_TIMES), as_json=False)


@group.command("cycle-times")
@click.argument("process")
@click.option("--from", "source", default="", help="From first entering this element.")
@click.option("--to", "target", default="", help="To first completing this element after that.")
@_version
@_period
@as_json
@on_installation
def cycle_times(
    found: Application, *, source: str, target: str, as_json: bool, **asked: Any
) -> None:
    """Show by month how long finished processes took, or their way between two elements."""
    with found.transactions.reading() as reading:
        rows = statistics.cycle_times(reading, OPERATOR, Asked(**asked), source, target)
    if as_json:
        show_json([asdict(row) for row in rows])
        return
    lines = [
        {"month": f"{row.month:%Y-%m}", "count": _number(row.took.count), **_times(row.took)}
        for row in rows
    ]
    show(lines, ("month", "count", *_TIMES), as_json=False)


@group.command("ageing")
@_version
@click.option("--process", help="Only of this process.")
@click.option("--element", help="Only at this element.")
@as_json
@on_installation
def ageing(found: Application, *, element: str | None, as_json: bool, **asked: Any) -> None:
    """Show how long what is under way has stayed where it is, the oldest first."""
    with found.transactions.reading() as reading:
        seen = statistics.ageing(reading, OPERATOR, Asked(**asked), element)
    if as_json:
        show_json(asdict(seen))
        return
    ages = ("<=1d", "<=3d", "<=7d", "<=30d", "<=90d", ">90d")
    lines = [
        {
            "deployment": place.deployment,
            "process": place.process,
            "element": place.element,
            **dict(zip(ages, map(_number, place.counts), strict=True)),
        }
        for place in seen.places
    ]
    show(lines, ("deployment", "process", "element", *ages), as_json=False)
    echo()
    oldest = [{**asdict(one), "since": one.since.isoformat("T", "seconds")} for one in seen.oldest]
    show(oldest, ("since", "process", "element", "instance_id", "suspended"), as_json=False)


def _number(count: int | None) -> str:
    return f"<{FEWEST}" if count is None else str(count)


def _times(took: SpreadView) -> dict[str, str]:
    return {name: _span(getattr(took, name)) for name in _TIMES}


def _span(seconds: float | None) -> str:
    """Write a length of time in the unit that fits it."""
    if seconds is None:
        return ""
    for unit, length in (("d", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


COMMANDS = (group,)

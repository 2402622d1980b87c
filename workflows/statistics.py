"""How processes go: where they stay and how long, for those who run and draw them.

The coordination gets every number. Process managers, who may read no case, get 0, then “fewer than
5”, then exact numbers, and middle values from 10 on, so that no single case shows.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from bpmn.errors import Invalid
from bpmn.wording import say
from engine import migration_queries, statistics
from engine.errors import NoSuchDeployment
from engine.statistics import Heat, Scope, Spread, Standstill
from engine.stay_table import Ended
from engine.unit_of_work import ReadingSession
from workflows import access
from workflows.access import Action, Actor, Role
from workflows.tending.naming import Names

FEWEST = 5
"""Smaller numbers are told as “fewer” only."""
FEWEST_FOR_MIDDLE = 10
"""Medians and means of fewer are not told."""
OLDEST = 50


class MonthsBackwards(Invalid):
    def __init__(self) -> None:
        super().__init__(say("The period ends before it begins."))


@dataclass(frozen=True, slots=True)
class Asked:
    """Which processes are meant; what is None does not matter. Months by any of their days."""

    deployment: int | None = None
    process: str | None = None
    since: date | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class SpreadView:
    """How long things took, in seconds; None: of too few, or of nothing."""

    count: int | None
    mean: float | None
    median: float | None
    p90: float | None


@dataclass(frozen=True, slots=True)
class HeatView:
    """An element of a deployment. A number is None where it is fewer than 5, but not 0."""

    deployment: int
    process: str
    element: str
    name: str
    kind: str
    entered: int | None
    here: int | None
    completed: int | None
    cancelled: int | None
    """Whatever else ended it: an event, an error, an operator, a migration."""
    took: SpreadView


@dataclass(frozen=True, slots=True)
class CycleView:
    month: date
    took: SpreadView


@dataclass(frozen=True, slots=True)
class AgeView:
    """How many tokens stay at an element, by days: up to 1, 3, 7, 30, 90, longer."""

    deployment: int
    process: str
    element: str
    name: str
    counts: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class AgeingView:
    places: tuple[AgeView, ...]
    oldest: tuple[Standstill, ...]
    """Only for those who may see every case, or tend processes."""


def heat_map(reading: ReadingSession, actor: Actor, asked: Asked) -> tuple[HeatView, ...]:
    """Tell for each element how often it was entered, what came of it, and how long it took."""
    access.require(actor, Action.READ_STATISTICS)
    found = statistics.heat_map(reading, _scope(reading, asked))
    numbers = statistics.numbers_of(reading, {node[0] for node in found})
    veil, names = Veil(actor), Names(reading)
    rows = [
        _heat(names, veil, numbers[node[0]], node, heat)
        for node, heat in found.items()
        if node[0] in numbers
    ]
    return tuple(sorted(rows, key=lambda row: (-row.deployment, row.process, row.element)))


def cycle_times(
    reading: ReadingSession, actor: Actor, asked: Asked, source: str = "", target: str = ""
) -> tuple[CycleView, ...]:
    """Tell by month how long finished processes took, or their way from one element to another."""
    access.require(actor, Action.READ_STATISTICS)
    scope, veil = _scope(reading, asked), Veil(actor)
    found = statistics.cycle_times(reading, asked.process or "", scope, (source, target))
    return tuple(CycleView(month, veil.spread(spread)) for month, spread in found.items())


def ageing(
    reading: ReadingSession, actor: Actor, asked: Asked, element: str | None = None
) -> AgeingView:
    """Tell how long what is under way has stayed where it is, and what stays longest."""
    sees_each = access.may(actor, Action.READ_EVERY_STANDSTILL)
    if not sees_each:
        access.require(actor, Action.READ_STATISTICS)
    scope, veil = _scope(reading, asked), Veil(actor)
    found, names = statistics.ageing(reading, scope), Names(reading)
    numbers = statistics.numbers_of(reading, {node[0] for node in found})
    places = [
        AgeView(
            numbers[node[0]],
            *node[1:],
            names.element(*node).name,
            tuple(map(veil.number, counts)),
        )
        for node, counts in sorted(found.items(), key=lambda entry: entry[0][1:])
        if element in (None, node[2])
    ]
    oldest = statistics.oldest(reading, scope, element, OLDEST) if sees_each else []
    return AgeingView(tuple(places), tuple(oldest))


class Veil:
    """What somebody may see of small numbers."""

    def __init__(self, actor: Actor) -> None:
        self._sees_all = actor.has(Role.COORDINATION)

    def number(self, count: int) -> int | None:
        return count if self._sees_all or count == 0 or count >= FEWEST else None

    def spread(self, spread: Spread) -> SpreadView:
        if not spread.count or not (self._sees_all or spread.count >= FEWEST_FOR_MIDDLE):
            return SpreadView(self.number(spread.count), None, None, None)
        times = (spread.mean, spread.median, spread.p90)
        return SpreadView(spread.count, *map(_seconds, times))


def _heat(names: Names, veil: Veil, number: int, node: statistics.Node, heat: Heat) -> HeatView:
    element = names.element(*node)
    completed = sum(heat.ended.get(one, 0) for one in (Ended.COMPLETED, Ended.SKIPPED))
    return HeatView(
        deployment=number,
        process=node[1],
        element=node[2],
        name=element.name,
        kind=element.kind,
        entered=veil.number(heat.entered),
        here=veil.number(heat.here),
        completed=veil.number(completed),
        cancelled=veil.number(sum(heat.ended.values()) - completed),
        took=veil.spread(heat.took),
    )


def _seconds(time: timedelta | None) -> float | None:
    return None if time is None else round(time.total_seconds(), 3)


def _scope(reading: ReadingSession, asked: Asked) -> Scope:
    since, until = (each and each.replace(day=1) for each in (asked.since, asked.until))
    if since and until and until < since:
        raise MonthsBackwards
    return Scope(_deployment(reading, asked.deployment), asked.process, since, until)


def _deployment(reading: ReadingSession, number: int | None) -> UUID | None:
    if number is None:
        return None
    found = migration_queries.deployment_numbered(reading, number)
    if found is None:
        raise NoSuchDeployment
    return found

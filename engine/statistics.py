"""What the history adds up to: where instances stay, how long, and how long their ways take.

Counted rows and what is not counted yet are read together, so that answers are exact at any moment.
However much is not counted yet, it is read in pages.
Quantiles come from buckets, see `engine.durations` for how far they may be off.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, tuple_

from engine import clock
from engine.counting import Tally, month_of, tally_cycles, tally_stays
from engine.durations import quantile
from engine.models import Deployment, Instance, InstanceState
from engine.queries import Source, record
from engine.statistic_table import CycleCount, StayCount
from engine.stay_table import Ended, Stay

PAGE = 500
"""Rows of what is not counted yet that are read at a time."""
AGES = (1, 3, 7, 30, 90)
"""Days that divide what stays somewhere into younger and older."""


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked about; what is None does not matter. Months are those in which it ended."""

    deployment_id: UUID | None = None
    process: str | None = None
    since: date | None = None
    until: date | None = None


EVERYTHING = Scope()
Node = tuple[UUID, str, str]
"""Deployment, process and element."""


@dataclass(slots=True)
class Spread:
    """How long things took: counts by bucket, and their sum."""

    count: int = 0
    milliseconds: int = 0
    buckets: dict[int, int] = field(default_factory=dict)

    def put(self, bucket: int, count: int, milliseconds: int) -> None:
        self.count += count
        self.milliseconds += milliseconds
        self.buckets[bucket] = self.buckets.get(bucket, 0) + count

    @property
    def mean(self) -> timedelta | None:
        return timedelta(milliseconds=self.milliseconds / self.count) if self.count else None

    @property
    def median(self) -> timedelta | None:
        return quantile(self.buckets, 0.5)

    @property
    def p90(self) -> timedelta | None:
        return quantile(self.buckets, 0.9)


@dataclass(slots=True)
class Heat:
    """One element: how often it was entered, what came of that, and how long completed stays took."""

    here: int = 0
    ended: dict[Ended, int] = field(default_factory=dict)
    took: Spread = field(default_factory=Spread)

    @property
    def entered(self) -> int:
        return self.here + sum(self.ended.values())


def heat_map(source: Source, scope: Scope = EVERYTHING) -> dict[Node, Heat]:
    """Tell for each element how often it was entered and left, and how long that took."""
    found: dict[Node, Heat] = {}
    for node, here in _here(source, scope):
        found.setdefault(node, Heat()).here = here
    for key, (count, milliseconds) in _stay_sums(source, scope).sums.items():
        deployment, process, element, _, ended, bucket = key
        heat = found.setdefault((deployment, process, element), Heat())
        heat.ended[ended] = heat.ended.get(ended, 0) + count
        if ended is Ended.COMPLETED:
            heat.took.put(bucket, count, milliseconds)
    return found


def _here(source: Source, scope: Scope) -> Iterable[tuple[Node, int]]:
    node = (Stay.deployment_id, Stay.process, Stay.element)
    query = select(*node, func.count()).where(Stay.left_at.is_(None), *_within(Stay, scope))
    return [((a, b, c), count) for a, b, c, count in source.execute(query.group_by(*node))]


def _stay_sums(source: Source, scope: Scope) -> Tally:
    """Add up what is counted and what is not yet."""
    uncounted = (Stay.left_at.is_not(None), ~Stay.counted, *_within(Stay, scope))
    place = (Stay.instance_id, Stay.token, Stay.number)
    told = (Stay.deployment_id, Stay.process, Stay.element)
    query = select(*place, *told, Stay.entered_at, Stay.left_at, Stay.ended).where(*uncounted)
    tally = Tally()
    for page in _pages(source, query, place):
        tally_stays((row for row in page if _in_time(month_of(row.left_at), scope)), tally)
    _put(source, tally, StayCount, scope)
    return tally


def cycle_times(
    source: Source, process: str, scope: Scope = EVERYTHING, ends: tuple[str, str] = ("", "")
) -> dict[date, Spread]:
    """Tell by month of their end how long finished instances took from one element to another.

    From first entering the one to first completing the other after that; an empty name is the start
    or the end of the process.
    """
    wanted = Scope(scope.deployment_id, process, scope.since, scope.until)
    found: dict[date, Spread] = {}
    for key, (count, milliseconds) in _cycle_sums(source, wanted, ends).sums.items():
        *_, first, last, month, bucket = key
        if (first, last) == ends:
            found.setdefault(month, Spread()).put(bucket, count, milliseconds)
    return dict(sorted(found.items()))


def _cycle_sums(source: Source, scope: Scope, ends: tuple[str, str]) -> Tally:
    tally = Tally()
    for page in _pages(source, _uncounted_ends(scope), (Instance.id,)):
        ended = {row.id: row for row in page if _in_time(month_of(row.ended_at), scope)}
        stays = select(Stay.__table__).where(Stay.instance_id.in_(ended))
        tally_cycles(ended.values(), source.execute(stays), tally)
    _put(
        source, tally, CycleCount, scope, CycleCount.source == ends[0], CycleCount.target == ends[1]
    )
    return tally


def _pages(source: Source, query: Select[*tuple[Any, ...]], place: Any) -> Iterator[Sequence[Any]]:
    """Read rows that begin with their place, page by page in the order of the places."""
    page = source.execute(query.order_by(*place).limit(PAGE)).all()
    while page:
        yield page
        behind = tuple_(*place) > tuple_(*page[-1][: len(place)])
        page = source.execute(query.where(behind).order_by(*place).limit(PAGE)).all()


def _uncounted_ends(scope: Scope) -> Select[*tuple[Any, ...]]:
    """Find the finished instances whose last step is not counted yet."""
    last = select(Stay.instance_id).where(
        Stay.instance_id == Instance.id,
        Stay.left_step == Instance.version,
        Stay.left_at.is_not(None),
        ~Stay.counted,
    )
    told = (Instance.deployment_id, Instance.process, Instance.started_at, Instance.ended_at)
    return select(Instance.id, *told).where(
        Instance.state == InstanceState.FINISHED, last.exists(), *_within(Instance, scope)
    )


def _put(
    source: Source, tally: Tally, counts: type[StayCount | CycleCount], scope: Scope, *more: Any
) -> None:
    table = counts.__table__
    *keys, count, milliseconds = table.columns
    wanted = [*_within(counts, scope), *more]
    if scope.since is not None:
        wanted.append(counts.month >= scope.since)
    if scope.until is not None:
        wanted.append(counts.month <= scope.until)
    for row in source.execute(select(*keys, count, milliseconds).where(*wanted)):
        values: tuple[Any, ...] = tuple(row)
        tally.put(values[:-2], *values[-2:])


def _within(table: Any, scope: Scope) -> list[Any]:
    given = ((table.deployment_id, scope.deployment_id), (table.process, scope.process))
    return [column == value for column, value in given if value is not None]


def _in_time(month: date, scope: Scope) -> bool:
    return (scope.since or month) <= month <= (scope.until or month)


def ageing(source: Source, scope: Scope = EVERYTHING) -> dict[Node, tuple[int, ...]]:
    """Count for each element what stays there, by age: up to 1 day, 3, 7, 30, 90 days, longer."""
    node = (Stay.deployment_id, Stay.process, Stay.element)
    edges = [clock.now() - timedelta(days=days) for days in AGES]
    younger = [func.sum(case((Stay.entered_at >= edge, 1), else_=0)) for edge in edges]
    query = select(*node, *younger, func.count()).where(
        Stay.left_at.is_(None), *_within(Stay, scope)
    )
    rows: list[tuple[Any, ...]] = [tuple(row) for row in source.execute(query.group_by(*node))]
    return {row[:3]: _between([int(number) for number in row[3:]]) for row in rows}


def _between(upto: list[int]) -> tuple[int, ...]:
    return tuple(number - before for before, number in zip([0, *upto], upto, strict=False))


@dataclass(frozen=True, slots=True)
class Standstill:
    """A token that has stayed where it is."""

    instance_id: UUID
    business_key: UUID | None
    deployment_id: UUID
    process: str
    element: str
    since: datetime
    suspended: bool


def oldest(
    source: Source, scope: Scope = EVERYTHING, element: str | None = None, limit: int = 50
) -> list[Standstill]:
    """List what has stayed longest, the oldest first."""
    query = (
        select(
            Stay.instance_id,
            Instance.business_key,
            Stay.deployment_id,
            Stay.process,
            Stay.element,
            Stay.entered_at,
            Instance.suspended_at.is_not(None),
        )
        .join(Instance, Instance.id == Stay.instance_id)
        .where(Stay.left_at.is_(None), *_within(Stay, scope))
        .order_by(Stay.entered_at, Stay.instance_id, Stay.token)
        .limit(limit)
    )
    if element is not None:
        query = query.where(Stay.element == element)
    return [record(Standstill, row) for row in source.execute(query)]


def numbers_of(source: Source, deployment_ids: Collection[UUID]) -> dict[UUID, int]:
    """Name the deployments by their numbers."""
    query = select(Deployment.id, Deployment.number).where(Deployment.id.in_(deployment_ids))
    return {row.id: row.number for row in source.execute(query)}

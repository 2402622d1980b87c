"""How long the history of ended instances is kept, and how it goes: batch by batch, counted before."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, select, tuple_
from sqlalchemy.orm import aliased

from engine import clock, counting, jobs, stays
from engine.commands import insert_or_ignore
from engine.database import table_of
from engine.models import Deployment, Instance, InstanceState
from engine.queries import Source, record
from engine.retention_table import ANY_DEPLOYMENT, ANY_PROCESS, RetentionRule
from engine.stay_table import Stay
from engine.unit_of_work import UnitOfWork

BATCH = 100
"""Instances looked at in one transaction."""

Subject = tuple[str, int]
"""A process, or any; the number of a deployment, or any."""


Needs = Callable[[Source, Collection[UUID]], Mapping[UUID, datetime | None]]
"""Tells of keys behind which there is a case when that was closed; None: it is open.

An open case needs everything. A closed one keeps its instances and tasks until it is erased, and
their history for as long as theirs is kept. What has no case is not needed.
"""


@dataclass(frozen=True, slots=True)
class Rules:
    """Days by subject, None for ever; what no rule is about is kept for `default` days."""

    default: int
    special: Mapping[Subject, int | None]

    def days(self, process: str, deployment: int) -> int | None:
        """Tell how long to keep; the more exact rule wins, the deployment over the process."""
        for subject in (
            (process, deployment),
            (ANY_PROCESS, deployment),
            (process, ANY_DEPLOYMENT),
        ):
            if subject in self.special:
                return self.special[subject]
        return self.default

    @property
    def fewest(self) -> int:
        return min([self.default, *(days for days in self.special.values() if days is not None)])


@dataclass(frozen=True, slots=True)
class Expired:
    """An ended instance that was looked at."""

    id: UUID
    process: str
    business_key: UUID | None
    deployment: int
    ended_at: datetime
    has_history: bool


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the next batch begins."""

    ended_at: datetime
    id: UUID


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a batch has deleted, or would: whole instances, and the history of others."""

    whole: tuple[Expired, ...]
    history: tuple[Expired, ...]
    next: Mark | None


def rules(source: Source, default: int) -> Rules:
    found = select(RetentionRule.process, RetentionRule.deployment, RetentionRule.days)
    special = {(process, number): days for process, number, days in source.execute(found)}
    return Rules(default, special)


def set_rule(uow: UnitOfWork, subject: Subject, days: int | None, by: str) -> None:
    """Keep the history of this subject for so many days from now on, or for ever."""
    drop_rule(uow, subject)
    table = table_of(RetentionRule)
    row = {"process": subject[0], "deployment": subject[1], "days": days}
    write = insert_or_ignore(uow.connection, table)
    uow.connection.execute(write, {**row, "set_at": clock.now(), "set_by": by})


def drop_rule(uow: UnitOfWork, subject: Subject) -> None:
    """Let a subject have what holds in general."""
    same = tuple_(RetentionRule.process, RetentionRule.deployment) == tuple_(*subject)
    uow.connection.execute(delete(table_of(RetentionRule)).where(same))


def look(source: Source, kept: Rules, needs: Needs, after: Mark | None = None) -> Sweep:
    """Find in the next batch what may go; nothing is done.

    What works for the same key as an instance under way stays whole.
    """
    batch = _ended(source, clock.now() - timedelta(days=kept.fewest), after)
    over = [one for one in batch if _is_over(kept, one)]
    closed = needs(source, {one.business_key for one in over if one.business_key})
    whole = [one for one in over if one.business_key not in closed]
    spared = [
        (one, closed[key])
        for one in over
        if (key := one.business_key) is not None and key in closed
    ]
    last = batch[-1] if len(batch) == BATCH else None
    return Sweep(
        whole=tuple(whole),
        history=tuple(
            one for one, since in spared if one.has_history and _is_past(kept, one, since)
        ),
        next=Mark(last.ended_at, last.id) if last else None,
    )


def sweep(uow: UnitOfWork, kept: Rules, needs: Needs, after: Mark | None = None) -> Sweep:
    """Delete what `look` finds, once it is in the statistics. Safe to repeat and to rival.

    Of two that find the same only one deletes it, and only that one tells of it.
    """
    found = look(uow.connection, kept, needs, after)
    whole = [one.id for one in found.whole]
    history = [one.id for one in found.history]
    jobs.write(uow)
    counting.count(uow, [*whole, *history])
    erased = stays.erase(uow, history)
    table = table_of(Instance)
    ended = table.c.id.in_(whole) & (table.c.state != InstanceState.ACTIVE)
    deleted: set[UUID] = set(
        uow.connection.scalars(delete(table).where(ended).returning(table.c.id))
    )
    return replace(
        found,
        whole=tuple(one for one in found.whole if one.id in deleted),
        history=tuple(one for one in found.history if one.id in erased),
    )


def _is_over(kept: Rules, one: Expired) -> bool:
    return _is_past(kept, one, one.ended_at)


def _is_past(kept: Rules, one: Expired, since: datetime | None) -> bool:
    """Tell whether what began then has lasted as long as the history of this instance is kept."""
    days = kept.days(one.process, one.deployment)
    return days is not None and since is not None and since < clock.now() - timedelta(days=days)


def _ended(source: Source, before: datetime, after: Mark | None) -> Sequence[Expired]:
    other = aliased(Instance)
    same_case = (other.business_key == Instance.business_key) & (
        other.state == InstanceState.ACTIVE
    )
    query = (
        select(
            Instance.id,
            Instance.process,
            Instance.business_key,
            Deployment.number,
            Instance.ended_at,
            select(Stay.token).where(Stay.instance_id == Instance.id).exists(),
        )
        .join(Deployment, Deployment.id == Instance.deployment_id)
        .where(Instance.ended_at.is_not(None), Instance.ended_at < before)
        .where(~select(other.id).where(same_case).exists())
        .order_by(Instance.ended_at, Instance.id)
        .limit(BATCH)
    )
    if after is not None:
        place = tuple_(Instance.ended_at, Instance.id)
        query = query.where(place > tuple_(after.ended_at, after.id))
    return [record(Expired, row) for row in source.execute(query)]

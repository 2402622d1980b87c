"""What the history adds to the statistics is counted later, each stay once.

A step only writes its own rows, so that workers never meet at a counter; here they are marked and
added up. Whoever deletes history has it counted before, in the same transaction.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Table, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bpmn.host import BERLIN
from engine import clock, jobs
from engine.database import table_of
from engine.durations import bucket_of
from engine.models import Instance, InstanceState
from engine.records import JobRecord
from engine.statistic_table import CycleCount, StayCount
from engine.stay_table import Ended, Stay
from engine.unit_of_work import UnitOfWork

COUNTING = "engine.counting"
EVERY = timedelta(minutes=10)
BATCH = 100
"""Instances whose stays are counted in one transaction."""
WHOLE = ""
"""Stands for the start of a process, and for its end."""

_STAYS, _INSTANCES = table_of(Stay), table_of(Instance)
Key = tuple[Any, ...]


class Tally:
    """Counts and sums of milliseconds by key."""

    def __init__(self) -> None:
        self.sums: dict[Key, list[int]] = {}

    def add(self, key: Key, took: timedelta) -> None:
        milliseconds = max(took // timedelta(milliseconds=1), 0)
        self.put((*key, bucket_of(milliseconds)), 1, milliseconds)

    def put(self, key: Key, count: int, milliseconds: int) -> None:
        sums = self.sums.setdefault(key, [0, 0])
        sums[0] += count
        sums[1] += milliseconds


def begin(uow: UnitOfWork, pause: timedelta = EVERY) -> None:
    """Owe the next count, unless it is owed already."""
    jobs.recur(uow, COUNTING, pause)


def count_some(uow: UnitOfWork, _job: JobRecord) -> None:
    """Count a batch; go on at once while there is more."""
    waiting = select(_STAYS.c.instance_id).where(_uncounted()).distinct().limit(BATCH)
    found: list[UUID] = list(uow.connection.scalars(waiting))
    count(uow, found)
    begin(uow, EVERY if len(found) < BATCH else timedelta())


def count(uow: UnitOfWork, instance_ids: Collection[UUID]) -> None:
    """Add what these instances have left behind to the statistics. Safe to repeat and to rival."""
    if not instance_ids:
        return
    claimed = uow.connection.execute(
        update(_STAYS)
        .where(_STAYS.c.instance_id.in_(instance_ids), _uncounted())
        .values(counted=True)
        .returning(*_STAYS.c)
    ).all()
    _add(uow, StayCount, tally_stays(claimed, Tally()))
    ended = _just_ended(uow, claimed)
    stays = _all_stays(uow, [one.id for one in ended])
    _add(uow, CycleCount, tally_cycles(ended, stays, Tally()))


def count_out(uow: UnitOfWork, instance_ids: Collection[UUID]) -> None:
    """Count everything of instances that are about to be deleted; what is open ends now."""
    uow.connection.execute(
        update(_STAYS)
        .where(_STAYS.c.instance_id.in_(instance_ids), _STAYS.c.left_at.is_(None))
        .values(left_at=clock.now(), left_step=-1, left_position=0, ended=Ended.CANCELLED)
    )
    count(uow, instance_ids)


def _uncounted() -> Any:
    return _STAYS.c.left_at.is_not(None) & ~_STAYS.c.counted


def tally_stays(stays: Iterable[Any], tally: Tally) -> Tally:
    """Add up stays that have ended."""
    for stay in stays:
        place = (stay.deployment_id, stay.process, stay.element)
        tally.add((*place, month_of(stay.left_at), stay.ended), stay.left_at - stay.entered_at)
    return tally


def tally_cycles(ended: Collection[Any], stays: Iterable[Any], tally: Tally) -> Tally:
    """Add up how long finished instances took between any two places where they rested."""
    by_instance: dict[UUID, list[Any]] = {one.id: [] for one in ended}
    for stay in stays:
        by_instance[stay.instance_id].append(stay)
    for instance in ended:
        place = (instance.deployment_id, instance.process)
        rested = [each for each in by_instance[instance.id] if _rested(instance, each)]
        for source, target, took in _stretches(instance, rested):
            tally.add((*place, source, target, month_of(instance.ended_at)), took)
    return tally


def _rested(instance: Any, stay: Any) -> bool:
    return bool(stay.process == instance.process and stay.left_step != stay.step)


def _stretches(instance: Any, stays: Sequence[Any]) -> Iterator[tuple[str, str, timedelta]]:
    entered: dict[str, datetime] = {}
    completed: dict[str, list[datetime]] = {}
    for stay in stays:
        entered[stay.element] = min(stay.entered_at, entered.get(stay.element, stay.entered_at))
        if stay.ended is Ended.COMPLETED:
            completed.setdefault(stay.element, []).append(stay.left_at)
    yield WHOLE, WHOLE, instance.ended_at - instance.started_at
    for source, since in entered.items():
        yield source, WHOLE, instance.ended_at - since
    for target, times in completed.items():
        yield WHOLE, target, min(times) - instance.started_at
        for source, since in entered.items():
            later = [at for at in times if at >= since]
            if later:
                yield source, target, min(later) - since


def month_of(at: datetime) -> date:
    return at.astimezone(BERLIN).date().replace(day=1)


def _just_ended(uow: UnitOfWork, claimed: Iterable[Any]) -> Sequence[Any]:
    """Find the finished instances whose last step is among these stays: it is claimed whole."""
    last: dict[UUID, int] = {}
    for stay in claimed:
        last[stay.instance_id] = max(stay.left_step, last.get(stay.instance_id, 0))
    finished = select(
        _INSTANCES.c.id,
        _INSTANCES.c.deployment_id,
        _INSTANCES.c.process,
        _INSTANCES.c.version,
        _INSTANCES.c.started_at,
        _INSTANCES.c.ended_at,
    ).where(_INSTANCES.c.id.in_(last), _INSTANCES.c.state == InstanceState.FINISHED)
    rows = uow.connection.execute(finished).all() if last else []
    return [row for row in rows if last[row.id] == row.version]


def _all_stays(uow: UnitOfWork, instance_ids: Collection[UUID]) -> Iterable[Any]:
    if not instance_ids:
        return ()
    return uow.connection.execute(select(_STAYS).where(_STAYS.c.instance_id.in_(instance_ids)))


def _add(uow: UnitOfWork, counts: type[StayCount | CycleCount], tally: Tally) -> None:
    """Add to what is there, in the order of the keys: two who do so never wait for each other twice."""
    table = table_of(counts)
    keys = [column.name for column in table.primary_key]
    rows = [
        {**dict(zip(keys, key, strict=True)), "count": number, "milliseconds": milliseconds}
        for key, (number, milliseconds) in sorted(tally.sums.items(), key=_text)
    ]
    if rows:
        uow.connection.execute(_ADD[uow.connection.dialect.name](table), rows)


def _text(entry: tuple[Key, Any]) -> list[str]:
    return [str(part) for part in entry[0]]


def _adding(insert_into: Any) -> Any:
    def statement(table: Table) -> Any:
        given = insert_into(table)
        return given.on_conflict_do_update(
            index_elements=list(table.primary_key),
            set_={
                "count": table.c.count + given.excluded.count,
                "milliseconds": table.c.milliseconds + given.excluded.milliseconds,
            },
        )

    return statement


_ADD = {"postgresql": _adding(postgresql.insert), "sqlite": _adding(sqlite.insert)}

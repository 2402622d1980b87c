"""Every SELECT about migrations, by name. What locks says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, bindparam, func, select

from engine.migration_table import Direction, ItemState, Migration, MigrationItem
from engine.models import Deployment, Instance, InstanceState
from engine.queries import Source, record


@dataclass(frozen=True, slots=True)
class Selection:
    """Which instances are to go over; what is empty does not matter."""

    instances: tuple[UUID, ...] = ()
    cases: tuple[UUID, ...] = ()
    process: str | None = None
    source: int | None = None
    """Number of the deployment that they follow now."""


EVERYTHING = Selection()


@dataclass(frozen=True, slots=True)
class MigrationRecord:
    id: UUID
    target_id: UUID
    target: int
    """Number of the deployment."""
    wishes: dict[str, Any]
    direction: Direction
    started_at: datetime
    started_by: str


@dataclass(frozen=True, slots=True)
class ItemRecord:
    """One instance of a migration, and what became of it."""

    migration_id: UUID
    instance_id: UUID
    business_key: UUID | None
    process: str
    state: ItemState
    done_at: datetime | None
    source_id: UUID
    source: int
    """Number of the deployment it came from."""
    version: int | None
    snapshot: str | None
    report: list[Any]


def wanted(selection: Selection, target_id: UUID) -> Select[*tuple[Any, ...]]:
    """Ask for the active instances that are meant and follow another deployment."""
    conditions: list[ColumnElement[bool]] = [
        Instance.state == InstanceState.ACTIVE,
        Instance.deployment_id != target_id,
    ]
    if selection.instances:
        conditions.append(Instance.id.in_(selection.instances))
    if selection.cases:
        conditions.append(Instance.business_key.in_(selection.cases))
    if selection.process is not None:
        conditions.append(Instance.process == selection.process)
    if selection.source is not None:
        numbered = select(Deployment.id).where(Deployment.number == selection.source)
        conditions.append(Instance.deployment_id == numbered.scalar_subquery())
    return select(Instance.id, Instance.deployment_id).where(*conditions)


def unknown(source: Source, selection: Selection) -> list[str]:
    """List what a selection names and nothing here has ever been: ids, keys, processes."""
    ways = (
        (Instance.id, selection.instances),
        (Instance.business_key, selection.cases),
        (Instance.process, (selection.process,) if selection.process is not None else ()),
    )
    return [str(one) for column, named in ways for one in _not_there(source, column, named)]


def _not_there(source: Source, column: Any, named: Sequence[Any]) -> list[Any]:
    if not named:
        return []
    there: set[Any] = set(source.scalars(select(column).where(column.in_(named)).distinct()))
    return [one for one in named if one not in there]


def instances_meant(
    source: Source, selection: Selection, target_id: UUID, after: UUID | None, limit: int
) -> list[UUID]:
    """List the instances that are meant by their ids; `after` is the last one of the page before."""
    found = wanted(selection, target_id)
    if after is not None:
        found = found.where(Instance.id > after)
    return list(source.scalars(found.order_by(Instance.id).limit(limit)))


def sources_meant(source: Source, selection: Selection, target_id: UUID) -> list[tuple[UUID, int]]:
    """Count the instances that are meant by the deployment that they follow, newest first."""
    meant = wanted(selection, target_id).subquery()
    found = (
        select(Deployment.id, func.count())
        .join(meant, meant.c.deployment_id == Deployment.id)
        .group_by(Deployment.id, Deployment.number)
        .order_by(Deployment.number.desc())
    )
    return [(deployment_id, count) for deployment_id, count in source.execute(found)]


def deployment_numbered(source: Source, number: int) -> UUID | None:
    """Find a deployment by the number that people know it by."""
    return source.scalar(select(Deployment.id).where(Deployment.number == number))


_MIGRATIONS = select(
    Migration.id,
    Migration.target_id,
    Deployment.number,
    Migration.wishes,
    Migration.direction,
    Migration.started_at,
    Migration.started_by,
).join(Deployment, Deployment.id == Migration.target_id)
_MIGRATION = _MIGRATIONS.where(Migration.id == bindparam("migration"))
_LOCK_MIGRATION = (
    select(Migration.id).where(Migration.id == bindparam("migration")).with_for_update()
)


def migration(source: Source, migration_id: UUID) -> MigrationRecord | None:
    row = source.execute(_MIGRATION, {"migration": migration_id}).first()
    return record(MigrationRecord, row) if row else None


def lock_migration(source: Source, migration_id: UUID) -> None:
    source.execute(_LOCK_MIGRATION, {"migration": migration_id})


def migrations(source: Source, after: UUID | None, limit: int) -> list[MigrationRecord]:
    """List migrations, newest first; `after` is the last one of the page before."""
    found = _MIGRATIONS.order_by(Migration.id.desc()).limit(limit)
    if after is not None:
        found = found.where(Migration.id < after)
    return [record(MigrationRecord, row) for row in source.execute(found)]


def progress(source: Source, migration_ids: Sequence[UUID]) -> dict[UUID, dict[ItemState, int]]:
    """Count the instances of migrations by what became of them."""
    found: dict[UUID, dict[ItemState, int]] = {
        migration_id: dict.fromkeys(ItemState, 0) for migration_id in migration_ids
    }
    counts = (
        select(MigrationItem.migration_id, MigrationItem.state, func.count())
        .where(MigrationItem.migration_id.in_(migration_ids))
        .group_by(MigrationItem.migration_id, MigrationItem.state)
    )
    for migration_id, state, count in source.execute(counts) if migration_ids else ():
        found[migration_id][state] = count
    return found


_ITEMS = (
    select(
        MigrationItem.migration_id,
        MigrationItem.instance_id,
        Instance.business_key,
        Instance.process,
        MigrationItem.state,
        MigrationItem.done_at,
        MigrationItem.source_id,
        Deployment.number,
        MigrationItem.version,
        MigrationItem.snapshot,
        MigrationItem.report,
    )
    .join(Instance, Instance.id == MigrationItem.instance_id)
    .join(Deployment, Deployment.id == MigrationItem.source_id)
    .where(MigrationItem.migration_id == bindparam("migration"))
)
_ITEM = _ITEMS.where(MigrationItem.instance_id == bindparam("instance"))


def item(source: Source, migration_id: UUID, instance_id: UUID) -> ItemRecord | None:
    """Fetch one instance of a migration; whoever changes it holds the instance."""
    row = source.execute(_ITEM, {"migration": migration_id, "instance": instance_id}).first()
    return record(ItemRecord, row) if row else None


def items(
    source: Source, migration_id: UUID, state: ItemState | None, after: UUID | None, limit: int
) -> list[ItemRecord]:
    """List what became of the instances; `after` is the last one of the page before."""
    found = _ITEMS
    if state is not None:
        found = found.where(MigrationItem.state == state)
    if after is not None:
        found = found.where(MigrationItem.instance_id > after)
    found = found.order_by(MigrationItem.instance_id).limit(limit)
    return [record(ItemRecord, row) for row in source.execute(found, {"migration": migration_id})]


def instances_in(
    source: Source, migration_id: UUID, state: ItemState, after: UUID | None, limit: int
) -> list[UUID]:
    """List instances of a migration in this state, in the order of their ids."""
    found = select(MigrationItem.instance_id).where(
        MigrationItem.migration_id == migration_id, MigrationItem.state == state
    )
    if after is not None:
        found = found.where(MigrationItem.instance_id > after)
    return list(source.scalars(found.order_by(MigrationItem.instance_id).limit(limit)))

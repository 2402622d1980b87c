"""What operators read of instances, without holding them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from engine.models import Deployment, Instance, InstanceState
from engine.queries import Source, record

_ROWS: Select[*tuple[Any, ...]] = select(
    Instance.id,
    Instance.process,
    Instance.state,
    Instance.business_key,
    Instance.deployment_id,
    Deployment.number,
    Deployment.digest,
    Instance.version,
    Instance.started_at,
    Instance.suspended_at,
    Instance.ended_at,
).join(Deployment, Deployment.id == Instance.deployment_id)


@dataclass(frozen=True, slots=True)
class InstanceRow:
    """An instance in a list."""

    id: UUID
    process: str
    state: InstanceState
    business_key: UUID | None
    deployment_id: UUID
    deployment: int
    """Number of the deployment it belongs to."""
    digest: str
    version: int
    started_at: datetime
    suspended_at: datetime | None
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class InstanceFilter:
    """Which instances are meant; what is None does not matter."""

    business_key: UUID | None = None
    process: str | None = None
    state: InstanceState | None = None
    suspended: bool | None = None


def instances(
    source: Source, wanted: InstanceFilter, after: UUID | None, limit: int
) -> list[InstanceRow]:
    """List instances, newest first; `after` is the last one of the page before."""
    found = _ROWS.order_by(Instance.id.desc()).limit(limit)
    columns = (Instance.business_key, Instance.process, Instance.state)
    values = (wanted.business_key, wanted.process, wanted.state)
    given = [column == one for column, one in zip(columns, values, strict=True) if one is not None]
    if wanted.suspended is not None:
        since = Instance.suspended_at
        given.append(since.is_not(None) if wanted.suspended else since.is_(None))
    if after is not None:
        given.append(Instance.id < after)
    return [record(InstanceRow, row) for row in source.execute(found.where(*given))]


def instance(source: Source, instance_id: UUID) -> InstanceRow | None:
    row = source.execute(_ROWS.where(Instance.id == instance_id)).first()
    return record(InstanceRow, row) if row else None


def snapshot_of(source: Source, instance_id: UUID) -> str | None:
    return source.execute(select(Instance.snapshot).where(Instance.id == instance_id)).scalar()

"""Every SELECT about faults, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVarTuple
from uuid import UUID

from sqlalchemy import Select, func, select

from engine.fault_table import Fault, FaultState
from engine.models import Deployment, Instance, Job
from engine.queries import Source, record
from engine.records import FaultRecord

Columns = TypeVarTuple("Columns")

_COLUMNS = (
    Fault.id,
    Fault.instance_id,
    func.coalesce(Instance.business_key, Fault.business_key),
    Fault.job_id,
    Fault.job_kind,
    Fault.process,
    Fault.element,
    Fault.error,
    Fault.place,
    Fault.template,
    Fault.facts,
    Fault.state,
    Fault.attempts,
    Fault.raised_at,
    func.coalesce(Instance.deployment_id, Fault.deployment_id),
    Fault.closed_at,
    Fault.closed_by,
    Deployment.digest,
    func.coalesce(Fault.token, Job.token),
)
_FAULTS: Select[*tuple[Any, ...]] = (
    select(*_COLUMNS)
    .outerjoin(Instance, Instance.id == Fault.instance_id)
    .outerjoin(Job, Job.id == Fault.job_id)
    .outerjoin(
        Deployment, Deployment.id == func.coalesce(Instance.deployment_id, Fault.deployment_id)
    )
)
_IS_OWED = Fault.job_kind.is_(None) | Fault.job_id.is_not(None)
"""Work that a process has left meanwhile, by another way, leaves nothing to be done about it."""
_OPEN = (Fault.state == FaultState.OPEN) & _IS_OWED


@dataclass(frozen=True, slots=True)
class FaultFilter:
    """Which open faults are meant; what is None does not matter."""

    process: str | None = None
    element: str | None = None
    error: str | None = None
    instance_id: UUID | None = None

    def of(self, query: Select[*Columns]) -> Select[*Columns]:
        """Narrow a query about faults."""
        columns = (Fault.process, Fault.element, Fault.error, Fault.instance_id)
        wanted = (self.process, self.element, self.error, self.instance_id)
        pairs = zip(columns, wanted, strict=True)
        given = [column == one for column, one in pairs if one is not None]
        return query.where(_OPEN, *given)


EVERY = FaultFilter()


@dataclass(frozen=True, slots=True)
class FaultGroup:
    """Open faults that are alike."""

    process: str | None
    element: str | None
    error: str
    count: int


def open_faults(
    source: Source, wanted: FaultFilter = EVERY, after: UUID | None = None, limit: int = 100
) -> list[FaultRecord]:
    """List what waits for an operator, newest first; `after` is the last one of the page before."""
    found = wanted.of(_FAULTS).order_by(Fault.id.desc()).limit(limit)
    if after is not None:
        found = found.where(Fault.id < after)
    return [record(FaultRecord, row) for row in source.execute(found)]


def open_fault_ids(
    source: Source, wanted: FaultFilter, after: UUID | None, limit: int
) -> Sequence[UUID]:
    """Name what waits for an operator, oldest first."""
    found = wanted.of(select(Fault.id)).order_by(Fault.id).limit(limit)
    if after is not None:
        found = found.where(Fault.id > after)
    return source.scalars(found).all()


def groups_of(source: Source, wanted: FaultFilter = EVERY, limit: int = 100) -> list[FaultGroup]:
    """Count open faults that are alike, the most frequent first."""
    alike = (Fault.process, Fault.element, Fault.error)
    many = func.count()
    found = wanted.of(select(*alike, many)).group_by(*alike)
    rows = source.execute(found.order_by(many.desc(), *alike).limit(limit))
    return [record(FaultGroup, row) for row in rows]


def count_open(source: Source) -> int:
    return source.execute(select(func.count()).where(_OPEN)).scalar_one()


def fault(source: Source, fault_id: UUID) -> FaultRecord | None:
    row = source.execute(_FAULTS.where(Fault.id == fault_id)).first()
    return record(FaultRecord, row) if row else None


def state_of(source: Source, fault_id: UUID) -> FaultState | None:
    return source.scalar(select(Fault.state).where(Fault.id == fault_id))

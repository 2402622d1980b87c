"""Having an instance stand still, and letting it go on."""

from uuid import UUID

from sqlalchemy import bindparam, update

from engine import clock, jobs, message_queries, steps
from engine.database import table_of
from engine.errors import AlreadySuspended, InstanceEnded, InstanceNotSuspended
from engine.models import Instance, InstanceState
from engine.projections import CORRELATION
from engine.records import InstanceRecord
from engine.unit_of_work import UnitOfWork

_MARK = (
    update(table_of(Instance))
    .where(Instance.id == bindparam("instance"))
    .values(suspended_at=bindparam("since"))
)


def suspend(uow: UnitOfWork, instance_id: UUID) -> InstanceRecord:
    """Have nothing of an instance move until it is resumed.

    Its timers and jobs are held, what comes for it is kept, and whoever completes one of its
    tasks is told so. Operators may still mend and cancel it.
    """
    instance = steps.lock(uow, instance_id)
    if instance.state is not InstanceState.ACTIVE:
        raise InstanceEnded(instance_id)
    if instance.suspended_at is not None:
        raise AlreadySuspended(instance_id)
    instance.suspended_at = clock.now()
    uow.connection.execute(_MARK, {"instance": instance_id, "since": instance.suspended_at})
    jobs.hold_all(uow, instance_id)
    return instance


def resume(uow: UnitOfWork, instance_id: UUID) -> InstanceRecord:
    """Let an instance go on: what became due meanwhile is done once, in the order of its dates.

    Messages that came meanwhile and have not expired reach it, oldest first.
    """
    instance = steps.lock(uow, instance_id)
    if instance.suspended_at is None:
        raise InstanceNotSuspended(instance_id)
    instance.suspended_at = None
    uow.connection.execute(_MARK, {"instance": instance_id, "since": None})
    jobs.let_go(uow, instance_id)
    if message_queries.awaits_message(uow.connection, instance_id):
        jobs.owe(uow, jobs.Debt(CORRELATION, instance_id=instance_id))
    return instance

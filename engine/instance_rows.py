"""The rows of instances: one each, written by every step."""

from sqlalchemy import bindparam, update

from engine import clock
from engine.database import table_of
from engine.models import Instance, InstanceState
from engine.records import InstanceRecord
from engine.sending import Change, Rows
from engine.unit_of_work import UnitOfWork

_INSERT = Rows(table_of(Instance))
_UPDATE = Change(
    update(table_of(Instance))
    .where(Instance.id == bindparam("instance"))
    .values(
        snapshot=bindparam("snapshot_now"),
        version=bindparam("version_now"),
        state=bindparam("state_now"),
        ended_at=bindparam("ended"),
        suspended_at=bindparam("suspended"),
    )
)


def write(uow: UnitOfWork, instance: InstanceRecord) -> None:
    """Store a new instance."""
    now = clock.now()
    uow.send(
        _INSERT,
        {
            "id": instance.id,
            "deployment_id": instance.deployment_id,
            "process": instance.process,
            "business_key": instance.business_key,
            "state": instance.state,
            "version": instance.version,
            "snapshot": instance.snapshot,
            "started_at": now,
            "ended_at": now if instance.state is not InstanceState.ACTIVE else None,
            "suspended_at": None,
        },
    )


def rewrite(uow: UnitOfWork, instance: InstanceRecord) -> None:
    """Store what a step has made of an instance."""
    uow.send(
        _UPDATE,
        {
            "instance": instance.id,
            "snapshot_now": instance.snapshot,
            "version_now": instance.version,
            "state_now": instance.state,
            "ended": clock.now() if instance.state is not InstanceState.ACTIVE else None,
            "suspended": instance.suspended_at,
        },
    )


_RELOCATE = Change(
    update(table_of(Instance))
    .where(Instance.id == bindparam("instance"))
    .values(deployment_id=bindparam("deployment_now"), process=bindparam("process_now"))
)


def relocate(uow: UnitOfWork, instance: InstanceRecord) -> None:
    """Store which deployment an instance follows."""
    uow.send(
        _RELOCATE,
        {
            "instance": instance.id,
            "deployment_now": instance.deployment_id,
            "process_now": instance.process,
        },
    )

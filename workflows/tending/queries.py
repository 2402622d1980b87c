"""Every SELECT about what operators did, by name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from workflows.tending.models import OperatorAct


def order_of(session: Session, action: str, subject: str) -> tuple[UUID, str]:
    """Tell who ordered something and why: the newest act that is about this before all else."""
    by, why = session.execute(_ORDER, {"ordered": action, "subject": subject}).one()
    assert why is not None
    return by, why


_ORDER = (
    select(OperatorAct.actor_id, OperatorAct.reason)
    .where(OperatorAct.instance_id.is_(None), OperatorAct.action == bindparam("ordered"))
    .where(OperatorAct.about[0].as_string() == bindparam("subject"))
    .where(OperatorAct.reason.is_not(None))
    .order_by(OperatorAct.at.desc(), OperatorAct.id.desc())
    .limit(1)
)


def acts_on(
    session: Session, instance_id: UUID, after: tuple[datetime, UUID] | None, limit: int
) -> Sequence[OperatorAct]:
    """List what was done to an instance and its faults, newest first.

    `after` is the last one of the page before.
    """
    place = tuple_(OperatorAct.at, OperatorAct.id)
    found = select(OperatorAct).where(OperatorAct.instance_id == instance_id)
    if after is not None:
        found = found.where(place < tuple_(*after))
    newest_first = found.order_by(OperatorAct.at.desc(), OperatorAct.id.desc())
    return session.scalars(newest_first.limit(limit)).all()

"""Every SELECT about what operators did, by name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, select, tuple_
from sqlalchemy.orm import Session

from workflows.tending.models import OperatorAct


def order_of(session: Session, action: str, subject: str) -> tuple[UUID, str]:
    """Tell who ordered something and why: the newest act that is about this before all else."""
    newest_first = session.execute(_ORDERS, {"ordered": action})
    return next(
        (by, why) for by, why, about in newest_first if why is not None and about[:1] == [subject]
    )


_ORDERS = (
    select(OperatorAct.actor_id, OperatorAct.reason, OperatorAct.about)
    .where(OperatorAct.instance_id.is_(None), OperatorAct.action == bindparam("ordered"))
    .order_by(OperatorAct.at.desc(), OperatorAct.id.desc())
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

"""Every SELECT about what operators did, by name."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.tending.models import OperatorAct


def last_act(session: Session, action: str, subject: str) -> OperatorAct:
    """Find the newest act on no instance in particular whose first subject is this."""
    found = select(OperatorAct).where(
        OperatorAct.instance_id.is_(None), OperatorAct.action == action
    )
    newest_first = session.scalars(found.order_by(OperatorAct.at.desc(), OperatorAct.id.desc()))
    return next(act for act in newest_first if act.about[:1] == [subject])


def acts_on(session: Session, instance_id: UUID) -> Sequence[OperatorAct]:
    """List what was done to an instance and its faults, newest first."""
    found = select(OperatorAct).where(OperatorAct.instance_id == instance_id)
    return session.scalars(found.order_by(OperatorAct.at.desc(), OperatorAct.id.desc())).all()

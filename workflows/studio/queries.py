"""Every SELECT of the studio, by name."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from engine import queries as engine_queries
from engine.models import Instance, InstanceState
from engine.unit_of_work import UnitOfWork
from workflows.studio.models import Draft, DraftAuthor, DraftFile


def lock(uow: UnitOfWork) -> None:
    """Let one at a time change the draft or publish."""
    engine_queries.lock_installation(uow.connection)


def files(session: Session) -> Mapping[str, DraftFile]:
    rows = session.scalars(
        select(DraftFile).order_by(DraftFile.name).execution_options(populate_existing=True)
    )
    return {row.name: row for row in rows}


def authors(session: Session) -> frozenset[UUID]:
    return frozenset(session.scalars(select(DraftAuthor.person_id)))


def delete_file(session: Session, name: str) -> None:
    session.execute(delete(DraftFile).where(DraftFile.name == name))


def delete_draft(session: Session) -> None:
    for table in (DraftFile, DraftAuthor, Draft):
        session.execute(delete(table))


def running(session: Session) -> Mapping[UUID, int]:
    """Count the active instances of each deployment."""
    query = (
        select(Instance.deployment_id, func.count())
        .where(Instance.state == InstanceState.ACTIVE)
        .group_by(Instance.deployment_id)
    )
    return {row[0]: row[1] for row in session.execute(query)}

"""Every statement about attachments, by name. Their contents are deleted with them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, select, update
from sqlalchemy.orm import Session

from workflows.cases.records import Attachment, AttachmentContent

_WAITING = Attachment.filed_at.is_(None)


def _of(task_id: UUID, person_id: UUID) -> ColumnElement[bool]:
    return and_(_WAITING, Attachment.task_id == task_id, Attachment.by == person_id)


def waiting(session: Session, task_id: UUID, person_id: UUID) -> Sequence[Attachment]:
    query = select(Attachment).where(_of(task_id, person_id))
    return session.scalars(query.order_by(Attachment.at, Attachment.id)).all()


def count_waiting(session: Session, task_id: UUID, person_id: UUID) -> int:
    query = select(func.count()).select_from(Attachment).where(_of(task_id, person_id))
    return session.scalar(query) or 0


def find(session: Session, case_id: UUID, attachment_id: UUID) -> Attachment | None:
    query = select(Attachment).where(Attachment.id == attachment_id, Attachment.case_id == case_id)
    return session.scalars(query).one_or_none()


def content(session: Session, attachment_id: UUID) -> bytes:
    query = select(AttachmentContent.sealed)
    return session.scalars(query.where(AttachmentContent.attachment_id == attachment_id)).one()


def file(
    session: Session, task_id: UUID, person_id: UUID, chosen: Collection[UUID], at: datetime
) -> None:
    if chosen:
        change = update(Attachment).where(_of(task_id, person_id), Attachment.id.in_(chosen))
        session.execute(change.values(filed_at=at))


def delete_waiting_of(session: Session, task_id: UUID, person_id: UUID) -> None:
    session.execute(delete(Attachment).where(_of(task_id, person_id)))


def delete_waiting_at(session: Session, task_id: UUID) -> None:
    session.execute(delete(Attachment).where(_WAITING, Attachment.task_id == task_id))


def delete_waiting_since(session: Session, at: datetime) -> None:
    session.execute(delete(Attachment).where(_WAITING, Attachment.at < at))

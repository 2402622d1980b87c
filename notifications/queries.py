"""Every SELECT about letters and notices, by name."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from notifications.models import InAppNotice, LetterState, OutboxLetter

MAILBOX_SHOWS = 200


def letter(session: Session, letter_id: UUID) -> OutboxLetter | None:
    return session.get(OutboxLetter, letter_id)


def mailbox(session: Session, to: str | None = None) -> Sequence[OutboxLetter]:
    """List the last letters, the newest first: all of them, or those to one address."""
    query = select(OutboxLetter).order_by(OutboxLetter.created_at.desc(), OutboxLetter.id.desc())
    if to is not None:
        query = query.where(OutboxLetter.to == to)
    return session.scalars(query.limit(MAILBOX_SHOWS)).all()


def waiting(session: Session) -> int:
    return _count(session, LetterState.WAITING)


def undeliverable(session: Session) -> int:
    return _count(session, LetterState.UNDELIVERABLE)


def _count(session: Session, state: LetterState) -> int:
    query = select(func.count()).where(OutboxLetter.state == state)
    return session.scalar(query) or 0


def unread(session: Session, person_id: UUID) -> Sequence[InAppNotice]:
    """List a person's unread notices, the newest first."""
    query = select(InAppNotice).where(
        InAppNotice.person_id == person_id, InAppNotice.read_at.is_(None)
    )
    return session.scalars(query.order_by(InAppNotice.created_at.desc())).all()


def not_yet_read_by(session: Session, template: str, since: datetime) -> Sequence[UUID]:
    """List who has an unread notice of this kind from since then."""
    query = select(InAppNotice.person_id).where(
        InAppNotice.template == template,
        InAppNotice.read_at.is_(None),
        InAppNotice.created_at > since,
    )
    return session.scalars(query.distinct()).all()

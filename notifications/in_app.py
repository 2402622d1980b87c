"""Notices inside the system: written in the caller's transaction, read until marked as read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from bpmn.wording import Sentence, say
from engine import clock
from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from notifications import queries
from notifications.errors import NoticeUnknown, TemplateRefused
from notifications.models import InAppNotice

WORDINGS = {
    "task_opened": say("A new task is waiting for you."),
    "task_due": say("A task is due."),
    "task_overdue": say("A task is overdue."),
    "assignment_offered": say("You are asked to take a case."),
    "assignment_answered": say("A request to take a case has been answered."),
    "case_rerouted": say("A case has been passed to your quarter."),
    "case_closed": say("A case has been closed."),
    "safety_exit": say("A case is under protection."),
    "advice_needed": say("The coordination is asked for advice."),
    "letter_returned": say("A letter could not be delivered. Please reach the person another way."),
    "fault_raised": say("A process has stopped and needs the administration."),
    "letter_stuck": say("Mails could not be sent. Please see to the mail server and the faults."),
}


@dataclass(frozen=True, slots=True)
class NoticeView:
    id: UUID
    sentence: Sentence
    case_number: str | None
    path: str
    created_at: datetime


def tell(
    uow: UnitOfWork, person_id: UUID, template: str, path: str, case_number: str | None = None
) -> UUID:
    """Leave a notice for a person; `path` is where the page of the matter is."""
    if template not in WORDINGS or not path.startswith("/"):
        raise TemplateRefused(template, path)
    notice = InAppNotice(
        id=new_id(),
        person_id=person_id,
        template=template,
        case_number=case_number,
        path=path,
        created_at=clock.now(),
    )
    uow.session.add(notice)
    return notice.id


def unread(session: Session, person_id: UUID) -> Sequence[NoticeView]:
    return [
        NoticeView(row.id, WORDINGS[row.template], row.case_number, row.path, row.created_at)
        for row in queries.unread(session, person_id)
    ]


def not_yet_read_by(session: Session, template: str, since: datetime) -> set[UUID]:
    """Tell who has been left such a notice since then and has not read it."""
    return set(queries.not_yet_read_by(session, template, since))


def mark_read(uow: UnitOfWork, person_id: UUID, notice_id: UUID) -> None:
    """Take a notice of one's own away. Doing it twice does no harm."""
    notice = uow.session.get(InAppNotice, notice_id)
    if notice is None or notice.person_id != person_id:
        raise NoticeUnknown
    notice.read_at = notice.read_at or clock.now()

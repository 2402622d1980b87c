"""Files in a case: kept sealed while a form is filled in, filed with it, read by whom it concerns."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from bpmn.wording import say
from engine import clock
from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from workflows import access, audit, sealing
from workflows.access import Action, Actor, NoSuchThing
from workflows.cases import attachment_queries, details, queries
from workflows.cases.file_kinds import FileKind
from workflows.cases.records import Attachment, AttachmentContent
from workflows.cases.uploads import FileRefused, Upload

KEPT_FOR = timedelta(days=14)
"""How long an uploaded file waits for its form to be sent."""
MOST_WAITING = 20

_CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Place:
    """Where a file is asked for: a question of a task's form in a case."""

    case_id: UUID
    task_id: UUID
    field: str


@dataclass(frozen=True, slots=True)
class FileRead:
    """A file on its way to a reader, under a name that tells nothing."""

    name: str
    kind: FileKind
    content: bytes


def keep(uow: UnitOfWork, actor: Actor, place: Place, upload: Upload) -> UUID:
    """Seal an uploaded file until its form is sent; raises `FileRefused` when too many wait.

    Whoever calls has made sure that the person works on the task.
    """
    session = uow.session
    attachment_queries.delete_waiting_since(session, clock.now() - KEPT_FOR)
    if attachment_queries.count_waiting(session, place.task_id, actor.person_id) >= MOST_WAITING:
        raise FileRefused(
            place.field, say("So many files wait here already. Please send the form first.")
        )
    attachment_id = new_id()
    _store(session, attachment_id, actor, place, upload)
    audit.record(uow, actor.person_id, place.case_id, "upload_file", [place.field])
    return attachment_id


def _store(
    session: Session, attachment_id: UUID, actor: Actor, place: Place, upload: Upload
) -> None:
    key = sealing.key_of(session, place.case_id)
    session.add(
        Attachment(
            id=attachment_id,
            case_id=place.case_id,
            task_id=place.task_id,
            field=place.field,
            by=actor.person_id,
            at=clock.now(),
            kind=upload.kind,
            size=len(upload.content),
            details=details.seal_with(
                key, (Attachment.__tablename__, attachment_id), {"name": upload.name}
            ),
        )
    )
    table, field = AttachmentContent.__tablename__, f"{_CONTENT}|{attachment_id}"
    session.flush()  # the content refers to its attachment
    session.add(
        AttachmentContent(
            attachment_id=attachment_id, sealed=key.seal_bytes(table, field, upload.content)
        )
    )


def waiting(session: Session, case_id: UUID, task_id: UUID, person_id: UUID) -> dict[str, str]:
    """Name the files that a person has uploaded to a task and not sent yet, by id."""
    rows = attachment_queries.waiting(session, task_id, person_id)
    return {str(row.id): name_of(session, row) for row in rows if row.case_id == case_id}


def name_of(session: Session, row: Attachment) -> str:
    place = (Attachment.__tablename__, row.id)
    return str(details.unseal(session, row.case_id, place, row.details)["name"])


def file(session: Session, actor: Actor, task_id: UUID, chosen: Collection[UUID]) -> None:
    """Put the chosen files of a task into the case file; the others of this person go."""
    attachment_queries.file(session, task_id, actor.person_id, chosen, clock.now())
    attachment_queries.delete_waiting_of(session, task_id, actor.person_id)


def read(uow: UnitOfWork, actor: Actor, case_id: UUID, attachment_id: UUID) -> FileRead:
    """Open a file for whoever may enter the confidential room, or brought it; this is audited."""
    session = uow.session
    case = queries.find_case(session, case_id)
    row = attachment_queries.find(session, case_id, attachment_id)
    if case is None or row is None or not access.may(actor, Action.READ_SHELL, case.scope):
        raise NoSuchThing
    own = row.by == actor.person_id
    if not own and (row.filed_at is None or not access.may(actor, Action.READ_ROOM, case.scope)):
        raise NoSuchThing
    key = sealing.key_of(session, case_id)
    sealed = attachment_queries.content(session, attachment_id)
    table, field = AttachmentContent.__tablename__, f"{_CONTENT}|{attachment_id}"
    audit.record(uow, actor.person_id, case_id, "read_file", [row.field])
    name = f"{case.number}-{attachment_id.hex[-6:]}.{row.kind.value}"
    return FileRead(name, row.kind, key.open_bytes(table, field, sealed))

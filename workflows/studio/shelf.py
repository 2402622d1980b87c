"""The draft and what it starts from, put together as bundles."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from bpmn.bundle import Bundle
from engine import clock, deployments
from engine.records import DeploymentRecord
from engine.unit_of_work import UnitOfWork
from workflows.access import Actor
from workflows.studio import queries
from workflows.studio.errors import NoDraft
from workflows.studio.models import Draft, DraftAuthor, DraftFile

ONLY = 1


@dataclass(frozen=True)
class Desk:
    """The current deployment and the draft upon its base."""

    current: DeploymentRecord
    published: Bundle
    draft: Draft | None
    changes: Mapping[str, DraftFile]
    base: Bundle

    @property
    def bundle(self) -> Bundle:
        """The files as the draft has them."""
        bundle = self.base
        for name, change in self.changes.items():
            removed = change.content is None
            bundle = bundle.without(name) if removed else bundle.having(name, change.content or b"")
        return bundle

    @property
    def base_is_current(self) -> bool:
        return self.draft is None or self.draft.base_id == self.current.id

    def require_draft(self) -> Draft:
        if self.draft is None:
            raise NoDraft
        return self.draft


def look(session: Session) -> Desk:
    current = deployments.current(session)
    published = deployments.bundle_of(session, current.id)
    draft = session.get(Draft, ONLY)
    base_id = draft.base_id if draft else current.id
    base = published if base_id == current.id else deployments.bundle_of(session, base_id)
    changes = queries.files(session) if draft else {}
    return Desk(current, published, draft, changes, base)


def hold(uow: UnitOfWork) -> Desk:
    """Look, and keep everybody else from changing the draft or publishing until the end."""
    queries.lock(uow)
    return look(uow.session)


def change(uow: UnitOfWork, actor: Actor, desk: Desk) -> Draft:
    """Start or go on with the draft; what was handed in before has to be handed in again."""
    draft = desk.draft
    if draft is None:
        draft = Draft(id=ONLY, base_id=desk.current.id, comment="")
        uow.session.add(draft)
    draft.changed_at, draft.submitted_at, draft.submitted_by = clock.now(), None, None
    uow.session.flush()  # files and authors refer to the draft by id alone
    uow.session.merge(DraftAuthor(draft_id=ONLY, person_id=actor.person_id))
    return draft


def put(uow: UnitOfWork, desk: Desk, name: str, content: bytes | None) -> None:
    """Note a change; one that gives back the base is none."""
    if desk.base.files.get(name) == content:
        queries.delete_file(uow.session, name)
    else:
        uow.session.merge(DraftFile(draft_id=ONLY, name=name, content=content))
    uow.session.flush()  # the next look reads it back


def drop(uow: UnitOfWork, draft: Draft) -> None:
    queries.delete_draft(uow.session)
    uow.session.expunge(draft)


def authors(session: Session) -> frozenset[UUID]:
    return queries.authors(session)

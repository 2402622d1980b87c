"""The shared draft of the next deployment: change files, check, submit, approve."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engine import clock, deployments
from engine import queries as engine_queries
from engine.records import DeploymentRecord
from engine.unit_of_work import UnitOfWork
from workflows import access
from workflows.access import Action, Actor
from workflows.people import queries as people
from workflows.reading import Reading
from workflows.studio import checking, queries, shelf
from workflows.studio.errors import (
    ChangedOnBothSides,
    DraftHasErrors,
    DraftOutdated,
    FileUnknown,
    NotSubmitted,
    OwnDraft,
    SavedMeanwhile,
)
from workflows.studio.files import etag_of, kind_of, require_fit, title_of
from workflows.studio.models import Draft
from workflows.studio.shelf import Desk
from workflows.studio.views import (
    Checked,
    DeploymentRow,
    DraftView,
    FileOpened,
    FileRow,
    Studio,
)


def open_studio(reading: Reading, actor: Actor) -> Studio:
    """List the files with the draft's changes, and the deployments so far."""
    access.require(actor, Action.READ_PROCESS)
    session = reading.session
    desk = shelf.look(session)
    history, running = engine_queries.deployments(session), queries.running(session)
    names = people.names(session, {by for each in history if (by := _person(each.published_by))})
    return Studio(
        files=_files(desk),
        draft=_draft_view(reading, actor, desk) if desk.draft else None,
        deployments=tuple(_deployment(each, running, names) for each in history),
        may_edit=access.may(actor, Action.EDIT_PROCESS),
    )


def _files(desk: Desk) -> tuple[FileRow, ...]:
    draft, published = desk.bundle.files, desk.base.files
    return tuple(
        FileRow(
            name=name,
            kind=kind_of(name),
            title=title_of(name, desk.published.files.get(name)),
            size=len(content),
            changed=name in desk.changes,
            added=name not in published,
            removed=name not in draft,
        )
        for name, content in sorted({**published, **draft}.items())
    )


def _draft_view(reading: Reading, actor: Actor, desk: Desk) -> DraftView:
    draft, authors = desk.require_draft(), shelf.authors(reading.session)
    involved = {*authors, draft.submitted_by} - {None}
    names = people.names(reading.session, {person for person in involved if person})
    return DraftView(
        base_deployment_id=draft.base_id,
        base_is_current=desk.base_is_current,
        authors=tuple(sorted(names[person] for person in authors if person in names)),
        changed_at=draft.changed_at,
        changed_files=tuple(desk.changes),
        submitted_at=draft.submitted_at,
        submitted_by=names.get(draft.submitted_by) if draft.submitted_by else None,
        comment=draft.comment,
        may_submit=access.may(actor, Action.EDIT_PROCESS) and draft.submitted_at is None,
        may_approve=draft.submitted_at is not None and _may_approve(actor, draft, authors),
    )


def _may_approve(actor: Actor, draft: Draft, authors: frozenset[UUID]) -> bool:
    involved = actor.person_id in authors or actor.person_id == draft.submitted_by
    return access.may(actor, Action.PUBLISH_PROCESS) and not involved


def _deployment(
    record: DeploymentRecord, running: Mapping[UUID, int], names: Mapping[UUID, str]
) -> DeploymentRow:
    person = _person(record.published_by)
    return DeploymentRow(
        id=record.id,
        version=record.number,
        digest=record.digest,
        published_at=record.published_at,
        published_by=names.get(person, record.published_by) if person else record.published_by,
        comment=record.comment,
        running=running.get(record.id, 0),
    )


def _person(by: str) -> UUID | None:
    """Read who published; commands leave a word instead of a person's id."""
    try:
        return UUID(by)
    except ValueError:
        return None


def open_file(reading: Reading, actor: Actor, name: str) -> FileOpened:
    """Open the draft's version of a file, or else the published one."""
    access.require(actor, Action.READ_PROCESS)
    desk = shelf.look(reading.session)
    content = desk.bundle.files.get(name)
    if content is None:
        raise FileUnknown(name)
    return FileOpened(
        name=name,
        title=title_of(name, desk.published.files.get(name)),
        kind=kind_of(name),
        content=content,
        from_draft=name in desk.changes,
        etag=etag_of(content),
        may_edit=access.may(actor, Action.EDIT_PROCESS),
    )


def save_file(
    uow: UnitOfWork, actor: Actor, name: str, content: bytes, etag: str | None
) -> Checked:
    """Put a file (new or changed) into the draft; the first change starts one.

    `etag` None: an upload that may replace whatever is there. An older etag is refused. The check
    may take seconds: do `check_file` before the transaction, then its answer is known here.
    """
    access.require(actor, Action.EDIT_PROCESS)
    require_fit(name, content)
    desk = shelf.hold(uow)
    present = desk.bundle.files.get(name)
    if etag is not None and (present is None or etag_of(present) != etag):
        raise SavedMeanwhile(name)
    checked = checking.check_with(uow, desk, name, content)
    shelf.change(uow, actor, desk)
    shelf.put(uow, desk, name, content)
    return checked


def remove_file(uow: UnitOfWork, actor: Actor, name: str) -> Checked:
    access.require(actor, Action.EDIT_PROCESS)
    desk = shelf.hold(uow)
    if name not in desk.bundle.files:
        raise FileUnknown(name)
    shelf.change(uow, actor, desk)
    shelf.put(uow, desk, name, None)
    return _checked(uow)


def restore_file(uow: UnitOfWork, actor: Actor, name: str) -> None:
    """Take a file's changes out of the draft."""
    access.require(actor, Action.EDIT_PROCESS)
    desk = shelf.hold(uow)
    if name not in desk.changes:
        raise FileUnknown(name)
    shelf.change(uow, actor, desk)
    shelf.put(uow, desk, name, desk.base.files.get(name))


def check_draft(reading: Reading, actor: Actor) -> Checked:
    """Check the draft (or, without one, what is published)."""
    access.require(actor, Action.READ_PROCESS)
    return _checked(reading)


def check_file(reading: Reading, actor: Actor, name: str, content: bytes) -> Checked:
    """Check as if the draft held this content; nothing is stored (the editor asks often)."""
    access.require(actor, Action.EDIT_PROCESS)
    require_fit(name, content)
    return checking.check_with(reading, shelf.look(reading.session), name, content)


def _checked(reading: Reading) -> Checked:
    desk = shelf.look(reading.session)
    return checking.check(desk.bundle, checking.host_of(reading, desk))


def offer_choices(reading: Reading, actor: Actor) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """List what the editor's fields may name: forms, decisions, processes, handlers, groups, variables.

    Lists of `{"id", "name"}` (variables: `{"name", "type", "info"}`), see frontend/README.md.
    """
    access.require(actor, Action.READ_PROCESS)
    return checking.choices(reading, shelf.look(reading.session))


def submit_draft(uow: UnitOfWork, actor: Actor, comment: str) -> None:
    """Ask a second person to publish; refused while the check finds errors."""
    access.require(actor, Action.EDIT_PROCESS)
    desk = shelf.hold(uow)
    draft = desk.require_draft()
    _require_publishable(uow, desk)
    draft.comment = comment
    draft.submitted_at, draft.submitted_by = clock.now(), actor.person_id


def publish_draft(uow: UnitOfWork, actor: Actor) -> UUID:
    """Approve a submitted draft and publish it as the next deployment.

    Only the coordination or a second process manager, never one of the draft's authors.
    """
    access.require(actor, Action.PUBLISH_PROCESS)
    desk = shelf.hold(uow)
    draft = desk.require_draft()
    if draft.submitted_at is None:
        raise NotSubmitted
    if not _may_approve(actor, draft, shelf.authors(uow.session)):
        raise OwnDraft
    _require_publishable(uow, desk)
    deployment = deployments.publish(uow, desk.bundle, str(actor.person_id), draft.comment)
    shelf.drop(uow, draft)
    return deployment.id


def _require_publishable(uow: UnitOfWork, desk: Desk) -> None:
    if not desk.base_is_current:
        raise DraftOutdated
    errors = checking.check(desk.bundle, checking.host_of(uow, desk)).errors
    if errors:
        raise DraftHasErrors(errors)


def discard_draft(uow: UnitOfWork, actor: Actor) -> None:
    access.require(actor, Action.EDIT_PROCESS)
    shelf.drop(uow, shelf.hold(uow).require_draft())


def rebase_draft(uow: UnitOfWork, actor: Actor) -> None:
    """Carry the changed files over onto what was published meanwhile.

    Refused for files that were changed on both sides: nobody's work is overwritten unseen.
    """
    access.require(actor, Action.EDIT_PROCESS)
    desk = shelf.hold(uow)
    draft = desk.require_draft()
    before, after = desk.base.files, desk.published.files
    both = {name for name in desk.changes if before.get(name) != after.get(name)}
    if both:
        raise ChangedOnBothSides(both)
    shelf.change(uow, actor, desk)
    draft.base_id = desk.current.id

"""A case opened: everything of it that the reader may see."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from sqlalchemy.orm import Session

from engine import queries as engine_queries
from engine.records import TaskRecord
from workflows import access, audit
from workflows.access import Action, Actor, TaskScope
from workflows.cases import queries, whereabouts
from workflows.cases.attachment_views import AttachmentView
from workflows.cases.errors import CaseUnknown
from workflows.cases.models import Case, Incident
from workflows.cases.parties import balance, party_views
from workflows.cases.queries import CaseWithContext
from workflows.cases.reader import Reader, party_label, read_case
from workflows.cases.records import Agreement, Appointment, Attachment, Commitment
from workflows.cases.rows import list_cases
from workflows.cases.timeline import timeline
from workflows.cases.values import AssignmentState, CaseState
from workflows.cases.views import (
    AgreementView,
    AppointmentView,
    AssignmentView,
    Balance,
    CaseFile,
    CaseShell,
    CaseTask,
    CommitmentView,
    DeadlineView,
    FollowUpView,
    IncidentView,
)
from workflows.cases.whereabouts import Waiting
from workflows.reading import Reading

__all__ = ["list_cases", "open_case"]

_DECLINED = frozenset({AssignmentState.RECUSED, AssignmentState.NO_CAPACITY})


def open_case(reading: Reading, actor: Actor, case_id: UUID) -> CaseFile:
    """Open a case for somebody who may read its shell; to others it is unknown.

    Of a case under protection, those who could read it before learn number and state alone.
    """
    found = queries.case_with_context(reading.session, case_id)
    if found is None:
        raise CaseUnknown(case_id)
    case = found.case
    if not access.may(actor, Action.READ_SHELL, case.scope):
        if case.safety_raised_by is None or not _may_but_for_protection(actor, case):
            raise CaseUnknown(case_id)
        return _masked(case)
    return _opened(reading, actor, found)


def _may_but_for_protection(actor: Actor, case: Case) -> bool:
    return access.may(actor, Action.READ_SHELL, case.unprotected_scope)


def _masked(case: Case) -> CaseFile:
    return CaseFile(
        shell=CaseShell(case.id, case.number, CaseState.PROTECTION),
        room_open=False,
        may=frozenset(),
        incidents=(),
        parties=(),
        tasks=(),
        deadlines=(),
        appointments=(),
        agreements=(),
        assignments=(),
        follow_ups=(),
        timeline=(),
        here=(),
        diagrams=(),
        balance=Balance((), None),
    )


def _opened(reading: Reading, actor: Actor, found: CaseWithContext) -> CaseFile:
    session, case = reading.session, found.case
    tasks = engine_queries.tasks_of(session, case.id)
    open_tasks = [task for task in tasks if task.closed_at is None]
    reader = read_case(session, actor, case, _assignees(open_tasks))
    waiting = _waiting(session, reader, open_tasks)
    trodden = whereabouts.routes(session, reading.library, case.id)
    return CaseFile(
        shell=_shell(reader, found),
        room_open=reader.room,
        may=frozenset(a for a in Action if access.may(reader.actor, a, case.scope)),
        incidents=tuple(_incident(reader, row) for row in reader.rows.incidents),
        parties=party_views(reader),
        tasks=tuple(_task(reader, task, waiting) for task in open_tasks),
        deadlines=_deadlines(reader),
        appointments=tuple(_appointment(reader, row) for row in reader.rows.appointments),
        agreements=tuple(_agreement(reader, row) for row in reader.rows.agreements),
        assignments=_assignments(reader),
        follow_ups=_follow_ups(reader),
        timeline=timeline(reader, tasks, _audited(session, reader)),
        here=whereabouts.here(trodden, open_tasks, waiting),
        diagrams=whereabouts.diagrams(trodden),
        balance=balance(reader),
        attachments=tuple(_attachments(reader)),
    )


def _assignees(tasks: Sequence[TaskRecord]) -> set[UUID]:
    return {UUID(task.assignee) for task in tasks if task.assignee}


def _waiting(session: Session, reader: Reader, tasks: Sequence[TaskRecord]) -> Waiting:
    return Waiting(
        people=reader.people,
        candidates=engine_queries.candidates_of_all(session, [task.id for task in tasks]),
    )


def _shell(reader: Reader, found: CaseWithContext) -> CaseShell:
    case = reader.case
    return CaseShell(
        id=case.id,
        number=case.number,
        state=case.state,
        context=case.context,
        conflict_type=case.conflict_type,
        quarter_id=case.quarter_id,
        quarter=found.quarter or "",
        priority=case.priority,
        route=case.route,
        glasl_start=case.glasl_start,
        glasl_end=case.glasl_end,
        mediation_locked=case.mediation_locked,
        received_at=case.received_at,
        closed_at=case.closed_at,
        outcome=case.outcome,
        mediator=reader.person(case.mediator_id),
        tandem=reader.person(case.tandem_id),
        linked_to=_linked(reader, found.linked),
        risks=tuple(row.kind for row in reader.rows.risks),
    )


def _linked(reader: Reader, other: Case | None) -> tuple[UUID, str] | None:
    """Name the case that goes on with this one, to those who may know of it."""
    if other is None or not access.may(reader.actor, Action.READ_SHELL, other.scope):
        return None
    return other.id, other.number


def _incident(reader: Reader, row: Incident) -> IncidentView:
    told = reader.unseal(Incident, row.id, row.details) if reader.names else {}
    return IncidentView(
        id=row.id,
        channel=row.channel,
        anonymity=row.anonymity,
        conflict_type=row.conflict_type,
        received_at=row.received_at,
        taken_by=reader.person(row.taken_by),
        text=told.get("text"),
        place=told.get("place"),
        reporter=told.get("reporter"),
        reporter_contact=told.get("reporter_contact"),
        language=told.get("language"),
    )


def _task(reader: Reader, task: TaskRecord, waiting: Waiting) -> CaseTask:
    candidates = waiting.candidates.get(task.id, ())
    scope = TaskScope(
        assignee=UUID(task.assignee) if task.assignee else None,
        candidate_groups=frozenset(name for kind, name in candidates if kind == "group"),
        candidate_people=frozenset(UUID(name) for kind, name in candidates if kind == "user"),
        case=reader.case.scope,
    )
    return CaseTask(
        id=task.id,
        name=task.name,
        due_at=task.due_at,
        overdue=whereabouts.is_overdue(task),
        waits_for=waiting.of(task),
        mine=access.may_work_on(reader.actor, scope),
    )


def _deadlines(reader: Reader) -> tuple[DeadlineView, ...]:
    return tuple(
        DeadlineView(row.task_id, row.name, row.due_at, row.state, row.extended_by is not None)
        for row in reader.rows.deadlines
    )


def _appointment(reader: Reader, row: Appointment) -> AppointmentView:
    told = reader.unseal(Appointment, row.id, row.details) if reader.room else {}
    return AppointmentView(row.id, row.starts_at, row.ends_at, row.state, told.get("place"))


def _agreement(reader: Reader, row: Agreement) -> AgreementView:
    told = reader.unseal(Agreement, row.id, row.details) if reader.room else {}
    promises = [each for each in reader.rows.commitments if each.agreement_id == row.id]
    return AgreementView(
        id=row.id,
        agreed_on=row.agreed_on,
        languages=", ".join(told.get("languages", ())),
        commitments=tuple(_commitment(reader, each) for each in promises) if reader.room else (),
    )


def _commitment(reader: Reader, row: Commitment) -> CommitmentView:
    told = reader.unseal(Commitment, row.id, row.details)
    return CommitmentView(reader.party(row.party_id), told["what"], row.due_on, row.state)


def _assignments(reader: Reader) -> tuple[AssignmentView, ...]:
    return tuple(
        AssignmentView(
            person=reader.person(row.person_id) or "",
            tandem=reader.person(row.tandem_id),
            state=None if row.state in _DECLINED else row.state,
            offered_at=row.offered_at,
            answered_at=row.answered_at,
        )
        for row in reader.rows.assignments
    )


def _follow_ups(reader: Reader) -> tuple[FollowUpView, ...]:
    labels = {party.id: party_label(party) for party in reader.rows.parties}
    return tuple(
        FollowUpView(
            due_on=row.due_on,
            kind=row.kind,
            done_at=row.done_at,
            kept=row.kept,
            new_incident=row.new_incident,
            answers=tuple(
                (labels[each.party_id], each.kept, each.satisfaction)
                for each in reader.rows.answers
                if each.follow_up_id == row.id and reader.room
            ),
        )
        for row in reader.rows.follow_ups
    )


def _attachments(reader: Reader) -> Iterator[AttachmentView]:
    """Show the files of the confidential room to those who may enter, and to each their own."""
    for row in reader.rows.attachments:
        if reader.room or row.by == reader.actor.person_id:
            name = reader.unseal(Attachment, row.id, row.details)["name"]
            by = reader.person(row.by)
            yield AttachmentView(row.id, name, row.kind, row.size, row.at, by)


def _audited(session: Session, reader: Reader) -> tuple[audit.AuditLine, ...]:
    if not access.may(reader.actor, Action.READ_CASE_AUDIT, reader.case.scope):
        return ()
    return audit.lines(session, reader.case.id)

"""Every SELECT of the case work, by name."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, exists, func, or_, select, text, tuple_, update
from sqlalchemy import case as sql_case
from sqlalchemy.orm import Session, aliased

from engine.queries import beside_current_deployment, current_deployment_beside
from engine.records import DeploymentRecord
from workflows import audit
from workflows.cases.models import Case, CaseCounter, Incident, Party, PartyRelation, RiskFlag
from workflows.cases.records import (
    Appointment,
    Assignment,
    CaseRecord,
    Deadline,
    FollowUp,
)
from workflows.cases.values import AppointmentState, AssignmentState, CaseState, DeadlineState
from workflows.people.models import Quarter
from workflows.sealing import CaseKeyRow, know_key

FIRST_CONTACT = "first_contact"
"""Kind of the deadline by which a party is to be reached for the first time."""

_NEXT_NUMBER = text(
    "INSERT INTO case_counter (year, last) VALUES (:year, 1)"
    " ON CONFLICT (year) DO UPDATE SET last = case_counter.last + 1 RETURNING last"
)


def next_number(session: Session, year: int) -> int:
    """Count up; the row stays locked until the transaction ends, so no number is given twice."""
    return int(session.execute(_NEXT_NUMBER, {"year": year}).scalar_one())


def numbers_given(session: Session) -> int:
    """Count the cases there ever were; erasing one takes nothing back."""
    return int(session.scalar(select(func.sum(CaseCounter.last))) or 0)


_IS_KNOWN = exists().where(Quarter.id == bindparam("quarter"))
_BEGINNINGS = beside_current_deployment(_IS_KNOWN)


def beginnings(session: Session, quarter_id: UUID) -> tuple[DeploymentRecord | None, bool]:
    """Find what a new case needs: what its process follows, and whether there is this quarter."""
    quarter = {"quarter": quarter_id}
    found = current_deployment_beside(session, _BEGINNINGS, quarter)
    return found or (None, session.scalar(select(_IS_KNOWN), quarter) or False)


def find_case(session: Session, case_id: UUID) -> Case | None:
    return session.get(Case, case_id)


@dataclass(frozen=True, slots=True)
class CaseWithContext:
    """A case with the names of what it refers to; its key is known from here on."""

    case: Case
    quarter: str | None
    linked: Case | None
    """The case that goes on with the reports of this one."""


_linked = aliased(Case)
_CASE_WITH_CONTEXT = (
    select(Case, Quarter.name, _linked, CaseKeyRow.wrapped)
    .outerjoin(Quarter, Quarter.id == Case.quarter_id)
    .outerjoin(_linked, _linked.id == Case.linked_to)
    .outerjoin(CaseKeyRow, CaseKeyRow.case_id == Case.id)
    .where(Case.id == bindparam("case"))
)


def case_with_context(session: Session, case_id: UUID) -> CaseWithContext | None:
    row = session.execute(_CASE_WITH_CONTEXT, {"case": case_id}).first()
    if row is None:
        return None
    case, quarter, linked, wrapped = row
    if wrapped is not None:
        know_key(session, case_id, wrapped)
    return CaseWithContext(case, quarter, linked)


def lock_case(session: Session, case_id: UUID) -> Case | None:
    """Hold a case until the transaction ends."""
    case = session.get(Case, case_id, with_for_update=True)
    if case is not None:
        audit.know_head(session, case)
    return case


def page_of_cases(
    session: Session,
    where: Sequence[ColumnElement[bool]],
    after: tuple[datetime | None, UUID] | None,
    limit: int,
) -> Sequence[Case]:
    """Newest first, by the index on (opened_at, id)."""
    query = select(Case).where(*where)
    if after is not None:
        query = query.where(tuple_(Case.opened_at, Case.id) < tuple_(*after))
    return session.scalars(query.order_by(Case.opened_at.desc(), Case.id.desc()).limit(limit)).all()


def next_due(session: Session, case_ids: Collection[UUID]) -> dict[UUID, datetime]:
    """Find the earliest open deadline of each case."""
    query = (
        select(Deadline.case_id, func.min(Deadline.due_at))
        .where(Deadline.case_id.in_(case_ids), Deadline.state.in_(("running", "overdue")))
        .group_by(Deadline.case_id)
    )
    return {case_id: due for case_id, due in session.execute(query) if case_id is not None}


_INCIDENTS = (
    select(Incident)
    .where(Incident.case_id == bindparam("case"))
    .order_by(Incident.received_at, Incident.id)
)
_PARTIES = select(Party).where(Party.case_id == bindparam("case")).order_by(Party.position)
_SEALED_RECORDS = (
    select(CaseRecord.id, CaseRecord.details)
    .where(CaseRecord.case_id == bindparam("case"))
    .order_by(CaseRecord.at.desc(), CaseRecord.id.desc())
)


def incidents(session: Session, case_id: UUID) -> Sequence[Incident]:
    return session.scalars(_INCIDENTS, {"case": case_id}).all()


def parties(session: Session, case_id: UUID) -> Sequence[Party]:
    return session.scalars(_PARTIES, {"case": case_id}).all()


def relations(session: Session, case_id: UUID) -> Sequence[PartyRelation]:
    return session.scalars(select(PartyRelation).where(PartyRelation.case_id == case_id)).all()


def risks(session: Session, case_id: UUID) -> Sequence[RiskFlag]:
    query = select(RiskFlag).where(RiskFlag.case_id == case_id).order_by(RiskFlag.kind)
    return session.scalars(query).all()


def sealed_records(session: Session, case_id: UUID) -> Sequence[tuple[UUID, bytes]]:
    """Find the ids and sealed details of what completed forms have left, the last first."""
    return [(row[0], row[1]) for row in session.execute(_SEALED_RECORDS, {"case": case_id})]


def planned_appointments(session: Session, case_id: UUID) -> Sequence[Appointment]:
    query = select(Appointment).where(
        Appointment.case_id == case_id, Appointment.state == AppointmentState.PLANNED
    )
    return session.scalars(query.order_by(Appointment.starts_at)).all()


def appointments_between(
    session: Session, mediator: UUID, first: datetime, last: datetime
) -> list[tuple[Appointment, Case]]:
    """Find the planned appointments of a mediator's cases."""
    query = (
        select(Appointment, Case)
        .join(Case, Case.id == Appointment.case_id)
        .where(or_(Case.mediator_id == mediator, Case.tandem_id == mediator))
        .where(Appointment.state == AppointmentState.PLANNED)
        .where(Appointment.starts_at >= first, Appointment.starts_at < last)
    )
    found = session.execute(query.order_by(Appointment.starts_at))
    return [(row[0], row[1]) for row in found]


def assignments(session: Session, case_id: UUID) -> Sequence[Assignment]:
    query = select(Assignment).where(Assignment.case_id == case_id)
    return session.scalars(query.order_by(Assignment.offered_at)).all()


def open_offer(session: Session, case_id: UUID) -> Assignment | None:
    query = select(Assignment).where(
        Assignment.case_id == case_id, Assignment.state == AssignmentState.OFFERED
    )
    return session.scalars(query.order_by(Assignment.offered_at.desc()).limit(1)).first()


def open_cases_by_mediator(session: Session) -> dict[UUID, int]:
    """How many open cases each mediator has accepted."""
    query = (
        select(Case.mediator_id, func.count())
        .where(Case.mediator_id.is_not(None), Case.state != CaseState.CLOSED)
        .group_by(Case.mediator_id)
    )
    return {person: count for person, count in session.execute(query) if person is not None}


def follow_ups(session: Session, case_id: UUID) -> Sequence[FollowUp]:
    query = select(FollowUp).where(FollowUp.case_id == case_id)
    return session.scalars(query.order_by(FollowUp.due_on, FollowUp.id)).all()


def deadlines(session: Session, case_id: UUID) -> Sequence[Deadline]:
    query = select(Deadline).where(Deadline.case_id == case_id).order_by(Deadline.due_at)
    return session.scalars(query).all()


def settle_first_contact(session: Session, case_id: UUID, at: datetime) -> None:
    """Note that a party has been reached: in time, or late."""
    in_time = sql_case((Deadline.due_at < at, DeadlineState.LATE), else_=DeadlineState.MET)
    session.execute(
        update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.kind == FIRST_CONTACT)
        .where(Deadline.state == DeadlineState.RUNNING)
        .values(state=in_time)
    )


def withdraw_first_contact(session: Session, case_id: UUID) -> None:
    """Nobody is to be reached any more."""
    session.execute(
        update(Deadline)
        .where(Deadline.case_id == case_id, Deadline.kind == FIRST_CONTACT)
        .where(Deadline.state == DeadlineState.RUNNING)
        .values(state=DeadlineState.WITHDRAWN)
    )


def deadline_of(session: Session, task_id: UUID) -> Deadline | None:
    return session.scalars(select(Deadline).where(Deadline.task_id == task_id)).one_or_none()


def similar_cases(session: Session, case: Case, since: datetime) -> Sequence[Case]:
    """Cases of the same quarter and type, reported since then, that may be the same matter."""
    query = select(Case).where(
        Case.quarter_id == case.quarter_id,
        Case.conflict_type == case.conflict_type,
        Case.id != case.id,
        Case.linked_to.is_(None),
        Case.received_at >= since,
    )
    return session.scalars(query.order_by(Case.received_at.desc()).limit(20)).all()

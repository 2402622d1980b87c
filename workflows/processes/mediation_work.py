"""Service tasks of the mediation: who mediates, whom to invite, when to ask again."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from engine import clock
from engine.database import new_id
from engine.handlers import ServiceCall
from engine.unit_of_work import UnitOfWork
from workflows import calendar
from workflows.cases import details, queries
from workflows.cases.errors import MediationLocked
from workflows.cases.filing import reference
from workflows.cases.forms import last_answers
from workflows.cases.models import Case
from workflows.cases.records import Appointment, Assignment, FollowUp
from workflows.cases.suggestions import suggest
from workflows.cases.values import (
    AppointmentState,
    AssignmentState,
    CaseState,
    Context,
    FollowUpKind,
)
from workflows.notices import Notices
from workflows.people import directory
from workflows.processes.case_work import case_of

MOST_SUGGESTIONS = 3
USUAL_LENGTH = timedelta(hours=1)
_ANSWERS = {
    "accept": AssignmentState.ACCEPTED,
    "recused": AssignmentState.RECUSED,
    "no_capacity": AssignmentState.NO_CAPACITY,
}


def suggest_mediators(uow: UnitOfWork, call: ServiceCall) -> Mapping[str, Any]:
    found = suggest(uow.session, case_of(uow, call), call.variables.get("declined") or ())
    best = found.proposals[:MOST_SUGGESTIONS]
    return {
        "suggestions": [str(proposal.person) for proposal in best],
        "with_language": Decimal(found.with_language),
        "available": Decimal(found.free),
    }


def offer(uow: UnitOfWork, call: ServiceCall) -> None:
    """Ask a mediator; an earlier offer that is still open ends."""
    case, now = case_of(uow, call), clock.now()
    earlier = queries.open_offer(uow.session, case.id)
    if earlier is not None:
        earlier.state, earlier.answered_at = AssignmentState.CLOSED, now
    mediator = UUID(call.variables["mediator"])
    uow.session.add(
        Assignment(
            id=new_id(),
            case_id=case.id,
            person_id=mediator,
            tandem_id=reference(call.variables.get("tandem")),
            state=AssignmentState.OFFERED,
            offered_at=now,
        )
    )
    case.offered_to = mediator


def record_answer(notices: Notices, uow: UnitOfWork, call: ServiceCall) -> None:
    """Close the offer; whoever accepted may enter the confidential room. Never stores why."""
    case = case_of(uow, call)
    assignment = queries.open_offer(uow.session, case.id)
    if assignment is None:
        return
    assignment.state = _ANSWERS[call.variables["answer"]]
    assignment.answered_at = clock.now()
    case.offered_to = None
    if assignment.state is AssignmentState.ACCEPTED:
        case.mediator_id, case.tandem_id = assignment.person_id, assignment.tandem_id
        case.move(CaseState.ASSIGNED)
    notices.assignment_answered(uow, case)


def list_parties(uow: UnitOfWork, call: ServiceCall) -> Mapping[str, Any]:
    parties = queries.parties(uow.session, case_of(uow, call).id)
    return {"parties": [str(party.id) for party in parties]}


def invite(uow: UnitOfWork, call: ServiceCall) -> Mapping[str, Any]:
    """Put the appointment into the file and say who has to be called; nobody is written to yet."""
    case = case_of(uow, call)
    if case.mediation_locked:
        raise MediationLocked(case.number)
    told = _arrangements(uow, case)
    appointment_id, starts_at = new_id(), call.variables["appointment_at"]
    place = (Appointment.__tablename__, appointment_id)
    uow.session.add(
        Appointment(
            id=appointment_id,
            case_id=case.id,
            starts_at=starts_at,
            ends_at=starts_at + USUAL_LENGTH,
            state=AppointmentState.PLANNED,
            by=UUID(call.variables["mediator"]),
            invited_at=clock.now(),
            details=details.seal(uow.session, case.id, place, told),
        )
    )
    parties = queries.parties(uow.session, case.id)
    return {"to_call": [str(party.id) for party in parties if party.oral_only]}


def _arrangements(uow: UnitOfWork, case: Case) -> dict[str, Any]:
    told = last_answers(uow.session, case, "appointment")
    place = reference(told.get("appointment.place"))
    known = directory.places(uow.session)
    return {"place": known.get(place, "") if place else "", **told}


def schedule_follow_ups(uow: UnitOfWork, call: ServiceCall) -> Mapping[str, Any]:
    """Plan the days on which to ask again; days of an older agreement are no longer wanted."""
    case = case_of(uow, call)
    for day in queries.follow_ups(uow.session, case.id):
        if day.done_at is None:
            uow.session.delete(day)
    planned = _days(call.variables["agreed_on"], Context(call.variables["context"]))
    uow.session.add_all(
        FollowUp(id=new_id(), case_id=case.id, kind=kind, due_on=due) for kind, due in planned
    )
    case.move(CaseState.FOLLOWING_UP)
    return {"follow_ups": sorted(due for _, due in planned)}


def _days(agreed_on: date, context: Context) -> list[tuple[FollowUpKind, date]]:
    kind = "school" if context is Context.SCHOOL else "office"
    planned = [
        (FollowUpKind.SIX_WEEKS, calendar.follow_up_date(agreed_on, days=42, kind=kind)),
        (FollowUpKind.THREE_MONTHS, calendar.follow_up_date(agreed_on, months=3, kind=kind)),
    ]
    if context is Context.SCHOOL:
        first = calendar.follow_up_date(agreed_on, days=14, kind=kind)
        planned.insert(0, (FollowUpKind.TWO_WEEKS, first))
    return planned

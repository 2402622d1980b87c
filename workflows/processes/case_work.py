"""Service tasks about the case as a whole: duplicates, responsibility, protection, closing."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from engine import clock
from engine.handlers import ServiceCall
from engine.unit_of_work import UnitOfWork
from workflows import audit, sealing
from workflows.calendar import ZONE
from workflows.cases import details, queries
from workflows.cases.errors import CaseUnknown
from workflows.cases.models import Case, Incident
from workflows.cases.protection import cancel_appointments, lock_mediation
from workflows.cases.values import AssignmentState, CaseState, Outcome
from workflows.notices import Notices

SAME_MATTER = timedelta(days=30)
MOST_DUPLICATES = 10
KEPT = timedelta(days=366)
KEPT_WITHOUT_WORK = timedelta(days=92)
_WITHOUT_WORK = frozenset({Outcome.REFERRED, Outcome.WITHDRAWN, Outcome.UNREACHABLE})


def case_of(uow: UnitOfWork, call: ServiceCall) -> Case:
    """Hold the case that the process works for, whatever its variables say; its instance is held."""
    case = queries.lock_case(uow.session, call.business_key) if call.business_key else None
    if case is None:
        raise CaseUnknown(call.business_key)
    return case


def find_duplicates(uow: UnitOfWork, call: ServiceCall) -> Mapping[str, Any]:
    case = case_of(uow, call)
    found = queries.similar_cases(uow.session, case, clock.now() - SAME_MATTER)
    still_open = [other for other in found if other.state is not CaseState.CLOSED]
    return {"duplicates": [str(other.id) for other in still_open[:MOST_DUPLICATES]]}


def link(uow: UnitOfWork, call: ServiceCall) -> None:
    """Move the reports to the other case and close this one as a duplicate."""
    mine, theirs = call.business_key, UUID(call.variables["link_to"])
    if mine is None or mine == theirs:
        raise CaseUnknown(mine)
    held = {case_id: queries.lock_case(uow.session, case_id) for case_id in sorted({mine, theirs})}
    case, other = held[mine], held[theirs]
    if case is None or other is None:
        raise CaseUnknown(theirs)
    if case.state is CaseState.CLOSED:
        return
    for incident in queries.incidents(uow.session, case.id):
        _move(uow, incident, case, other)
    case.linked_to = other.id
    _close(uow, case, Outcome.DUPLICATE)
    audit.record(uow, None, case.id, "link", ["linked_to"])
    audit.record(uow, None, other.id, "link", ["incident"])


def _move(uow: UnitOfWork, incident: Incident, case: Case, other: Case) -> None:
    """Seal the report anew: every case opens with its own key alone."""
    place = (Incident.__tablename__, incident.id)
    told = details.unseal(uow.session, case.id, place, incident.details)
    key = sealing.key_of(uow.session, other.id)
    incident.case_id, incident.details = other.id, details.seal_with(key, place, told)


def lock(notices: Notices, uow: UnitOfWork, call: ServiceCall) -> None:
    case = case_of(uow, call)
    lock_mediation(uow, case)
    if case.state is not CaseState.PROTECTION:  # whoever pressed the button has called them already
        notices.safety_exit(uow, case)
    audit.record(uow, None, case.id, "lock_mediation", ["mediation_locked"])


def reroute(notices: Notices, uow: UnitOfWork, call: ServiceCall) -> None:
    case = case_of(uow, call)
    case.quarter_id = UUID(call.variables["quarter"])
    notices.case_rerouted(uow, case)
    audit.record(uow, None, case.id, "reroute", ["quarter_id"])


def notify_coordination(notices: Notices, uow: UnitOfWork, call: ServiceCall) -> None:
    notices.advice_needed(uow, case_of(uow, call))


def close(notices: Notices, uow: UnitOfWork, call: ServiceCall) -> None:
    case = case_of(uow, call)
    if case.state is CaseState.CLOSED:
        return
    stage = call.variables.get("glasl_end")
    case.glasl_end = int(stage) if stage is not None else None
    _close(uow, case, Outcome(call.variables["outcome"]))
    notices.case_closed(uow, case)
    audit.record(uow, None, case.id, "close_case", ["outcome", "state"])


def _close(uow: UnitOfWork, case: Case, outcome: Outcome) -> None:
    now = clock.now()
    case.close(outcome, now)
    case.offered_to = None
    if outcome is not Outcome.SAFETY_EXIT:
        case.safety_raised_by = None
    case.delete_after = _delete_after(now, outcome)
    cancel_appointments(uow, case)
    queries.withdraw_first_contact(uow.session, case.id)
    for assignment in queries.assignments(uow.session, case.id):
        if assignment.state in {AssignmentState.OFFERED, AssignmentState.ACCEPTED}:
            assignment.state = AssignmentState.CLOSED
            assignment.answered_at = assignment.answered_at or now


def _delete_after(closed_at: datetime, outcome: Outcome) -> date:
    period = KEPT_WITHOUT_WORK if outcome in _WITHOUT_WORK else KEPT
    return closed_at.astimezone(ZONE).date() + period

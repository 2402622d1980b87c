"""Service tasks of the triage: what was found goes into the shell of the case."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from engine import clock
from engine.database import new_id
from engine.handlers import ServiceCall
from engine.unit_of_work import UnitOfWork
from workflows import calendar, sealing
from workflows.calendar import ZONE
from workflows.cases import details, queries
from workflows.cases.models import Case, Incident, RiskFlag
from workflows.cases.records import Deadline
from workflows.cases.values import (
    Calendar,
    CaseState,
    Context,
    DeadlineState,
    Priority,
    RiskKind,
    Route,
)
from workflows.processes.case_work import case_of

REPEATED_WITHIN = timedelta(days=365)
REVIEWED_WITHIN = timedelta(days=30)


def count_repeats(uow: UnitOfWork, call: ServiceCall) -> Mapping[str, Any]:
    """Count earlier cases of the same type at the same place.

    A quarter alone says too little: three quarrels about noise a year are no repetition.
    """
    case = case_of(uow, call)
    places = _places(uow, case)
    since = case.received_at - REPEATED_WITHIN
    earlier = queries.similar_cases(uow.session, case, since) if places else ()
    again = [other for other in earlier if other.received_at <= case.received_at]
    return {"repeats_12m": Decimal(sum(bool(places & _places(uow, other)) for other in again))}


def _places(uow: UnitOfWork, case: Case) -> set[str]:
    key = sealing.key_of(uow.session, case.id)
    told = (
        details.unseal_with(key, (Incident.__tablename__, row.id), row.details)
        for row in queries.incidents(uow.session, case.id)
    )
    return {" ".join(each.get("place", "").casefold().split()) for each in told} - {""}


def record(uow: UnitOfWork, call: ServiceCall) -> None:
    """Write risk flags, and unless safety cut the triage short, its result.

    A case that comes back from protection is open to its people again; the lock stays.
    """
    case, found = case_of(uow, call), call.variables
    _flag_risks(uow, case, found)
    if found.get("route") is None:
        return
    case.route = Route(found["route"])
    case.priority = Priority(found["priority"]) if found.get("priority") else case.priority
    if found.get("glasl_stage") is not None and case.glasl_start is None:
        case.glasl_start = int(found["glasl_stage"])
    case.safety_raised_by = None
    case.move(CaseState.TRIAGED)
    _set_first_contact(uow, case, found.get("first_contact_days"))


def _flag_risks(uow: UnitOfWork, case: Case, found: Mapping[str, Any]) -> None:
    today = clock.now().astimezone(ZONE).date()
    known = {flag.kind: flag for flag in queries.risks(uow.session, case.id)}
    for kind in RiskKind:
        if found.get(kind.value) in (None, False, "no"):
            continue
        flag = known.get(kind) or RiskFlag(case_id=case.id, kind=kind, set_at=clock.now())
        flag.review_by = today + REVIEWED_WITHIN
        uow.session.add(flag)


def _set_first_contact(uow: UnitOfWork, case: Case, days: Decimal | None) -> None:
    if days is None:
        return
    kind = Calendar.SCHOOL if case.context is Context.SCHOOL else Calendar.OFFICE
    due_at = calendar.next_due(case.received_at, int(days), kind.value)
    known = queries.deadlines(uow.session, case.id)
    deadline = next((row for row in known if row.kind == queries.FIRST_CONTACT), None)
    if deadline is None:
        deadline = Deadline(
            id=new_id(),
            case_id=case.id,
            kind=queries.FIRST_CONTACT,
            name="Erstkontakt",
            calendar=kind,
            state=DeadlineState.RUNNING,
        )
        uow.session.add(deadline)
    deadline.due_at = due_at

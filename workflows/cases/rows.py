"""Lines of the case list."""

from datetime import datetime

from workflows import access, cursors
from workflows.access import Action, Actor
from workflows.cases import queries
from workflows.cases.models import Case
from workflows.cases.values import CaseState, ConflictType
from workflows.cases.views import CasePage, CaseRow
from workflows.cases.visibility import reached_cases, unprotected
from workflows.people import directory
from workflows.people import queries as people
from workflows.reading import Reading

PAGE = 25
OPEN = frozenset(CaseState) - {CaseState.CLOSED}


def list_cases(
    reading: Reading,
    actor: Actor,
    *,
    states: frozenset[CaseState] = OPEN,
    conflict_type: ConflictType | None = None,
    after: str | None = None,
) -> CasePage:
    """List the cases whose shell the reader may see, newest first, 25 a page.

    Those under protection show their number and state alone.
    """
    session = reading.session
    where = [reached_cases(actor), Case.state.in_(states)]
    if conflict_type is not None:  # asking by type must not tell that of a protected case
        where += [unprotected(actor), Case.conflict_type == conflict_type]
    found = queries.page_of_cases(session, where, cursors.read(after) if after else None, PAGE + 1)
    cases = found[:PAGE]
    quarters = directory.quarters(session)
    names = people.names(session, {case.mediator_id for case in cases if case.mediator_id})
    due = queries.next_due(session, [case.id for case in cases])
    rows = (
        case_row(
            case,
            quarters.get(case.quarter_id, ""),
            names.get(case.mediator_id) if case.mediator_id else None,
            due.get(case.id),
        )
        if access.may(actor, Action.READ_SHELL, case.scope)
        else masked_row(case)
        for case in cases
    )
    last = cases[-1] if len(found) > PAGE else None
    return CasePage(tuple(rows), cursors.write(last.opened_at, last.id) if last else None)


def case_row(case: Case, quarter: str, mediator: str | None, next_due: datetime | None) -> CaseRow:
    return CaseRow(
        id=case.id,
        number=case.number,
        state=case.state,
        context=case.context,
        conflict_type=case.conflict_type,
        quarter=quarter,
        priority=case.priority,
        route=case.route,
        received_at=case.received_at,
        mediator=mediator,
        next_due=next_due,
    )


def masked_row(case: Case) -> CaseRow:
    """Say of a protected case that it exists and is under protection, no more."""
    return CaseRow(
        id=case.id,
        number=case.number,
        state=CaseState.PROTECTION,
        context=None,
        conflict_type=None,
        quarter="",
        priority=None,
        route=None,
        received_at=None,
        mediator=None,
        next_due=None,
    )

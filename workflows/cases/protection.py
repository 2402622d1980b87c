"""A case under protection: no mediation, no appointments, few eyes."""

from uuid import UUID

from engine.unit_of_work import UnitOfWork
from workflows.cases import queries
from workflows.cases.models import Case
from workflows.cases.values import AppointmentState, CaseState


def protect(uow: UnitOfWork, case: Case, raised_by: UUID) -> None:
    """Hide a case from everybody but whoever raised the alarm and the coordination, and lock it."""
    case.move(CaseState.PROTECTION)
    case.safety_raised_by = raised_by
    lock_mediation(uow, case)


def lock_mediation(uow: UnitOfWork, case: Case) -> None:
    """Nobody mediates here until the coordination lifts the lock; what was planned is cancelled."""
    case.mediation_locked = True
    cancel_appointments(uow, case)


def cancel_appointments(uow: UnitOfWork, case: Case) -> None:
    for appointment in queries.planned_appointments(uow.session, case.id):
        appointment.state = AppointmentState.CANCELLED

"""The safety button: what brings the parties together stops, and the coordination is called."""

from datetime import timedelta
from uuid import UUID

from engine import messages
from engine.unit_of_work import UnitOfWork
from workflows import audit
from workflows.access import Action, Actor
from workflows.cases.operations import hold_case
from workflows.cases.protection import protect
from workflows.cases.values import CaseState
from workflows.notices import Notices

WAITS = timedelta(days=366)
"""So long the process may take to come to where it hears of it."""


def leave_for_safety(
    uow: UnitOfWork, actor: Actor, case_id: UUID, command_id: str | None, notices: Notices
) -> None:
    """Lock mediation, hide the case, cancel appointments, call the coordination, tell the process.

    Works in every open case and for everyone who may read its shell; never asks back. Pressing
    again changes nothing.
    """
    case = hold_case(uow, actor, Action.TRIGGER_SAFETY_EXIT, case_id)

    def press() -> str:
        protect(uow, case, actor.person_id)
        notices.safety_exit(uow, case)
        audit.record(uow, actor.person_id, case.id, "safety_exit", ["mediation_locked"])
        messages.publish(uow, "safety_exit", str(case.id), ttl=WAITS)
        return ""

    if case.state is not CaseState.PROTECTION:
        uow.once(command_id and f"safety:{case.id}:{command_id}", press)

"""What no form can decide: a case under lock is not mediated, whatever was sent."""

from collections.abc import Mapping
from typing import Any

from workflows.cases.models import Case
from workflows.inbox.errors import MediationNotPossible

MEDIATING = {
    "route": frozenset({"clarification", "clarification_with_institution", "shuttle", "mediation"}),
    "next_step": frozenset({"mediation"}),
    "approval": frozenset({"approved"}),
}
"""Answers that lead to a talk between the parties."""


def require_possible(case: Case | None, answers: Mapping[str, Any]) -> None:
    if case is None or not case.mediation_locked:
        return
    for field, refused in MEDIATING.items():
        if answers.get(field) in refused:
            raise MediationNotPossible(field)
    if answers.get("appointment_at") is not None:
        raise MediationNotPossible("appointment_at")

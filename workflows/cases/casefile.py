"""A case opened: everything of it that the reader may see."""

from uuid import UUID

from engine.unit_of_work import UnitOfWork

from workflows.access import Actor
from workflows.cases.values import CaseState, ConflictType
from workflows.cases.views import CaseFile, CasePage


def open_case(uow: UnitOfWork, actor: Actor, case_id: UUID) -> CaseFile:
    """Unknown to those who may not read the shell."""
    raise NotImplementedError


def list_cases(
    uow: UnitOfWork,
    actor: Actor,
    *,
    states: frozenset[CaseState] = frozenset(CaseState) - {CaseState.CLOSED},
    conflict_type: ConflictType | None = None,
    after: str | None = None,
) -> CasePage:
    """The cases whose shell the reader may see, newest first, 25 a page."""
    raise NotImplementedError

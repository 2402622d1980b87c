"""More time for a task."""

from datetime import datetime, timedelta
from uuid import UUID

from bpmn.wording import say
from engine import clock, tasks
from engine.models import TaskState
from engine.unit_of_work import UnitOfWork
from workflows import audit, calendar, deadlines
from workflows.access import Action, Actor, Role
from workflows.cases import details, queries
from workflows.cases.errors import ExtensionRefused, NothingEntered, RecordUnknown
from workflows.cases.operations import hold_case
from workflows.cases.records import Deadline

MOST_DAYS = 5
FARTHEST = timedelta(days=366)


def extend_deadline(
    uow: UnitOfWork, actor: Actor, task_id: UUID, due_at: datetime, reason: str
) -> None:
    """Give a task more time: others once and up to 5 working days, the coordination freely."""
    task = tasks.lock(uow, task_id)  # before the case, as when a task is completed
    deadline = queries.deadline_of(uow.session, task_id)
    if deadline is None or deadline.case_id is None:
        raise RecordUnknown
    case = hold_case(uow, actor, Action.EXTEND_DEADLINE, deadline.case_id)
    if task.state is not TaskState.OPEN:
        raise ExtensionRefused(say("This task is done already."))
    if not reason.strip():
        raise NothingEntered("reason")
    if due_at <= max(deadline.due_at, clock.now()):
        raise ExtensionRefused(say("The new date must be later than the old one."))
    if due_at > clock.now() + FARTHEST:
        raise ExtensionRefused(say("The new date lies more than a year ahead."))
    if not actor.has(Role.COORDINATION):
        _require_small(deadline, due_at)
    place = (Deadline.__tablename__, deadline.id)
    deadline.details = details.seal(uow.session, case.id, place, {"reason": reason.strip()})
    deadline.extended_by = actor.person_id
    deadlines.move(uow, deadline, due_at)
    audit.record(uow, actor.person_id, case.id, "extend_deadline", ["due_at"])


def _require_small(deadline: Deadline, due_at: datetime) -> None:
    if deadline.extended_by is not None:
        raise ExtensionRefused(
            say("This deadline was extended before. Please ask the coordination.")
        )
    latest = calendar.next_due(deadline.due_at, MOST_DAYS, deadline.calendar.value)
    if due_at > latest:
        raise ExtensionRefused(
            say(
                "At most %(days)s working days are possible. Please ask the coordination.",
                days=MOST_DAYS,
            )
        )

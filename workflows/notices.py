"""Who hears about what: each fact names its letter and whom it goes to.

A letter says that something waits and where, never what it is about. Whoever has just done the
step before is not told of the next one, and the absent are spared while somebody else is there.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock
from engine.events import Event, FaultRaised
from engine.models import UserTask
from engine.unit_of_work import UnitOfWork
from notifications import in_app
from notifications.events import LetterReturned
from notifications.outbox import DELIVERY, Letter, enqueue
from workflows.access import PERMISSIONS, Action, Reach, Role
from workflows.calendar import ZONE
from workflows.cases.models import Case
from workflows.inbox import queries as tasks
from workflows.people import queries as people
from workflows.people.views import Addressee

_OFFER_FORM = "assignment_offer"
ONCE_IN = timedelta(days=1)
"""Who has not read that something failed is told of it again after this time, not before."""


@dataclass(frozen=True, slots=True)
class Notices:
    """Writes letters whose links start with this installation's address."""

    link_base: str

    def task_opened(self, uow: UnitOfWork, task: UserTask, case: Case | None) -> None:
        template = "assignment_offered" if task.form == _OFFER_FORM else "task_opened"
        before = tasks.last_actor(uow.session, task.instance_id)
        self._write_about_task(uow, template, task, case, before)

    def task_due(self, uow: UnitOfWork, task: UserTask, case: Case | None) -> None:
        self._write_about_task(uow, "task_due", task, case)

    def task_overdue(self, uow: UnitOfWork, task: UserTask, case: Case | None) -> None:
        self._write_about_task(uow, "task_overdue", task, case)

    def assignment_answered(self, uow: UnitOfWork, case: Case) -> None:
        """Tell the quarter management that a mediator has answered, not how."""
        self._write_about_case(uow, "assignment_answered", case, _quarter_management)

    def case_rerouted(self, uow: UnitOfWork, case: Case) -> None:
        self._write_about_case(uow, "case_rerouted", case, _quarter_management)

    def case_closed(self, uow: UnitOfWork, case: Case) -> None:
        """Tell the mediators, whose part ends here."""
        self._write_about_case(uow, "case_closed", case, _mediators)

    def safety_exit(self, uow: UnitOfWork, case: Case) -> None:
        self._write_about_case(uow, "safety_exit", case, _coordination)

    def advice_needed(self, uow: UnitOfWork, case: Case) -> None:
        self._write_about_case(uow, "advice_needed", case, _coordination)

    def hear(self, uow: UnitOfWork, event: Event | LetterReturned) -> None:
        """Tell of what goes wrong; nothing of it is silent (a subscriber)."""
        match event:
            case FaultRaised():
                self._fault_raised(uow, event)
            case LetterReturned():
                readers = people.addressees(uow.session, Role.COORDINATION)
                self._tell(uow, "letter_returned", readers)

    def _fault_raised(self, uow: UnitOfWork, fault: FaultRaised) -> None:
        """Tell the administration once, however much fails before somebody reads it.

        That mails do not go out is told inside the system alone: a mail about it would fail too,
        and be told of by the next.
        """
        template = "letter_stuck" if fault.job_kind == DELIVERY else "fault_raised"
        readers = people.addressees(uow.session, Role.ADMINISTRATION)
        since = clock.now() - ONCE_IN
        told = in_app.not_yet_read_by(uow.session, template, since)
        new = [reader for reader in readers if reader.person_id not in told]
        if fault.job_kind == DELIVERY:
            _leave_notices(uow, template, new)
        else:
            self._tell(uow, template, new)

    def _write_about_task(
        self,
        uow: UnitOfWork,
        template: str,
        task: UserTask,
        case: Case | None,
        spared: UUID | None = None,
    ) -> None:
        readers = _workers(uow.session, task, case)
        readers = [reader for reader in readers if reader.person_id != spared]
        self._write(uow, template, f"/tasks/{task.id}", case, readers)

    def _write_about_case(
        self,
        uow: UnitOfWork,
        template: str,
        case: Case,
        who: Callable[[Session, Case], Sequence[Addressee]],
    ) -> None:
        path = f"/cases/{case.id}"
        readers = who(uow.session, case)
        self._write(uow, template, path, case, readers)
        for reader in readers:
            in_app.tell(uow, reader.person_id, template, path, case.number)

    def _write(
        self,
        uow: UnitOfWork,
        template: str,
        path: str,
        case: Case | None,
        readers: Iterable[Addressee],
    ) -> None:
        facts = {"link": f"{self.link_base}{path}", "case_number": case.number if case else ""}
        for reader in _present(uow.session, list(readers)):
            enqueue(uow, Letter(reader.email, template, reader.language, facts))

    def _tell(self, uow: UnitOfWork, template: str, readers: Sequence[Addressee]) -> None:
        _leave_notices(uow, template, readers)
        facts = {"link": f"{self.link_base}/", "case_number": ""}
        for reader in readers:
            enqueue(uow, Letter(reader.email, template, reader.language, facts))


def _leave_notices(uow: UnitOfWork, template: str, readers: Iterable[Addressee]) -> None:
    for reader in readers:
        in_app.tell(uow, reader.person_id, template, "/")


def _workers(session: Session, task: UserTask, case: Case | None) -> list[Addressee]:
    """Whoever has the task, or else everybody who may take it."""
    if task.assignee is not None:
        found = people.addressee(session, UUID(task.assignee))
        return [found] if found and _may_know(session, found, case) else []
    able: dict[UUID, Addressee] = {}
    names = [candidate.name for candidate in tasks.candidates(session, [task.id])[task.id]]
    if case is not None and case.safety_raised_by is not None:
        names.append(Role.COORDINATION)
    for name in names:
        for reader in _holders(session, name, case):
            able[reader.person_id] = reader
    return [reader for reader in able.values() if _may_know(session, reader, case)]


def _holders(session: Session, name: str, case: Case | None) -> Sequence[Addressee]:
    """Find the people behind a candidate: a person's id, or a role within its reach."""
    if name not in frozenset(Role):
        found = people.addressee(session, UUID(name))
        return [found] if found else []
    role = Role(name)
    reach = PERMISSIONS[Action.READ_SHELL].get(role, Reach.EVERYWHERE)
    if case is None or reach is Reach.EVERYWHERE:
        return people.addressees(session, role)
    if reach is Reach.ASKED:
        asked = {*case.scope.assigned, case.offered_to} - {None}
        those = (people.addressee(session, person) for person in asked if person)
        return [person for person in those if person]
    return people.addressees(session, role, case.quarter_id)


def _may_know(session: Session, reader: Addressee, case: Case | None) -> bool:
    """Of a case under protection only its raiser and the coordination hear."""
    if case is None or case.safety_raised_by in (None, reader.person_id):
        return True
    actor = people.actor(session, reader.person_id)
    return actor is not None and actor.has(Role.COORDINATION)


def _present(session: Session, readers: list[Addressee]) -> list[Addressee]:
    today = clock.now().astimezone(ZONE).date()
    present = [
        reader
        for reader in readers
        if not any(
            absence.first_day <= today <= absence.last_day
            for absence in people.absences_of(session, reader.person_id)
        )
    ]
    return present or readers


def _quarter_management(session: Session, case: Case) -> Sequence[Addressee]:
    return people.addressees(session, Role.QUARTER_MANAGEMENT, case.quarter_id)


def _mediators(session: Session, case: Case) -> Sequence[Addressee]:
    asked = [person for person in (case.mediator_id, case.tandem_id) if person]
    found = (people.addressee(session, person) for person in asked)
    return [person for person in found if person]


def _coordination(session: Session, _case: Case) -> Sequence[Addressee]:
    return people.addressees(session, Role.COORDINATION)

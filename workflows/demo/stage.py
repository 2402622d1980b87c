"""Plays a story: the same operations as in the pages, with the clock of this process moved back."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock, queries, work_queries
from engine.models import Lane
from engine.records import TaskRecord
from engine.unit_of_work import Transactions
from engine.worker import Worker
from workflows import calendar, inbox, people
from workflows.access import Actor
from workflows.calendar import ZONE
from workflows.cases.queries import parties
from workflows.cases.reporting import IncidentReport, report_incident
from workflows.people import directory

_OPENING = time(9, 30)
_PAUSE = timedelta(minutes=50)
_LONGEST_WAIT = 400
"""Due instants that are waited for before a step is given up."""


class StoryStuckError(RuntimeError):
    """The diagrams do not lead to the task that a story expects."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What the answers of a story may refer to."""

    now: datetime
    parties: tuple[str, ...]
    people: Mapping[str, str]
    places: Mapping[str, str]
    quarters: Mapping[str, str]
    organisations: Mapping[str, str]

    def afternoon(self, working_days: int) -> datetime:
        """16:00 on an open day to come."""
        day = calendar.add_working_days(self.now, working_days)
        return datetime.combine(day, time(16), ZONE)


Answers = Callable[[Scene], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Step:
    """Somebody fills in a form as soon as its task is there."""

    who: str
    form: str
    answers: Answers


@dataclass(frozen=True, slots=True)
class Story:
    name: str
    days_ago: int
    """Working days between the report and today."""
    who: str
    report: Callable[[Mapping[str, UUID]], IncidentReport]
    steps: tuple[Step, ...] = ()


class Stage:
    """Where stories are played, one after the other."""

    def __init__(self, transactions: Transactions, worker: Worker) -> None:
        self._transactions = transactions
        self._worker = worker
        self._base = clock.offset()

    def play(self, story: Story) -> None:
        """Play a story up to its last step; one that was begun before is left as it is."""
        with self._moved():
            self._move_to(self._beginning(story))
            case_id = self._report(story)
            for number, step in enumerate(story.steps if case_id else ()):
                task = self._await_task(story, case_id, step)
                self._move_to(clock.now() + _PAUSE)
                self._complete(task, step, f"demo:{story.name}:{number}")

    def catch_up(self) -> None:
        """Do what has become due in the meantime."""
        self._worker.run_due()

    def _report(self, story: Story) -> UUID | None:
        """Open the case; None when this story has been told before."""
        fresh: list[UUID] = []

        def tell() -> str:
            quarters = {name: key for key, name in directory.quarters(uow.session).items()}
            report = story.report(quarters)
            fresh.append(
                report_incident(uow, self._actor(uow.session, story.who), report, None).case_id
            )
            return str(fresh[0])

        with self._transactions.begin() as uow:
            uow.once(f"demo:{story.name}", tell)
        return fresh[0] if fresh else None

    def _await_task(self, story: Story, case_id: UUID | None, step: Step) -> TaskRecord:
        """Let the time pass until the task is there, but never beyond the present."""
        present = clock.now() - clock.offset() + self._base
        for _ in range(_LONGEST_WAIT):
            self._worker.run_due()
            with self._transactions.reading() as session:
                tasks = queries.open_tasks_of(session, case_id) if case_id else []
                due = [work_queries.next_due(session, lane) for lane in Lane]
            for task in tasks:
                if task.form == step.form:
                    return task
            instant = min((each for each in due if each is not None), default=None)
            if instant is None or instant > present:
                break
            self._move_to(instant)
        raise StoryStuckError(f"{story.name}: no task {step.form}")

    def _complete(self, task: TaskRecord, step: Step, command_id: str) -> None:
        with self._transactions.begin() as uow:
            actor = self._actor(uow.session, step.who)
            answers = step.answers(self._scene(uow.session, task))
            if task.assignee is None:
                inbox.claim(uow, actor, task.id)
            inbox.complete(uow, actor, task.id, answers, command_id)

    def _scene(self, session: Session, task: TaskRecord) -> Scene:
        case_id = task.business_key
        return Scene(
            now=clock.now(),
            parties=tuple(str(each.id) for each in parties(session, case_id)) if case_id else (),
            people={view.name: str(view.id) for view in people.people(session)},
            places={name: str(key) for key, name in directory.places(session).items()},
            quarters={name: str(key) for key, name in directory.quarters(session).items()},
            organisations={view.name: str(view.id) for view in directory.organisations(session)},
        )

    def _actor(self, session: Session, name: str) -> Actor:
        person_id = next(view.id for view in people.people(session) if view.name == name)
        actor = people.actor(session, person_id)
        if actor is None:
            raise StoryStuckError(name)
        return actor

    def _beginning(self, story: Story) -> datetime:
        if story.days_ago == 0:
            return clock.now() - _PAUSE
        day = calendar.add_working_days(clock.now(), -story.days_ago)
        return datetime.combine(day, _OPENING, ZONE)

    def _move_to(self, instant: datetime) -> None:
        clock.follow(clock.offset() + (instant - clock.now()))

    @contextmanager
    def _moved(self) -> Iterator[None]:
        try:
            yield
        finally:
            clock.follow(self._base)

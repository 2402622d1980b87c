"""A whole office in this process: people act through the doors that the pages use, time is moved.

The clock stands still. `office.until("2027-05-07 08:00")` lets everything happen that is due on
the way, in order, and stops there. Names of people and quarters are those of the demo's cast.
"""

from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes, policy
from uuid import UUID

import pytest
import time_machine

from engine import fault_queries, queries, work_queries
from engine.models import Lane
from tests.postbox import receiving
from workflows import application, founding, inbox, people
from workflows.calendar import ZONE
from workflows.cases.casefile import open_case
from workflows.cases.reporting import IncidentReport, PartySketch, report_incident
from workflows.cases.values import Channel, ConflictType
from workflows.demo import cast
from workflows.inbox.views import Shelf
from workflows.people import accounts, directory
from workflows.settings import Settings

VERA = "Vera Nordmann"
"""Quarter management of Nordwinkel and Lindenhöhe."""
ELENA = "Elena Dimova"
"""Mediator in every quarter, speaks Bulgarian."""
NADIYA = "Nadiya Kovalenko"
"""Mediator in every quarter, speaks Ukrainian and Russian."""
KATRIN = "Katrin Sommer"
"""Coordination."""


@dataclass(frozen=True)
class CaseHandle:
    """A case as a test speaks of it."""

    id: UUID
    number: str


class Office:
    def __init__(self, app, traveller, postbox):
        self.app = app
        self.worker = app.worker()
        self.mails = postbox
        self._traveller = traveller

    @property
    def now(self):
        return datetime.now(ZONE)

    def until(self, local):
        """Move the clock to a local time, doing on the way whatever becomes due."""
        target = datetime.fromisoformat(local).replace(tzinfo=ZONE)
        assert target >= self.now, f"time runs forwards: {target} is past"
        self.worker.run_due()
        while (due := self._next_due()) is not None and due <= target:
            self._traveller.move_to(max(due, self.now))
            self.worker.run_due()
        self._traveller.move_to(target)
        self.worker.run_due()

    def wait(self, **span):
        self.until((self.now + timedelta(**span)).replace(tzinfo=None).isoformat())

    def _next_due(self):
        with self.app.transactions.reading() as session:
            due = [work_queries.next_due(session, lane) for lane in Lane]
        return min((at for at in due if at is not None), default=None)

    def person(self, name):
        return Person(self, name)

    def report(self, by=VERA, quarter="Nordwinkel", kind=ConflictType.NOISE, parties=(), **told):
        """File an incident at the counter; parties are (name, language, oral only)."""
        with self.app.transactions.begin() as uow:
            quarters = {name: key for key, name in directory.quarters(uow.session).items()}
            report = IncidentReport(
                conflict_type=kind,
                quarter_id=quarters[quarter],
                text=told.pop("text", "Streit um Lärm nach 22 Uhr."),
                channel=Channel.IN_PERSON,
                parties=tuple(
                    PartySketch(name=name, language=language, oral_only=oral)
                    for name, language, oral in parties
                ),
                **told,
            )
            opened = report_incident(uow, self.actor(uow.session, by), report, None)
        self.worker.run_due()
        return CaseHandle(opened.case_id, opened.number)

    def actor(self, session, name):
        found = next(view.id for view in people.people(session) if view.name == name)
        return people.actor(session, found)

    def open_tasks(self, case):
        """Name every open task of a case, whoever does it, with its due time on the wall."""
        with self.app.transactions.reading() as session:
            return {
                task.name: task.due_at.astimezone(ZONE) if task.due_at else None
                for task in queries.open_tasks_of(session, case.id)
            }

    def task(self, case, name):
        with self.app.transactions.reading() as session:
            found = [t for t in queries.open_tasks_of(session, case.id) if t.name == name]
        assert found, f"“{name}” is not open, but {list(self.open_tasks(case))}"
        return found[0]

    @contextmanager
    def looking(self):
        with self.app.transactions.begin() as uow:
            yield uow

    def shell(self, case, by=KATRIN):
        return self.person(by).file(case).shell

    def faults(self):
        with self.app.transactions.reading() as session:
            return fault_queries.open_faults(session)

    def places(self):
        with self.app.transactions.reading() as session:
            return {name: str(key) for key, name in directory.places(session).items()}

    def organisations(self):
        with self.app.transactions.reading() as session:
            return {view.name: str(view.id) for view in directory.organisations(session)}

    def letters(self):
        """Return the mails that arrived: (recipient, subject, local time of arrival)."""
        return [
            Mail(recipients[0], message_from_bytes(content, policy=policy.default))
            for recipients, content in self.mails.mails
        ]


@dataclass(frozen=True)
class Mail:
    to: str
    message: object

    @property
    def subject(self):
        return self.message["Subject"]

    @property
    def text(self):
        return self.message.get_body(("plain",)).get_content()


class Person:
    """Somebody of the cast, doing what the pages let her do."""

    def __init__(self, office, name):
        self._office = office
        self.name = name

    @contextmanager
    def _acting(self):
        with self._office.app.transactions.begin() as uow:
            yield uow, self._office.actor(uow.session, self.name)

    @property
    def id(self):
        with self._acting() as (_uow, actor):
            return str(actor.person_id)

    def tasks(self, shelf=Shelf.GROUP):
        with self._acting() as (uow, actor):
            return [row.name for row in inbox.list_tasks(uow, actor, shelf).rows]

    def file(self, case):
        with self._acting() as (uow, actor):
            return open_case(uow, actor, case.id)

    def opens(self, case, name):
        task = self._office.task(case, name)
        with self._acting() as (uow, actor):
            return inbox.open_task(uow, actor, task.id)

    def claims(self, case, name):
        task = self._office.task(case, name)
        with self._acting() as (uow, actor):
            inbox.claim(uow, actor, task.id)

    def does(self, case, name, command_id=None, **answers):
        """Complete a task; `note__text` stands for the key `note.text`."""
        task = self._office.task(case, name)
        told = {key.replace("__", "."): value for key, value in answers.items()}
        self.sends(task.id, told, command_id)

    def sends(self, task_id, answers, command_id=None):
        with self._acting() as (uow, actor):
            inbox.complete(uow, actor, task_id, answers, command_id)
        self._office.worker.run_due()


@pytest.fixture
def office_at(database_url, tmp_path, monkeypatch):
    """Return what opens an office at a local time; its end closes the office.

    `with office_at("2027-05-04 15:30") as office:` Nobody signs in there, so passwords are not hashed: that alone would take seconds.
    """
    monkeypatch.setattr(accounts, "hash_password", lambda _password: "")

    @contextmanager
    def opening(local):
        start = datetime.fromisoformat(local).replace(tzinfo=ZONE)
        with time_machine.travel(start, tick=False) as traveller, receiving() as postbox:
            settings = Settings(
                data_dir=tmp_path / "office",
                database_url=database_url,
                smtp_host="127.0.0.1",
                smtp_port=postbox.port,
            )
            app = application.build(settings)
            founding.prepare(app)
            with app.transactions.begin() as uow:
                town = cast.found_town(uow)
                for part in cast.CAST:
                    cast.hire(uow, town, part, "nobody-signs-in-here")
            try:
                yield Office(app, traveller, postbox)
            finally:
                app.close()

    return opening

"""A small office with the shipped processes: people, a worker, letters that are kept."""

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from uuid import UUID

from bpmn.definitions import load
from engine import deployments, migration_work, queries
from engine.definitions import Library
from engine.handlers import Handlers
from engine.unit_of_work import Transactions
from engine.worker import Worker
from notifications.delivery import delivery, giving_up
from notifications.outbox import DELIVERY
from workflows import deadlines, inbox, people, sealing
from workflows.access import CONSOLE, Actor, Role
from workflows.application import make_host
from workflows.cases import queries as case_queries
from workflows.cases.casefile import open_case
from workflows.cases.models import Case
from workflows.cases.reporting import IncidentReport, PartySketch, report_incident
from workflows.cases.values import ConflictType
from workflows.notices import Notices
from workflows.people import NewPerson, Skill
from workflows.people.models import OrganisationKind
from workflows.processes import catalog, handlers
from workflows.sealing import KeyEncryptionKey
from workflows.tending import migrations

LINK_BASE = "http://handschlag.example"


@dataclass
class Post:
    """A channel that keeps what was sent."""

    sent: list = field(default_factory=list)

    def send(self, parcel):
        self.sent.append(parcel)

    def to(self, name):
        return [parcel.subject for parcel in self.sent if parcel.to.startswith(name.lower())]

    def clear(self):
        self.sent.clear()


@cache
def _library():
    """The shipped files, read once for all tests."""
    host = make_host(Handlers(handlers.services(Notices(LINK_BASE)), {}))
    return Library(lambda bundle: load(bundle, host))


class Agency:
    def __init__(self, database):
        sealing.attach(database, KeyEncryptionKey(bytes(range(32))))
        self.post = Post()
        notices = self.notices = Notices(LINK_BASE)
        self.handlers = Handlers(
            services=handlers.services(notices),
            jobs={
                DELIVERY: delivery(self.post, notices.hear),
                deadlines.WATCH: deadlines.Watch(notices).take_step,
                deadlines.CLOSED: deadlines.end_watch,
                migration_work.MIGRATION: migration_work.take_step,
            },
        )
        subscribers = (
            deadlines.watch_tasks,
            notices.hear,
            migrations.write_down,
            giving_up(notices.hear),
        )
        self.transactions = Transactions(database, _library(), subscribers)
        self.actors = {}
        with self.transactions.begin() as uow:
            deployments.publish(uow, catalog.shipped_bundle(), by="test")
            self.north = people.add_quarter(uow, CONSOLE, "Nordwinkel")
            self.south = people.add_quarter(uow, CONSOLE, "Südufer")
            uow.session.flush()
            self.place = people.add_place(uow, CONSOLE, "Treff", self.north)
            self.city = people.add_organisation(uow, CONSOLE, "Stadt", OrganisationKind.CITY)
            uow.session.flush()
        self.vera = self.hire("Vera", Role.QUARTER_MANAGEMENT, self.north)
        self.jonas = self.hire("Jonas", Role.QUARTER_MANAGEMENT, self.south)
        self.katrin = self.hire("Katrin", Role.COORDINATION)
        self.elena = self.hire("Elena", Role.CULTURAL_MEDIATOR, self.north, bg=3, de=3)
        self.soran = self.hire("Soran", Role.CULTURAL_MEDIATOR, self.south, ckb=3, de=3)

    def hire(self, name, role, *quarters, **languages):
        login = f"{name.lower()}@example.org"
        new = NewPerson(login, name, self.city, frozenset({role}), frozenset(quarters))
        with self.transactions.begin() as uow:
            person = people.add_person(uow, CONSOLE, new, "correct horse battery")
            if languages:
                skills = [Skill(tag, level, level, 3, 3) for tag, level in languages.items()]
                people.set_capacity(uow, CONSOLE, person, 3)
                people.set_languages(uow, CONSOLE, person, skills)
        actor = Actor(person, name, frozenset({role}), frozenset(quarters))
        self.actors[name] = actor
        return actor

    def work(self):
        Worker(self.transactions, self.handlers).run_due()

    def report(self, actor=None, command=None, **said):
        given = {
            "conflict_type": ConflictType.NOISE,
            "quarter_id": self.north,
            "text": "Es ist nachts zu laut.",
            "place": "Musterweg 3",
            "parties": (
                PartySketch(name="Mira Musterova", language="bg", oral_only=True),
                PartySketch(name="Otto Beispiel", language="de"),
            ),
        } | said
        with self.transactions.begin() as uow:
            reported = report_incident(uow, actor or self.vera, IncidentReport(**given), command)
        self.work()
        return reported

    def tasks(self, actor, shelf):
        with self.transactions.begin() as uow:
            return inbox.list_tasks(uow, actor, shelf)

    def open_tasks(self, case_id):
        with self.transactions.begin() as uow:
            return queries.open_tasks_of(uow.connection, case_id)

    def task(self, case_id, form):
        found = [task for task in self.open_tasks(case_id) if task.form == form]
        assert found, f"no {form} among {[task.form for task in self.open_tasks(case_id)]}"
        return found[0]

    def do(self, actor, case_id, form, answers, command=None):
        task = self.task(case_id, form)
        with self.transactions.begin() as uow:
            done = inbox.complete(uow, actor, task.id, answers, command)
        self.work()
        return done

    def file(self, actor, case_id):
        with self.transactions.begin() as uow:
            return open_case(uow, actor, case_id)

    def case(self, case_id) -> Case:
        with self.transactions.begin() as uow:
            case = case_queries.find_case(uow.session, case_id)
            uow.session.expunge(case)
            return case

    def party_ids(self, case_id) -> list[UUID]:
        with self.transactions.begin() as uow:
            return [party.id for party in case_queries.parties(uow.session, case_id)]

    def triage(self, case_id, **differing):
        """Bring a case from its report to the chosen way."""
        self.do(self.vera, case_id, "report_review", self.review())
        self.do(self.vera, case_id, "triage_safety", SAFE | differing.pop("safety", {}))
        self.do(self.vera, case_id, "triage_assessment", ASSESSED | differing.pop("assessed", {}))
        self.do(self.vera, case_id, "triage_route", {"route": "clarification"} | differing)

    def review(self, **differing):
        return {
            "context": "neighbourhood",
            "quarter": str(self.north),
            "jurisdiction": "yes",
            "incident.summary": "Lärm in der Nacht",
        } | differing

    def assign(self, case_id, mediator=None):
        mediator = mediator or self.elena
        self.do(self.vera, case_id, "assign_mediator", {"mediator": str(mediator.person_id)})
        self.do(mediator, case_id, "assignment_offer", {"assignment_answer": "accept"})


SAFE = {
    "acute_danger": False,
    "weapon": False,
    "child_welfare": "no",
    "domestic_violence": False,
    "specific_threat": False,
    "self_harm_risk": False,
    "hate_crime_suspected": False,
}
ASSESSED = {
    "glasl_observations": [2, 3],
    "glasl_stage": 3,
    "constellation": "two",
    "power_gap": False,
    "minors_involved": False,
    "oral_only": True,
    "party.a_languages": ["bg"],
    "party.b_languages": ["de"],
}


def day(text: str) -> date:
    return date.fromisoformat(text)

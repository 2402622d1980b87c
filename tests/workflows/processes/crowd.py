"""A crowd of cases of the shipped processes in every state, and the next version of the diagrams."""

import re
from dataclasses import replace
from uuid import UUID

from sqlalchemy import insert, select

from bpmn.bundle import Bundle
from bpmn.errors import Invalid
from bpmn.wording import say
from engine import clock, fault_queries, instances, messages, steps, suspending, tasks
from engine.database import new_id, table_of
from engine.handlers import Handlers
from engine.worker import Worker
from tests.engine.town import Town
from tests.workflows.processes.driving import ANSWERS, HANDLERS, HOST, bundle, definitions
from tests.workflows.processes.wandering import Wanderer
from workflows.inbox.models import TaskDraft

PERSON = UUID(int=7)
TURNS = 40
"""A case takes so many steps at most."""
FAILING = ("mediator.suggest", "triage.count_repeats", "case.lock_mediation", "appointment.invite")
ANEW = "mediator.suggest_anew"
EARLY = """<bpmn:boundaryEvent id="hurry" name="Eile" cancelActivity="false" attachedToRef="assess">
 <bpmn:outgoing>hurry_to_hurried</bpmn:outgoing>
 <bpmn:timerEventDefinition id="hurry_definition">
  <bpmn:timeDuration xsi:type="bpmn:tFormalExpression">P1D</bpmn:timeDuration>
 </bpmn:timerEventDefinition>
</bpmn:boundaryEvent>
<bpmn:endEvent id="hurried" name="Eilig"><bpmn:incoming>hurry_to_hurried</bpmn:incoming></bpmn:endEvent>
<bpmn:sequenceFlow id="hurry_to_hurried" sourceRef="hurry" targetRef="hurried" />
<bpmn:userTask id="assess" """


def next_version():
    """Draw what a city might change: some cases can follow, some cannot, most notice something."""
    drawn = {name: content.decode() for name, content in bundle().files.items()}
    work, triage, closing = "neighbourhood_conflict.bpmn", "triage.bpmn", "closing.bpmn"
    for name, changes in {
        work: [
            ('name="Meldung prüfen"', 'name="Meldung lesen"'),
            ('name="Auftrag"', 'name="Anfrage"'),
            ('duration("P90D")', 'duration("P80D")'),
            ('type="mediator.suggest"', f'type="{ANEW}"'),
            ('isSequential="true">', ">"),
        ],
        triage: [
            ('next due(now(), 1, "office")', 'next due(now(), 2, "office")'),
            ('<bpmn:userTask id="assess" ', EARLY),
        ],
        closing: [
            ('name="follow_up_now"', 'name="follow_up_soon"'),
            ('name="Abschluss"', 'name="Bericht"'),
        ],
    }.items():
        for old, new in changes:
            assert old in drawn[name], old
            drawn[name] = drawn[name].replace(old, new)
    for name, old, new in (
        (work, "assign", "assign_person"),
        (work, "answer_offer", "answer_request"),
        (closing, "close_report", "write_report"),
    ):
        drawn[name] = re.sub(f'(["/>]){old}(["<])', rf"\g<1>{new}\g<2>", drawn[name])
    return Bundle({name: content.encode() for name, content in drawn.items()})


class Crowd(Town):
    def __init__(self, database, dice):
        super().__init__(database, replace(HOST, handlers=HANDLERS | {ANEW}, now=clock.now))
        self._dice = dice
        self._wanderer = Wanderer(dice, definitions(), clock.now)
        self.suspended = 0

    def gather(self, count):
        """Start cases and let each go some way; operators and people had their hands on some."""
        begun = self._alive(count // 2)
        self._work()
        begun += self._alive(count - len(begun))
        for instance_id in begun:
            self._touch(instance_id)
        for instance_id in begun[3::10]:
            self._suspend(instance_id)
        return begun

    def _alive(self, count):
        """Start cases until so many have not come to their end on their way."""
        found = []
        while len(found) < count:
            instance_id = self._begin()
            if self.portrait(instance_id)[0][2] == "active":
                found.append(instance_id)
        return found

    def let_some_end(self, begun):
        """Cancel a few: a dry run may well meet what has ended since it was listed."""
        for instance_id in begun[::20]:
            with self.transactions.begin() as uow:
                if steps.lock(uow, instance_id).state == "active":
                    steps.cancel(uow, instance_id)

    @property
    def faults(self):
        with self.transactions.reading() as session:
            return len(fault_queries.open_faults(session))

    def drafts(self):
        with self.transactions.reading() as session:
            return set(session.execute(select(TaskDraft.task_id, TaskDraft.details)).all())

    def _begin(self):
        case = new_id()
        given = {
            "case_id": str(case),
            "context": "neighbourhood",
            "conflict_type": "noise",
            "quarter": "q1",
            "received_at": clock.now(),
        }
        with self.transactions.begin() as uow:
            instance_id = instances.start(uow, "neighbourhood_conflict", given, case).id
        turns = self._dice.randrange(TURNS)
        self.step(instance_id, lambda run: self._wanderer.go(run, turns))
        return instance_id

    def _work(self):
        """Have a worker do what is due; some services always fail."""

        def fail(*_):
            raise Invalid(say("Wrong."))

        services = {kind: lambda *_, kind=kind: ANSWERS.get(kind, {}) for kind in HANDLERS}
        services |= dict.fromkeys(FAILING, fail)
        Worker(self.transactions, Handlers(services, {})).run_due()

    def _suspend(self, instance_id):
        with self.transactions.begin() as uow:
            if steps.is_moving(steps.lock(uow, instance_id)):
                suspending.suspend(uow, instance_id)
                self.suspended += 1

    def _touch(self, instance_id):
        dice = self._dice
        for task in self.tasks(instance_id):
            with self.transactions.begin() as uow:
                if dice.random() < 0.3 and task.assignee is None:
                    tasks.claim(uow, task.id, str(PERSON))
                if dice.random() < 0.3:
                    row = {"task_id": task.id, "person_id": PERSON, "saved_at": clock.now()}
                    table = table_of(TaskDraft)
                    uow.connection.execute(insert(table), {**row, "details": task.id.bytes})
        if dice.random() < 0.1:
            with self.transactions.begin() as uow:
                messages.publish(uow, "follow_up_now", str(self.case_of(instance_id)))

"""A whole installation whose only process asks the same form again and again."""

import itertools
import os
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from bench.stage.databases import fresh_database
from bpmn.bundle import Bundle
from engine import deployments, queries
from workflows import application, founding, inbox, people
from workflows.access import CONSOLE, Actor, Role
from workflows.application import Application
from workflows.cases.reporting import IncidentReport, PartySketch, ReportedCase, report_incident
from workflows.cases.values import ConflictType
from workflows.people.models import OrganisationKind
from workflows.processes import catalog
from workflows.settings import Settings

LOGIN, PASSWORD = "vera@example.org", "correct horse battery"
LOOP = """\
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL"
    xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="bench" targetNamespace="bench">
  <bpmn:process id="neighbourhood_conflict" name="Probe" isExecutable="true">
    <bpmn:startEvent id="start"/>
    <bpmn:userTask id="review" name="Meldung sichten">
      <bpmn:extensionElements>
        <zeebe:userTask/>
        <zeebe:formDefinition formId="report_review"/>
        <zeebe:assignmentDefinition candidateGroups="role_qm"/>
        <zeebe:taskSchedule dueDate='=next due(now(), 3, "office")'/>
      </bpmn:extensionElements>
    </bpmn:userTask>
    <bpmn:boundaryEvent id="reminded" attachedToRef="review" cancelActivity="false">
      <bpmn:timerEventDefinition><bpmn:timeDuration>P30D</bpmn:timeDuration></bpmn:timerEventDefinition>
    </bpmn:boundaryEvent>
    <bpmn:endEvent id="reminder_sent"/>
    <bpmn:exclusiveGateway id="choice" default="choice_end"/>
    <bpmn:endEvent id="end"/>
    <bpmn:sequenceFlow id="start_review" sourceRef="start" targetRef="review"/>
    <bpmn:sequenceFlow id="reminded_sent" sourceRef="reminded" targetRef="reminder_sent"/>
    <bpmn:sequenceFlow id="review_choice" sourceRef="review" targetRef="choice"/>
    <bpmn:sequenceFlow id="choice_review" sourceRef="choice" targetRef="review">
      <bpmn:conditionExpression>=jurisdiction = "yes"</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="choice_end" sourceRef="choice" targetRef="end"/>
  </bpmn:process>
</bpmn:definitions>
"""


@dataclass
class Office:
    """Cases whose tasks are completed in turn, by one person."""

    app: Application
    actor: Actor
    quarter: UUID
    open: deque[UUID]
    completed: int = 0

    def __post_init__(self) -> None:
        self._commands = itertools.count(1)

    @property
    def answers(self) -> dict[str, str]:
        return {
            "context": "neighbourhood",
            "quarter": str(self.quarter),
            "jurisdiction": "yes",
            "incident.summary": "Lärm in der Nacht, mehrfach, auch am Wochenende",
        }

    def report(self) -> ReportedCase:
        """Open a case, as a person at the counter does."""
        told = IncidentReport(
            conflict_type=ConflictType.NOISE,
            quarter_id=self.quarter,
            text="Seit Wochen laute Musik nach 22 Uhr.",
            parties=(PartySketch(name="Mira Musterova", language="bg"), PartySketch(name="Otto")),
        )
        command = f"report-{next(self._commands)}"
        with self.app.transactions.begin() as uow:
            return report_incident(uow, self.actor, told, command)

    def prepare(self, cases: int) -> None:
        """Open cases; their tasks are appended to `open`."""
        for _ in range(cases):
            self.open.append(self.task_of(self.report().case_id))

    def task_of(self, case_id: UUID) -> UUID:
        with self.app.transactions.reading() as session:
            (task,) = queries.open_tasks_of(session, case_id)
            return task.id

    def complete(self) -> None:
        """Complete the task that has waited longest; the next one goes to the end of the row."""
        task_id, command = self.open.popleft(), f"complete-{next(self._commands)}"
        with self.app.transactions.begin() as uow:
            done = inbox.complete(uow, self.actor, task_id, self.answers, command)
        self.open.extend(row.id for row in done.next_tasks)
        self.completed += 1


@contextmanager
def open_office(kind: str) -> Iterator[Office]:
    """Found an office on a fresh database of this kind."""
    with (
        fresh_database(kind) as url,
        tempfile.TemporaryDirectory() as folder,
        office_on(url, Path(folder)) as office,
    ):
        yield office


@contextmanager
def office_on(url: str, folder: Path) -> Iterator[Office]:
    """Found an office on this empty database; its keys lie below `folder`."""
    app = application.build(Settings(data_dir=folder / "data", database_url=url))
    try:
        founding.prepare(app)
        yield Office(app, *_found(app), deque())
    finally:
        app.close()


def _found(app: Application) -> tuple[Actor, UUID]:
    files = {
        name: content
        for name, content in catalog.shipped_bundle().files.items()
        if not name.endswith(".bpmn")
    }
    with app.transactions.begin() as uow:
        deployments.publish(uow, Bundle({**files, "bench.bpmn": LOOP.encode()}), "bench")
        quarter = people.add_quarter(uow, CONSOLE, "Nordwinkel")
        city = people.add_organisation(uow, CONSOLE, "Stadt", OrganisationKind.CITY)
        uow.session.flush()
        roles = frozenset({Role.QUARTER_MANAGEMENT})
        new = people.NewPerson(LOGIN, "Vera Nordmann", city, roles, frozenset({quarter}))
        person = people.add_person(uow, CONSOLE, new, PASSWORD)
    return Actor(person, "Vera Nordmann", roles, frozenset({quarter})), quarter


def pin(core: int) -> None:
    """Stay on one core, where the system allows it."""
    if hasattr(os, "sched_setaffinity") and core in os.sched_getaffinity(0):
        os.sched_setaffinity(0, {core})

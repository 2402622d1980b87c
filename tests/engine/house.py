"""The whole engine with one real diagram, asked and answered by element ids."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.host import BERLIN, Host
from engine import clock, deployments, instances, queries, reconciling, tasks
from engine.definitions import Library
from engine.handlers import Handlers
from engine.models import Job
from engine.unit_of_work import Transactions
from engine.worker import Worker
from tests.bpmn.spiff.drawing import document, process

CASE = UUID("00000000-0000-7000-8000-00000000ca5e")
MORNING = datetime(2027, 3, 26, 9, 0, tzinfo=BERLIN)


class House:
    """An engine with one diagram, asked and answered by element ids."""

    def __init__(self, database, services):
        host = Host(now=clock.now, handlers=frozenset(services))
        self.transactions = Transactions(database, Library(lambda bundle: load(bundle, host)))
        self.worker = Worker(self.transactions, Handlers(services, {}))
        self.instance_id = None

    def start(self, *nodes, **variables):
        self.publish(document(process(*nodes)))
        self.begin(**variables)

    def publish(self, drawn):
        with self.transactions.begin() as uow:
            deployments.publish(uow, Bundle({"p.bpmn": drawn}), "somebody")

    def begin(self, **variables):
        with self.transactions.begin() as uow:
            instance = instances.start(uow, "p", {"case_id": str(CASE)} | variables, CASE)
            self.instance_id = instance.id

    def complete(self, element, **variables):
        with self.transactions.begin() as uow:
            open_tasks = queries.open_tasks_of(uow.connection, CASE)
            task_id = next(task.id for task in open_tasks if task.element == element)
            tasks.complete(uow, task_id, variables, "anna")

    @property
    def waits(self):
        with self.transactions.reading() as session:
            return sorted(task.element for task in queries.open_tasks_of(session, CASE))

    @property
    def due(self):
        with self.transactions.reading() as session:
            dues = session.scalars(select(Job.due_at).order_by(Job.due_at))
            return [due.astimezone(BERLIN).replace(tzinfo=None) for due in dues]

    @property
    def state(self):
        with self.transactions.reading() as session:
            return queries.instances_of(session, CASE)[0].state

    def differences(self):
        with self.transactions.begin() as uow:
            return reconciling.differences(uow, self.instance_id)

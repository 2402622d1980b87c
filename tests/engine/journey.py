"""One real diagram with every kind of wait, and short verbs for what moves it.

A report that is reminded of after three days, a count that a service does, a reply that comes as a
message, a review that a signal may recall. The second edition asks for a signature as well.
"""

from uuid import UUID

from sqlalchemy import func, select

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.host import Host
from engine import clock, deployments, instances, messages, queries, signals, tasks
from engine.definitions import Library
from engine.fault_table import Fault, FaultState
from engine.handlers import Handlers
from engine.models import Deployment, Instance, Job, Message, UserTask
from engine.unit_of_work import Transactions
from engine.worker import Worker
from tests.bpmn.spiff import drawing as d

RECALL = '<bpmn:signal id="recall" name="recall"/>'
SIGNAL = '<bpmn:signalEventDefinition signalRef="recall"/>'
QM = d.zeebe("assignmentDefinition", candidateGroups="role_qm")
ROUTE = "s>report>count>reply>review;overdue>remind>count;recalled>e2"


def edition(number, patience="P3D"):
    """Make the bundle of the first or the second edition; the report is reminded of in time."""
    ending = ("review>e",) if number == 1 else ("review>sign>e",)
    nodes = [
        d.start(),
        d.person("report", QM),
        d.boundary("overdue", "report", d.after(patience)),
        d.person("remind", QM),
        d.job("count", "count"),
        d.catch("reply", d.message()),
        d.person("review", QM),
        d.boundary("recalled", "review", SIGNAL),
        *([d.person("sign", QM)] if number == 2 else []),
        d.end(),
        d.end("e2"),
        d.flows(";".join([ROUTE, *ending])),
    ]
    return Bundle({"journey.bpmn": d.document(d.process(*nodes, name="journey"), RECALL)})


EDITIONS = {number: edition(number) for number in (1, 2)}


def open_transactions(database):
    """Open the engine on a database, as one process of its own would."""
    return Transactions(database, Library(lambda bundle: load(bundle, Host(now=clock.now))))


class Journey:
    """What people and the worker do to journeys; the key of a case is its message key as well."""

    def __init__(self, transactions, count=lambda _uow, _call: {}):
        self.transactions = transactions
        self.count = count

    def publish(self, number, uow):
        return deployments.publish(uow, EDITIONS[number], "somebody")

    def start(self, key, uow):
        return instances.start(uow, "journey", {"case_id": str(key)}, key).id

    def claim(self, task_id, by, uow):
        tasks.claim(uow, task_id, by)

    def release(self, task_id, by, uow):
        tasks.release(uow, task_id, by)

    def assign(self, task_id, by, uow):
        tasks.assign(uow, task_id, by)

    def complete(self, task_id, by, uow):
        tasks.complete(uow, task_id, {}, by)

    def cancel(self, instance_id, uow):
        instances.cancel(uow, instance_id)

    def message(self, key, uow):
        messages.publish(uow, "letter", str(key))

    def recall(self, uow):
        signals.send(uow, "recall")

    def worker(self):
        return Worker(self.transactions, Handlers({"count": self.count}, {}))

    def do(self, verb, *given):
        """Do one thing in a transaction of its own."""
        with self.transactions.begin() as uow:
            return getattr(self, verb)(*given, uow)


def instance_of(session, key: UUID):
    return session.scalars(select(Instance).where(Instance.business_key == key)).one_or_none()


def last_task(session, key: UUID):
    """Find the task of a case that was opened last, whatever became of it."""
    found = (
        select(UserTask)
        .join(Instance, Instance.id == UserTask.instance_id)
        .where(Instance.business_key == key)
        .order_by(UserTask.token.desc())
        .limit(1)
    )
    return session.scalars(found).one_or_none()


def picture(session, key: UUID):
    """Tell everything about a case that people and workers see, without ids and instants."""
    instance = instance_of(session, key)
    letters = select(func.count()).select_from(Message).where(Message.key == str(key))
    if instance is None:
        return {"letters": session.scalar(letters)}
    jobs = select(Job).where(Job.instance_id == instance.id, Job.token.is_not(None))
    faults = select(Fault).where(Fault.instance_id == instance.id, Fault.state == FaultState.OPEN)
    faults = faults.where(Fault.job_id.is_not(None))
    edition_of = select(Deployment.digest).where(Deployment.id == instance.deployment_id)
    return {
        "state": instance.state,
        "edition": edition_number(session.scalar(edition_of)),
        "tasks": {task.element: task.assignee for task in queries.open_tasks_of(session, key)},
        "jobs": sorted((job.kind, job.due_at is None) for job in session.scalars(jobs)),
        "faults": sorted(fault.error for fault in session.scalars(faults)),
        "letters": session.scalar(letters),
    }


def edition_number(digest):
    return next(number for number, bundle in EDITIONS.items() if bundle.digest == digest)

"""A trace in the engine: rows of a database, a worker, and a clock that is moved."""

from operator import itemgetter

from sqlalchemy import delete, select, update

from bpmn.spiff.run import ProcessRun
from engine import clock, deployments, instances, messages, queries, reconciling, signals, tasks
from engine.definitions import Library
from engine.errors import BpmnError
from engine.fault_table import Fault
from engine.handlers import Handlers
from engine.models import Instance, InstanceState, Job, Message, UserTask
from engine.stay_queries import stays_of
from engine.stay_table import Ended
from engine.unit_of_work import Transactions
from engine.worker import Worker
from tests.conformance.worlds import HANDLERS, NOON, PUBLISH, Refused, World, places_of, refusing


def passages(stays):
    """Tell of stays as the executor does: what was entered, decided, left and cancelled, in order."""
    told = []
    for stay in stays:
        told.append((stay.step, stay.position, "entered", stay.element))
        left = "left" if stay.ended in {Ended.COMPLETED, Ended.SKIPPED} else "cancelled"
        if stay.ended is not None:
            told += [
                (stay.left_step, stay.left_position, "decided", rule) for rule in stay.rules or ()
            ]
            told.append((stay.left_step, stay.left_position, left, stay.element))
    return [(passage, element) for *_, passage, element in sorted(told, key=itemgetter(0, 1))]


class NobodyYet(Exception):  # noqa: N818 - a fact, nothing went wrong
    """The outside world has not done this work yet."""


class Engine(World):
    """The engine with its rows, a worker and a clock that is moved."""

    def __init__(self, database, bundle, traveller):
        super().__init__(bundle)
        self.database, self.traveller = database, traveller
        self.answers = {}
        self.instances = []
        self.told = set()
        self.seen = {}
        traveller.move_to(NOON)
        with self.transactions.begin() as uow:
            self.deployment = deployments.publish(uow, bundle, "somebody")

    def now(self):
        return clock.now()

    @property
    def transactions(self):
        return Transactions(self.database, Library(lambda _bundle: self.definitions))

    def start(self, process=None, *, values):
        process = process or self.first_process()
        with refusing(), self.transactions.begin() as uow:
            instances.start(uow, process, values)
        self._work()

    def complete(self, element, number, values):
        place = self.find("tasks", element, number)
        with refusing(), self.transactions.begin() as uow:
            wanted = select(UserTask.id).where(
                UserTask.instance_id == self.instances[place.process],
                UserTask.token == place.token,
            )
            tasks.complete(uow, uow.connection.execute(wanted).scalar_one(), values, "anna")
        self._work()

    def job(self, element, number, values):
        self._answer(self.find("jobs", element, number), values)

    def fail(self, element, number, code):
        self._answer(self.find("jobs", element, number), BpmnError(code))

    def message(self, name, key, *, values):
        with self.transactions.begin() as uow:
            messages.publish(uow, name, key, values)
        self._work()

    def signal(self, name, *, values):
        with self.transactions.begin() as uow:
            signals.send(uow, name, variables=values)
        self._work()

    def wait(self, text):
        self.traveller.move_to(self.later(text))
        self._work()

    def cancel(self):
        with self.transactions.begin() as uow:
            for instance_id in self._known():
                if queries.lock_instance(uow.connection, instance_id).state == InstanceState.ACTIVE:
                    instances.cancel(uow, instance_id)

    def places(self):
        places = []
        for number, instance_id in enumerate(self._known()):
            with self.transactions.begin() as uow:
                assert reconciling.differences(uow, instance_id) == []
            if self._row(instance_id).state is InstanceState.ACTIVE:
                places += places_of(number, self._run(instance_id))
        return places

    def begun(self):
        return len(self._known())

    def ended(self):
        rows = [self._row(instance_id) for instance_id in self._known()]
        return [row.process for row in rows if row.state is not InstanceState.ACTIVE]

    def variables(self, process):
        rows = [self._row(instance_id) for instance_id in self._known()]
        return self._run(next(row.id for row in rows if process in (None, row.process))).variables

    def drain(self):
        passed = []
        for instance_id in self._known():
            with self.transactions.reading() as session:
                found = passages(stays_of(session, [instance_id])[instance_id])
            passed += found[self.seen.get(instance_id, 0) :]
            self.seen[instance_id] = len(found)
        return passed

    def clear(self):
        """Leave nothing to those who use the database next."""
        self.cancel()
        with self.transactions.begin() as uow:
            for table in (Message, Job, Fault):
                uow.connection.execute(delete(table))

    def _known(self):
        with self.transactions.reading() as session:
            found = session.scalars(
                select(Instance.id)
                .where(Instance.deployment_id == self.deployment.id)
                .order_by(Instance.started_at, Instance.id)
            )
            self.instances += [one for one in found if one not in self.instances]
        return self.instances

    def _row(self, instance_id):
        with self.transactions.reading() as session:
            return session.get_one(Instance, instance_id)

    def _run(self, instance_id):
        return ProcessRun.restore(self.definitions, self._row(instance_id).snapshot)

    def _answer(self, place, answer):
        instance_id = self.instances[place.process]
        self.answers[instance_id, place.element] = answer
        with self.transactions.begin() as uow:
            uow.connection.execute(
                update(Job)
                .where(Job.instance_id == instance_id, Job.token == place.token)
                .values(due_at=clock.now(), tries=0)
            )
        self._work()
        self.answers.clear()

    def _serve(self, _uow, call):
        answer = self.answers.pop((call.instance_id, call.element), None)
        if answer is None:
            raise NobodyYet
        if isinstance(answer, BpmnError):
            raise answer
        return answer

    def _work(self):
        services = dict.fromkeys(HANDLERS - {PUBLISH}, self._serve)
        Worker(self.transactions, Handlers(services, {})).run_due()
        with self.transactions.reading() as session:
            wrong = session.scalars(select(Fault).where(Fault.error != NobodyYet.__name__)).all()
        new = [fault for fault in wrong if fault.id not in self.told]
        self.told |= {fault.id for fault in wrong}
        if new and new[0].job_kind is not None:
            raise Refused(new[0].element)

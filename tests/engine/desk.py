"""A small installation around the plain processes of `stages`, and short verbs for tests."""

from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import time_machine
from sqlalchemy import event, select

from bpmn.bundle import Bundle
from engine import clock, deployments, fault_queries, instances, jobs, messages, queries, tasks
from engine.definitions import Library
from engine.handlers import Handlers
from engine.models import Instance, Job, UserTask
from engine.unit_of_work import Transactions
from engine.worker import Worker
from tests.engine.stages import StageRun, stages

START = datetime(2027, 3, 1, 9, 0, tzinfo=UTC)
CASE = UUID("00000000-0000-7000-8000-00000000ca5e")


class Desk:
    """Processes, a worker and a clock that stands still until it is moved."""

    def __init__(self, database, traveller):
        self.database = database
        self.events = []
        self.processes = {}
        self.services = {}
        self.jobs = {}
        self._traveller = traveller
        self.transactions = self.open()

    def open(self):
        """Give another process's view of the same database."""
        return Transactions(
            self.database,
            Library(lambda bundle: self.processes[bundle.digest]),
            [lambda _uow, happened: self.events.append(happened)],
        )

    def publish(self, **processes):
        bundle = Bundle({"processes": repr(processes).encode()})
        self.processes[bundle.digest] = stages(**processes)
        with self.transactions.begin() as uow:
            return deployments.publish(uow, bundle, "somebody")

    def start(self, process, **variables):
        with self.transactions.begin() as uow:
            return instances.start(uow, process, variables, CASE).id

    def complete(self, task_id, by="anna", **variables):
        with self.transactions.begin() as uow:
            return tasks.complete(uow, task_id, variables, by)

    def owe(self, kind, payload=None, **options):
        with self.transactions.begin() as uow:
            jobs.owe(uow, jobs.Debt(kind, payload or {}, **options))

    def message(self, name, key="key", **options):
        with self.transactions.begin() as uow:
            messages.publish(uow, name, key, **options)

    def open_tasks(self):
        with self.transactions.reading() as session:
            return {task.element: task.id for task in queries.open_tasks_of(session, CASE)}

    def task(self):
        (task_id,) = self.open_tasks().values()
        return task_id

    def faults(self):
        with self.transactions.reading() as session:
            return fault_queries.open_faults(session)

    def jobs_left(self):
        with self.transactions.reading() as session:
            return session.scalars(select(Job).order_by(Job.created_at, Job.id)).all()

    def state(self, instance_id):
        with self.transactions.reading() as session:
            return session.get_one(Instance, instance_id).state

    def task_row(self, task_id):
        with self.transactions.reading() as session:
            return session.get_one(UserTask, task_id)

    def worker(self):
        return Worker(self.transactions, Handlers(self.services, self.jobs))

    def run_due(self):
        return self.worker().run_due()

    def wait(self, **duration):
        """Let time pass, and the worker do what becomes due."""
        self._traveller.shift(timedelta(**duration))
        return self.run_due()

    def wait_for_next_job(self):
        """Let time pass until something is due, and the worker do it."""
        due = min(job.due_at for job in self.jobs_left())
        self._traveller.move_to(max(due, clock.now()))
        return self.run_due()

    def pass_time(self, **duration):
        """Let time pass while no worker runs."""
        self._traveller.shift(timedelta(**duration))


@contextmanager
def open_desk(database, monkeypatch):
    monkeypatch.setattr("engine.steps.ProcessRun", StageRun)
    with time_machine.travel(START, tick=False) as traveller:
        yield Desk(database, traveller)
    clock.follow(timedelta())


class Counter:
    """Counts what one block sends to the database."""

    def __init__(self):
        self.statements = []
        self.commits = 0


@contextmanager
def counting(database):
    counter = Counter()

    def statement(_connection, _cursor, sql, *_rest):
        if not sql.startswith(("BEGIN", "PRAGMA")):
            counter.statements.append(sql)

    def commit(_connection):
        counter.commits += 1

    event.listen(database, "before_cursor_execute", statement)
    event.listen(database, "commit", commit)
    try:
        yield counter
    finally:
        event.remove(database, "before_cursor_execute", statement)
        event.remove(database, "commit", commit)


def raising(error):
    """Make a handler that fails with `error`."""
    return lambda *_: throw(error)


def throw(error):
    raise error

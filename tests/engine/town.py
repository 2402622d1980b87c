"""A town with many instances of one diagram in every state, and the diagram that comes after it."""

import random
from dataclasses import asdict
from uuid import UUID

from sqlalchemy import select

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.host import Host
from bpmn.migration import Wishes
from engine import (
    clock,
    deployments,
    instances,
    migration_queries,
    migration_work,
    migrations,
    queries,
    reconciling,
    steps,
    suspending,
)
from engine.definitions import Library
from engine.handlers import Handlers
from engine.migration_queries import Selection
from engine.migrations import Plan
from engine.models import Instance, Job, Subscription, TaskState, UserTask
from engine.unit_of_work import Transactions
from engine.worker import Worker
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    call,
    catch,
    document,
    each,
    end,
    flows,
    job,
    message,
    node,
    person,
    process,
    start,
)

CHILD = process(
    start("c1"), person("hear", label="Hear"), person("visit"), end("c2"),
    flows("c1>hear>visit>c2"), name="child",
)  # fmt: skip
OLD = process(
    start(),
    person("check", label="Check"),
    boundary("late", "check", after("P2D"), interrupting=False),
    person("remind"),
    node("parallelGateway", "split"),
    person("left"),
    person("right", label="Right"),
    job("letter", "send"),
    node("parallelGateway", "join"),
    call("talk", "child"),
    node("eventBasedGateway", "race"),
    catch("answer", message()),
    catch("pause", after("P1D")),
    person("each", inside=each("=[1, 2, 3]")),
    person("close"),
    end(),
    end("e2"),
    flows(
        "s>check>split>left>join>talk>race>answer>each>close>e;split>right>join;"
        "split>letter>join;race>pause>each;late>remind>e2"
    ),
)
NEW_CHILD = process(
    start("c1"), person("listen", label="Hear"), end("c2"), flows("c1>listen>c2"), name="child"
)
NEW = process(
    start(),
    person("check", label="Check it"),
    boundary("late", "check", after("P5D"), interrupting=False),
    boundary("letter_came", "check", message()),
    person("remind"),
    node("parallelGateway", "split"),
    person("left"),
    boundary("hurry", "left", after("P3D"), interrupting=False),
    person("on_the_right", label="Right"),
    job("letter", "send"),
    node("parallelGateway", "join"),
    call("talk", "child"),
    node("eventBasedGateway", "race"),
    catch("answer", message()),
    catch("long_pause", after("P9D")),
    person("each"),
    person("close"),
    end(),
    end("e2"),
    flows(
        "s>check>split>left>join>talk>race>answer>each>close>e;split>on_the_right>join;"
        "split>letter>join;race>long_pause>each;late>remind>e2;letter_came>e2;hurry>e2"
    ),
)
"""A renamed task, a longer child, an event less, one more: some instances can go over, some not."""
SHORT = process(start(), person("a"), person("b"), end(), flows("s>a>b>e"))
LONG = process(start(), person("a"), person("more"), person("b"), end(), flows("s>a>more>b>e"))
HOST = Host(now=clock.now, handlers=frozenset({"send"}))


class Town:
    def __init__(self, database, host=HOST):
        self.library = Library(lambda bundle: load(bundle, host))
        self.transactions = Transactions(database, self.library)
        self.worker = Worker(self.transactions, Handlers({"send": lambda _uow, _call: None}, {}))

    def worker_for_migrations(self):
        work = {migration_work.MIGRATION: migration_work.take_step}
        return Worker(self.transactions, Handlers({}, work))

    def publish(self, *processes):
        return self.publish_bundle(Bundle({"p.bpmn": document(*processes)}))

    def publish_bundle(self, bundle):
        with self.transactions.begin() as uow:
            return deployments.publish(uow, bundle, "somebody")

    @staticmethod
    def case(number):
        return UUID(int=number + 1)

    def start(self, number=0):
        case = self.case(number)
        with self.transactions.begin() as uow:
            return instances.start(uow, "p", {"case_id": str(case)}, case).id

    def suspend(self, instance_id):
        with self.transactions.begin() as uow:
            suspending.suspend(uow, instance_id)

    def resume(self, instance_id):
        """Resume it, and have done what was held."""
        with self.transactions.begin() as uow:
            suspending.resume(uow, instance_id)
        self.worker.run_due()

    def step(self, instance_id, change):
        with self.transactions.begin() as uow:
            steps.advance(uow, instance_id, change)

    def wander(self, count, seed=1):
        """Start instances and let each go some way, no two the same."""
        dice, begun = random.Random(seed), []
        for number in range(count):
            instance_id = self.start(number)
            begun.append(instance_id)
            for _ in range(dice.randrange(9)):
                verbs = self.possible(instance_id)
                if not verbs:
                    break
                self.step(instance_id, dice.choice(verbs))
        return begun

    def possible(self, instance_id):
        with self.transactions.begin() as uow:
            return self.possible_now(uow, instance_id)

    def possible_now(self, uow, instance_id):
        run = steps.look(uow, instance_id)
        if run.is_finished:
            return []
        tasks = [lambda run, t=one.token: run.complete(t, {}) for one in run.waiting_tasks()]
        jobs = [lambda run, t=one.token: run.finish_job(t, {}) for one in run.waiting_jobs()]
        mail = [lambda run, t=one.token: run.deliver(t, {}) for one in run.waiting_messages()]
        return tasks + jobs + mail

    def plan(self, target, wishes=None, **selection):
        return Plan(target, Selection(**selection), wishes or Wishes())

    def start_migration(self, plan):
        with self.transactions.begin() as uow:
            return migrations.start(uow, plan, "anna")

    def pending(self, migration_id):
        with self.transactions.reading() as session:
            return migrations.pending(session, migration_id)

    def finish(self, migration_id):
        """Carry out what is left, in this process."""
        return [
            migrations.bring(self.transactions, migration_id, instance_id)
            for instance_id in self.pending(migration_id)
        ]

    def migrate(self, target, wishes=None, **selection):
        migration_id = self.start_migration(self.plan(target, wishes, **selection))
        return migration_id, self.finish(migration_id)

    def counts(self, migration_id):
        """Count what became of the instances."""
        with self.transactions.reading() as session:
            found = migration_queries.progress(session, [migration_id])[migration_id]
        return {state: count for state, count in found.items() if count}

    def portrait(self, instance_id):
        """Everything that is stored of an instance, but its own version."""
        with self.transactions.reading() as session:
            row = session.execute(
                select(Instance.deployment_id, Instance.process, Instance.state, Instance.snapshot)
                .where(Instance.id == instance_id)
            ).one()  # fmt: skip
            tasks = session.execute(
                select(
                    UserTask.id,
                    UserTask.token,
                    UserTask.element,
                    UserTask.name,
                    UserTask.form,
                    UserTask.assignee,
                    UserTask.state,
                )
                .where(UserTask.instance_id == instance_id, UserTask.state == TaskState.OPEN)
                .order_by(UserTask.token)
            ).all()
            jobs = session.execute(
                select(Job.kind, Job.token, Job.due_at, Job.payload)
                .where(Job.instance_id == instance_id, Job.token.is_not(None))
                .order_by(Job.token)
            ).all()
            waits = session.execute(
                select(Subscription.token, Subscription.name, Subscription.key)
                .where(Subscription.instance_id == instance_id)
                .order_by(Subscription.token)
            ).all()
        return tuple(row), list(map(tuple, tasks)), list(map(tuple, jobs)), list(map(tuple, waits))

    def differences(self):
        return list(reconciling.survey(self.transactions))

    def tasks(self, instance_id):
        with self.transactions.reading() as session:
            rows = queries.tasks_of(session, self.case_of(instance_id))
        return [row for row in rows if row.state is TaskState.OPEN]

    def case_of(self, instance_id):
        with self.transactions.reading() as session:
            return session.scalar(select(Instance.business_key).where(Instance.id == instance_id))


def as_told(transfer):
    """Give what was told of an instance as plain values."""
    plain = asdict(transfer)
    plain["notices"] = [(one.process, one.element, str(one.sentence)) for one in transfer.notices]
    return plain

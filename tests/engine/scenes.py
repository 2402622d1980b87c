"""A journey brought to a certain place, and everything that can be done to it there."""

from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete, func, select

from bpmn.migration import Wishes
from engine import collisions, faults, instances, jobs, migrations, suspending, tasks
from engine.commands import Command
from engine.database import Base
from engine.fault_table import Fault
from engine.migration_queries import EVERYTHING
from engine.models import Instance, Job, Message
from tests.engine import journey
from tests.engine.desk import START, throw
from tests.engine.journey import Journey

KEY, OTHER = UUID(int=1), UUID(int=2)
LAPSED = jobs.LEASE
OVERDUE = timedelta(days=4)


class Scene:
    """One case on a database; each scene begins by clearing away the one before."""

    def __init__(self, database, traveller):
        self.database, self._traveller = database, traveller
        self.works = True
        self.migration_id = None
        self.open()
        self.journey.do("publish", 1)

    def open(self):
        """Come back as another process."""
        self.journey = Journey(journey.open_transactions(self.database), self._count)
        self.transactions = self.journey.transactions

    def _count(self, _uow, _call):
        return {} if self.works else throw(ValueError())

    def prepare(self, place):
        """Bring a fresh case to this place."""
        self.works = True
        with self.transactions.begin() as uow:
            for table in (Message, Job, Fault, Instance, Command):
                uow.connection.execute(delete(table))
        self.journey.do("publish", 1)
        self.instance_id = self.journey.do("start", KEY)
        getattr(self, f"_to_{place}")()
        with self.transactions.reading() as session:
            self.task_id = journey.last_task(session, KEY).id
            self.fault_id = session.scalars(select(Fault.id)).first()

    def _to_report(self):
        """It begins there."""

    def _to_suspended(self):
        self._to_overdue()
        self.suspend()

    def _to_claimed(self):
        self.journey.do("claim", self._task(), "anna")

    def _to_overdue(self):
        self._traveller.shift(OVERDUE)

    def _to_count(self):
        self.journey.do("complete", self._task(), "anna")

    def _to_broken(self):
        self._to_count()
        self.works = False
        self.work()
        self.works = True

    def _to_letter(self):
        self._to_count()
        self.work()
        self.journey.do("message", KEY)

    def _to_review(self):
        self._to_letter()
        self.work()

    def _to_begun(self):
        """The second edition is there, and a migration to it has not yet come to this case."""
        self._to_review()
        target = self.journey.do("publish", 2)
        plan = migrations.Plan(target, EVERYTHING, Wishes())
        with self.transactions.begin() as uow:
            self.migration_id = migrations.start(uow, plan, "operator")

    def _to_migrated(self):
        self._to_begun()
        self.migrate()

    def _to_recalled(self):
        self._to_review()
        self.journey.do("recall")

    def _task(self):
        with self.transactions.reading() as session:
            return journey.last_task(session, KEY).id

    def work(self):
        self.journey.worker().run_due()

    def calm(self):
        """Let what dead workers hold lapse, and do what is due; tell how the case stands."""
        self._traveller.shift(2 * LAPSED)
        self.work()
        with self.transactions.reading() as session:
            whole = journey.picture(session, KEY)
            whole["instances"] = session.scalar(select(func.count()).select_from(Instance))
            whole["suspended"] = session.scalar(select(func.count(Instance.suspended_at)))
        return whole

    def rows(self):
        """Every row of every table."""
        with self.transactions.reading() as session:
            return {
                table.name: sorted(map(repr, session.execute(table.select())))
                for table in Base.metadata.sorted_tables
            }

    def act(self, name):
        """Do one of `ACTS`, as the entrances do: a collision is not told but repeated."""
        collisions.again(self.transactions, lambda: ACTS[name](self))

    def once(self):
        with self.transactions.begin() as uow:
            uow.once("form-7", lambda: str(self.journey.start(OTHER, uow)))

    def erase(self):
        with self.transactions.begin() as uow:
            instances.erase(uow, KEY)

    def postpone(self):
        with self.transactions.begin() as uow:
            tasks.postpone(uow, self.task_id, START + timedelta(days=30))

    def suspend(self):
        with self.transactions.begin() as uow:
            suspending.suspend(uow, self.instance_id)

    def resume(self):
        with self.transactions.begin() as uow:
            suspending.resume(uow, self.instance_id)

    def migrate(self):
        with self.transactions.begin() as uow:
            migrations.carry_out(uow, self.migration_id, self.instance_id)

    def go_back(self):
        with self.transactions.begin() as uow:
            migrations.turn_back(uow, self.migration_id)
            migrations.carry_out(uow, self.migration_id, self.instance_id)

    def mend(self, how):
        with self.transactions.begin() as uow:
            how(uow, self.fault_id, "operator")


ACTS = {
    "claim": lambda scene: scene.journey.do("claim", scene.task_id, "anna"),
    "claim_too": lambda scene: scene.journey.do("claim", scene.task_id, "bela"),
    "release": lambda scene: scene.journey.do("release", scene.task_id, "anna"),
    "assign": lambda scene: scene.journey.do("assign", scene.task_id, "bela"),
    "complete": lambda scene: scene.journey.do("complete", scene.task_id, "anna"),
    "cancel": lambda scene: scene.journey.do("cancel", scene.instance_id),
    "message": lambda scene: scene.journey.do("message", KEY),
    "recall": lambda scene: scene.journey.do("recall"),
    "publish": lambda scene: scene.journey.do("publish", 2),
    "start": Scene.once,
    "postpone": Scene.postpone,
    "erase": Scene.erase,
    "work": Scene.work,
    "retry": lambda scene: scene.mend(faults.retry),
    "skip": lambda scene: scene.mend(faults.skip),
    "end": lambda scene: scene.mend(faults.cancel),
    "suspend": Scene.suspend,
    "resume": Scene.resume,
    "migrate": Scene.migrate,
    "go_back": Scene.go_back,
}

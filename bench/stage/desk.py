"""The engine alone: one process, no case, no person; a task is completed and the next one opens."""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from sqlalchemy import select

from bench.stage.models import VARIABLES
from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.host import Host
from engine import deployments, instances, tasks
from engine.database import connect
from engine.definitions import Library
from engine.events import Event, TaskOpened
from engine.models import Instance, TaskState, UserTask
from engine.stay_table import Stay
from engine.unit_of_work import Transactions, UnitOfWork


class Desk:
    """Instances of one model, completed in turn."""

    def __init__(self, url: str, model: bytes) -> None:
        self.url = url
        self.database = connect(url)
        library = Library(lambda bundle: load(bundle, Host()))
        self.transactions = Transactions(self.database, library, [self._hear])
        self.open: deque[UUID] = deque()
        self.completed = 0
        with self.transactions.begin() as uow:
            deployments.publish(uow, Bundle({"bench.bpmn": model}), "bench")

    def _hear(self, _uow: UnitOfWork, event: Event) -> None:
        if isinstance(event, TaskOpened):
            self.open.append(event.task_id)

    def start(self, count: int = 1) -> list[UUID]:
        """Begin instances; their first tasks are appended to `open`."""
        begun = []
        for _ in range(count):
            with self.transactions.begin() as uow:
                begun.append(instances.start(uow, "bench", VARIABLES).id)
        return begun

    def complete(self) -> None:
        """Complete the task that has waited longest, and go round again."""
        task_id = self.open.popleft()
        with self.transactions.begin() as uow:
            tasks.complete(uow, task_id, {"again": True}, "anna")
        self.completed += 1

    def snapshots(self) -> list[str]:
        with self.transactions.reading() as session:
            return list(session.scalars(select(Instance.snapshot)))

    def check(self) -> None:
        """Every completion is there once, and so is the task that followed it."""
        with self.transactions.reading() as session:
            states = list(session.scalars(select(UserTask.state)))
            steps = session.scalars(select(Stay.instance_id).limit(1)).all()
        assert states.count(TaskState.COMPLETED) == self.completed, (
            "a completion is lost or doubled"
        )
        assert states.count(TaskState.OPEN) >= len(self.open), "a task is lost or doubled"
        assert steps, "no history was written"


@contextmanager
def open_desk(url: str, model: bytes) -> Iterator[Desk]:
    desk = Desk(url, model)
    try:
        yield desk
    finally:
        desk.database.dispose()

"""Thousands of instances that wait for a timer, and worker processes that let it go off."""

import multiprocessing
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from multiprocessing.connection import Connection
from typing import Any, Protocol
from uuid import UUID, uuid4

import psycopg
from psycopg import sql

from bench.stage.databases import POSTGRESQL, native
from bench.stage.desk import Desk, open_desk
from bench.stage.models import OURS, VARIABLES, document
from bench.stage.replay import Driver, picture
from bpmn.definitions import load
from bpmn.host import Host
from engine import instances
from engine.database import connect
from engine.definitions import Library
from engine.handlers import Handlers
from engine.models import Lane
from engine.unit_of_work import Transactions
from engine.worker import Worker

WORKERS = 3
TIMER = (
    '<intermediateCatchEvent id="wait"><timerEventDefinition>'
    '<timeDuration xsi:type="tFormalExpression">PT0S</timeDuration>'
    "</timerEventDefinition></intermediateCatchEvent>"
)
REMINDER = document(
    '<startEvent id="start"/><endEvent id="end"/>',
    TIMER,
    OURS.task("remind"),
    OURS.path("start", "wait", "remind", "end"),
)
"""A timer, then a person's task."""
NEVER = "timestamptz '2999-01-01'"
_COPY_INSTANCES = f"""
    WITH pattern AS (SELECT * FROM instance WHERE id = %s), copies AS (
        INSERT INTO instance (id, deployment_id, process, state, version, snapshot, started_at)
        SELECT gen_random_uuid(), deployment_id, process, state, version, snapshot, started_at
        FROM pattern, generate_series(1, %s) RETURNING id),
    stays AS (
        INSERT INTO stay (instance_id, token, number, deployment_id, process, element, entered_at,
            step, position, left_at, left_step, left_position, ended, counted)
        SELECT copies.id, token, number, deployment_id, process, element, entered_at,
            step, position, left_at, left_step, left_position, ended, counted
        FROM copies, stay WHERE stay.instance_id = %s)
    INSERT INTO job (id, kind, lane, instance_id, token, payload, due_at, created_at, attempt, tries)
    SELECT gen_random_uuid(), kind, lane, copies.id, token, payload, {NEVER}, created_at, 0, 0
    FROM copies, job WHERE job.instance_id = %s
"""
_MAKE_DUE = f"""
    UPDATE job SET due_at = now() - random() * interval '1 minute' WHERE id IN
    (SELECT id FROM job WHERE due_at = {NEVER} LIMIT %s)
"""
_DUE = "SELECT count(*) FROM job WHERE kind = 'timer' AND due_at <= now()"
_FIRED = """
    SELECT (SELECT count(*) FROM user_task), (SELECT count(DISTINCT instance_id) FROM user_task),
           (SELECT count(*) FROM instance WHERE version = 2)
"""


class Way(Protocol):
    def run(self) -> int: ...


class Ours:
    """The worker of the engine, in its own process as always."""

    def __init__(self, url: str) -> None:
        library = Library(lambda bundle: load(bundle, Host()))
        self._worker = Worker(Transactions(connect(url), library), Handlers({}, {}))

    def run(self) -> int:
        done = 0
        while batch := self._worker.run_batch(Lane.WORK):
            done += batch
        return done


Row = dict[str, Any]


class Bare:
    """The same rows, written by the driver alone: a lease for a batch, a transaction for each."""

    LEASE = """
        UPDATE job SET attempt = attempt + 1, holder = %s, lease_until = now() + interval '30 s'
        WHERE id IN (SELECT id FROM job WHERE lane = 'work' AND due_at <= now()
            AND (lease_until IS NULL OR lease_until <= now())
            ORDER BY due_at, id LIMIT 50 FOR UPDATE SKIP LOCKED)
        RETURNING id, instance_id, attempt
    """
    READ = "SELECT * FROM instance JOIN deployment ON deployment.id = deployment_id"
    REDEEM = "DELETE FROM job WHERE id = %s AND holder = %s AND attempt = %s"
    UPDATE = "UPDATE instance SET snapshot = %s, version = 2 WHERE id = %s"
    LEAVE = """
        UPDATE stay SET left_at = now(), left_step = 2, left_position = 0, ended = 'completed'
        WHERE instance_id = %s AND left_at IS NULL
    """

    def __init__(self, url: str, snapshot: str, made: dict[str, list[Row]]) -> None:
        self._connection = psycopg.connect(native(url), autocommit=True)
        self._snapshot, self._made, self._name = snapshot, made, uuid4().hex

    def run(self) -> int:
        done = 0
        while batch := self._connection.execute(self.LEASE, [self._name]).fetchall():
            for job in batch:
                self._fire(*job)
            done += len(batch)
        return done

    def _fire(self, job: UUID, instance: UUID, attempt: int) -> None:
        send, task = self._connection.execute, uuid4()
        with self._connection.pipeline():
            send("BEGIN")
            send(
                f"{self.READ} WHERE instance.id = %s FOR UPDATE OF instance", [instance]
            ).fetchall()
            send(self.REDEEM, [job, self._name, attempt])
            send(self.UPDATE, [self._snapshot, instance])
            send(self.LEAVE, [instance])
            for table, rows in self._made.items():
                for row in rows:
                    named = {**row, **_named(table, instance, task)}
                    send(_insert(table, tuple(named)), list(named.values()))
            send("COMMIT")


def _named(table: str, instance: UUID, task: UUID) -> Row:
    return {
        "stay": {"instance_id": instance},
        "user_task": {"id": task, "instance_id": instance},
        "task_candidate": {"task_id": task},
    }[table]


def _insert(table: str, columns: tuple[str, ...]) -> sql.Composed:
    return sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(table),
        sql.SQL(", ").join(map(sql.Identifier, columns)),
        sql.SQL(", ").join([sql.Placeholder()] * len(columns)),
    )


class Herd:
    """Waiting instances in one database, and the team that fires their timers."""

    def __init__(self, url: str, orders: Sequence[Connection]) -> None:
        self._connection = psycopg.connect(native(url), autocommit=True)
        self._orders = orders
        self.called = 0

    def breed(self, pattern: UUID, count: int) -> None:
        """Let so many more instances wait like this one, for a timer far away."""
        self._connection.execute(_COPY_INSTANCES, [pattern, count, pattern, pattern])
        self._connection.execute("ANALYZE")

    def call(self, count: int) -> None:
        """Let the timers of some of them be due now."""
        self.called += self._connection.execute(_MAKE_DUE, [count]).rowcount

    def fire(self, way: str) -> float:
        """Have all that is due done in this way by all workers; tell the seconds."""
        begun = time.perf_counter()
        while self.due():
            for order in self._orders:
                order.send(way)
            for order in self._orders:
                order.recv()
        return time.perf_counter() - begun

    def due(self) -> int:
        """Count what is due and not done."""
        return int(self._one(_DUE)[0])

    def losses(self) -> dict[str, float]:
        """Count timers that were called and did not fire, and those that fired twice."""
        tasks, instances_with_task, moved = self._one(_FIRED)
        return {"lost": self.called - moved, "doubled": tasks - instances_with_task}

    def check(self) -> None:
        losses = self.losses()
        assert not any(losses.values()), losses

    def _one(self, statement: str) -> tuple[Any, ...]:
        row = self._connection.execute(statement).fetchone()
        assert row is not None
        return tuple(row)

    def close(self) -> None:
        self._connection.close()


@contextmanager
def open_herd(url: str) -> Iterator[tuple[Herd, UUID]]:
    """Give a herd on this empty database with its team, and the instance that is its pattern."""
    with open_desk(url, REMINDER) as desk:
        snapshot, made = _learn(url, desk)
        pattern = _begin(desk)
    with _team(url, snapshot, made) as orders, closing(Herd(url, orders)) as herd:
        herd.called = 1  # the one that was learned from
        yield herd, pattern


def _begin(desk: Desk) -> UUID:
    with desk.transactions.begin() as uow:
        instance_id = instances.start(uow, "bench", VARIABLES).id
    with psycopg.connect(native(desk.url), autocommit=True) as connection:
        connection.execute(f"UPDATE job SET due_at = {NEVER}")
    return instance_id


def _learn(url: str, desk: Desk) -> tuple[str, dict[str, list[Row]]]:
    """Let one timer fire and see which rows that makes."""
    desk.start()
    driver = Driver(POSTGRESQL, url)
    before = picture(driver)
    Worker(desk.transactions, Handlers({}, {})).run_due()
    after = picture(driver)
    driver.close()
    made = {
        table: [row for key, row in after[table].items() if key not in before[table]]
        for table in ("user_task", "task_candidate", "stay")
    }
    (instance,) = after["instance"].values()
    return instance["snapshot"], made


@contextmanager
def _team(url: str, snapshot: str, made: dict[str, list[Row]]) -> Iterator[list[Connection]]:
    context = multiprocessing.get_context("spawn")
    orders = []
    for _ in range(WORKERS):
        here, there = context.Pipe()
        process = context.Process(target=_serve, args=(there, url, snapshot, made), daemon=True)
        process.start()
        orders.append((here, process))
    try:
        for here, _ in orders:
            here.recv()
        yield [here for here, _ in orders]
    finally:
        for here, process in orders:
            here.send(None)
            process.join(10)


def _serve(orders: Connection, url: str, snapshot: str, made: dict[str, list[Row]]) -> None:
    ways: dict[str, Way] = {"ours": Ours(url), "bare": Bare(url, snapshot, made)}
    orders.send(0)
    while (way := orders.recv()) is not None:
        orders.send(ways[way].run())

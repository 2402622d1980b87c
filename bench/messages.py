"""Messages to processes that wait for them: published, brought to their receiver, received once."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any
from uuid import UUID, uuid4

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import func, select

from bench.harness import Benchmark, Contender, is_full, measure, report
from bench.stage.databases import POSTGRESQL, SQLITE, fresh_database, native
from bench.stage.desk import Desk, open_desk
from bench.stage.models import BPMN, ZEEBE
from engine import instances, messages
from engine.handlers import Handlers
from engine.models import Message
from engine.stay_table import Ended, Stay
from engine.worker import Worker

RECEIVERS = 50
LETTERS = f"""\
<definitions xmlns="{BPMN}" xmlns:zeebe="{ZEEBE}" id="letters" targetNamespace="bench">
  <message id="letter" name="letter"><extensionElements>
    <zeebe:subscription correlationKey="=key"/></extensionElements></message>
  <process id="bench" isExecutable="true">
    <startEvent id="start"/><exclusiveGateway id="again"/>
    <intermediateCatchEvent id="receive"><messageEventDefinition messageRef="letter"/>
    </intermediateCatchEvent>
    <exclusiveGateway id="choice" default="choice_again"/><endEvent id="end"/>
    <sequenceFlow id="start_again" sourceRef="start" targetRef="again"/>
    <sequenceFlow id="again_receive" sourceRef="again" targetRef="receive"/>
    <sequenceFlow id="receive_choice" sourceRef="receive" targetRef="choice"/>
    <sequenceFlow id="choice_again" sourceRef="choice" targetRef="again"/>
    <sequenceFlow id="choice_end" sourceRef="choice" targetRef="end">
      <conditionExpression>=over</conditionExpression></sequenceFlow>
  </process>
</definitions>
""".encode()
"""A process that receives one letter after the other."""


def main() -> int:
    seconds = 60 if is_full("messages") else 12
    return report("messages", (compare(kind, seconds) for kind in (POSTGRESQL, SQLITE)))


def compare(kind: str, seconds: float) -> dict[str, Any]:
    with fresh_database(kind) as url, open_desk(url, LETTERS) as desk:
        post = Post(desk)
        ours = Contender("engine", post.round)
        if kind == SQLITE:
            alone = Benchmark(f"messages, {kind}, alone", ours, [], post.check)
            return measure(alone, seconds / 3)
        with closing(Bare(url)) as bare:
            base = Contender("bare SQL", bare.round)
            facts = {"messages_of_one_piece": RECEIVERS}
            return measure(Benchmark(f"messages, {kind}", base, [ours], post.check, facts), seconds)


class Post:
    """Sends each receiver a letter and lets the worker bring them."""

    def __init__(self, desk: Desk) -> None:
        self._desk, self._sent = desk, 0
        self._worker = Worker(desk.transactions, Handlers({}, {}))
        self._keys = [f"receiver-{number}" for number in range(RECEIVERS)]
        for key in self._keys:
            with desk.transactions.begin() as uow:
                instances.start(uow, "bench", {"key": key, "over": False})
        self._worker.run_due()

    def round(self) -> None:
        for key in self._keys:
            with self._desk.transactions.begin() as uow:
                messages.publish(uow, "letter", key, {"kind": "noise"})
        self._worker.run_due()
        self._sent += len(self._keys)

    def check(self) -> None:
        """Every letter was received, none twice, none is left."""
        left = select(func.count()).select_from(Message)
        received = select(func.count()).where(Stay.element == "receive", _LEFT)
        with self._desk.transactions.reading() as session:
            counts = session.scalar(received), session.scalar(left)
        assert counts == (self._sent, 0), f"{self._sent} sent; received and left: {counts}"


_LEFT = (Stay.ended == Ended.COMPLETED) & (Stay.process == "bench")
Statement = tuple[str, Sequence[Any]]


class Bare:
    """The same rows in the driver alone: a transaction that publishes, one that receives."""

    PUBLISH = (
        "INSERT INTO message (id, name, key, variables, published_at, expires_at)"
        " VALUES (%s, 'letter', %s, %s, now(), now() + interval '7 days')"
    )
    OWE = (
        "INSERT INTO job (id, kind, lane, payload, due_at, created_at, attempt, tries)"
        " VALUES (%s, 'correlation', 'work', %s, now(), now(), 0, 0)"
    )
    MOVE = "UPDATE instance SET snapshot = snapshot || '' WHERE id = %s"
    FIND = (
        "SELECT * FROM subscription JOIN message"
        " ON message.name = subscription.message AND message.key = subscription.key"
        " WHERE subscription.instance_id = %s"
    )
    HOLD = "SELECT * FROM instance WHERE id = %s FOR UPDATE"
    LEAVE = (
        "UPDATE stay SET left_at = now(), left_step = %s, left_position = 0, ended = 'completed'"
        " WHERE instance_id = %s AND token = %s AND number = 0"
    )
    PASS = (
        "INSERT INTO stay (instance_id, token, number, deployment_id, process, element, entered_at,"
        " step, position, left_at, left_step, left_position, ended, counted)"
        " SELECT %s, %s + n, 0, %s, 'bare', 'receive', now(), 1, n, now(), 1, n, 'completed', false"
        " FROM generate_series(1, 2) n"
    )
    ENTER = (
        "INSERT INTO stay (instance_id, token, number, deployment_id, process, element, entered_at,"
        " step, position, counted) VALUES (%s, %s, 0, %s, 'bare', 'receive', now(), 1, 0, false)"
    )

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(native(url), autocommit=True)
        self._rounds = 0
        found = "SELECT instance_id, key FROM subscription"
        self._receivers = self._connection.execute(found).fetchall()

    def round(self) -> None:
        self._rounds += 1
        sent = [(uuid4(), uuid4(), *receiver) for receiver in self._receivers]
        for message, job, _, key in sent:
            letter = (self.PUBLISH, (message, key, Jsonb({"kind": "noise"})))
            self._transact(None, [letter, (self.OWE, (job, Jsonb({})))])
        for message, job, instance, _ in sent:
            self._transact((self.HOLD, (instance,)), self._receipt(message, job, instance))

    def _receipt(self, message: UUID, job: UUID, instance: UUID) -> Iterator[Statement]:
        yield self.FIND, (instance,)
        yield "DELETE FROM job WHERE id = %s", (job,)
        yield self.MOVE, (instance,)
        yield "UPDATE subscription SET created_at = now() WHERE instance_id = %s", (instance,)
        token = 1_000_000 + 3 * self._rounds
        yield self.LEAVE, (self._rounds, instance, token - 3)
        yield self.PASS, (instance, token, instance)
        yield self.ENTER, (instance, token, instance)
        yield "DELETE FROM message WHERE id = %s", (message,)

    def _transact(self, read: Statement | None, writes: Iterable[Statement]) -> None:
        with self._connection.pipeline():
            self._connection.execute("BEGIN")
            if read is not None:
                self._connection.execute(*read).fetchall()
            for statement in writes:
                self._connection.execute(*statement)
            self._connection.execute("COMMIT")

    def close(self) -> None:
        self._connection.close()


if __name__ == "__main__":
    sys.exit(main())

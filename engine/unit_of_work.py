"""The only place that commits."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Self, TypeVar
from uuid import UUID

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session

from engine import clock, commands, conversation, postgresql, sqlite
from engine.definitions import Library
from engine.events import Event
from engine.records import InstanceRecord, TaskRecord
from engine.sending import Prepared, Row, as_one, send
from engine.speaking import speaking
from engine.turns import Turns

E = TypeVar("E", bound=Event)

SOON = timedelta(seconds=15)
"""Workers look by themselves at least this often; only earlier work has to wake them."""


class UnitOfWork:
    """One transaction: everything said through it happens together, or nothing does.

    Operations receive it and never commit. Engine rows are written through `connection`, past
    the session: read them by `engine.queries`, not as objects kept in the session.
    """

    def __init__(self, connection: Connection, library: Library) -> None:
        self.connection = connection
        self.library = library
        self.instances: dict[UUID, InstanceRecord] = {}
        """Instances that this transaction holds, see `engine.steps.lock`."""
        self.tasks: dict[UUID, TaskRecord] = {}
        """Tasks that this transaction holds, see `engine.tasks.lock`."""
        self.debts: list[dict[str, Any]] = []
        """Rows of work owed that are not written yet, see `engine.jobs.write`."""
        self.due: datetime | None = None
        self._events: list[Event] = []
        self._afterwards: list[Callable[[], None]] = []
        self._last: dict[Callable[[UnitOfWork], None], None] = {}

    @cached_property
    def session(self) -> Session:
        return Session(
            bind=self.connection, expire_on_commit=False, join_transaction_mode="rollback_only"
        )

    def record(self, event: Event) -> None:
        """Tell the subscribers about a fact, when the transaction is about to commit."""
        self._events.append(event)

    def recorded(self, kind: type[E]) -> list[E]:
        """List the facts of a kind that nobody has been told yet."""
        return [event for event in self._events if isinstance(event, kind)]

    def once(
        self, command_id: str | None, work: Callable[[], str], result: str | None = None
    ) -> str:
        """Do the work unless this command has been done before; its result either way.

        A repetition that arrives while the first is under way waits for it. Without an id
        the work is simply done. A `result` that is known beforehand saves a statement.
        """
        if command_id is None:
            return work()
        if not commands.begin(self.connection, command_id, result):
            return commands.result_of(self.connection, command_id)
        done = work()
        if done != result:
            commands.finish(self.connection, command_id, done)
        return done

    def send(self, statement: Prepared, *rows: Row) -> None:
        """Write, and wait for nothing; see `engine.sending`."""
        send(self.connection, statement, rows)

    def as_one(self) -> AbstractContextManager[None]:
        """Send whole rows as one statement; see `engine.sending`."""
        return as_one(self.connection)

    def in_the_end(self, call: "Callable[[UnitOfWork], None]") -> None:
        """Write this last of all before the commit; said twice, it is done once."""
        self._last[call] = None

    def after_commit(self, call: Callable[[], None]) -> None:
        """Do this once everything is stored; lost if the process dies in between."""
        self._afterwards.append(call)

    def work_due(self, at: datetime) -> None:
        """Remember the earliest work owed, so that the workers can be woken for it."""
        self.due = at if self.due is None else min(self.due, at)

    def settle(self, subscribers: "Sequence[Subscriber]") -> None:
        """Let the subscribers write what they have to, until nothing is left to tell."""
        self.flush()
        while self._events:
            events, self._events = self._events, []
            for event in events:
                for subscriber in subscribers:
                    subscriber(self, event)
        for call in self._last:
            call(self)
        self.flush()

    def flush(self) -> None:
        """Write what the session holds; new rows go along with what comes after them."""
        if "session" not in self.__dict__:
            return
        changed = any(self.session.is_modified(row) for row in self.session.dirty)
        only_new = not changed and not self.session.deleted
        if only_new and not self.session.new:
            return
        goes_along = only_new and self.connection.dialect.name == "postgresql"
        with conversation.quiet(self.connection) if goes_along else nullcontext():
            self.session.flush()

    def close(self) -> None:
        if "session" in self.__dict__:
            self.session.close()

    def committed(self) -> None:
        for call in self._afterwards:
            call()


class ReadingSession(Session):
    """A session that may only read, with the definitions that pages ask for."""

    def __init__(self, connection: Connection, library: Library) -> None:
        super().__init__(bind=connection, expire_on_commit=False)
        self.library = library

    @property
    def session(self) -> Self:
        """Itself: functions that only read take a unit of work or this."""
        return self


Subscriber = Callable[[UnitOfWork, Event], None]


class Aftermath(Exception):  # noqa: N818 - a base; subclasses name the fact
    """An error that leaves a note: written in a second transaction when the first is undone."""

    def note(self, uow: UnitOfWork) -> None:
        raise NotImplementedError


class Rehearsed(Exception):  # noqa: N818 - a fact, nothing went wrong
    """Ends a rehearsal: the database takes back whatever was written in it."""


class Transactions:
    """Where units of work come from: one database, its definitions and its subscribers."""

    def __init__(
        self,
        engine: Engine,
        library: Library | None = None,
        subscribers: Sequence[Subscriber] = (),
    ) -> None:
        self.engine = engine
        self.library = library or Library()
        self._subscribers = tuple(subscribers)
        self._wakers: list[Callable[[datetime], None]] = []
        self._is_postgresql = engine.dialect.name == "postgresql"
        self._options = {conversation.CONVERSING: True} if self._is_postgresql else {}
        self._turns = None if self._is_postgresql else Turns(sqlite.PATIENCE)
        self._own = threading.local()

    @property
    def stored(self) -> int:
        """How many units of work the calling thread has brought to their commit."""
        return getattr(self._own, "stored", 0)

    def on_work_due(self, wake: Callable[[datetime], None]) -> None:
        """Call this after each commit that owes work soon."""
        self._wakers.append(wake)

    @contextmanager
    def begin(self) -> Iterator[UnitOfWork]:
        """Open a unit of work that commits at the end of the block, or leaves only a fault."""
        try:
            with self.attempt() as uow:
                yield uow
        except Aftermath as failure:
            with self.attempt() as uow:
                failure.note(uow)
            raise

    @contextmanager
    def attempt(self) -> Iterator[UnitOfWork]:
        """Do as `begin`, but an error leaves nothing at all: the worker keeps its own books."""
        with self._turn(), speaking(), self.engine.connect() as connection:
            connection.execution_options(**self._options)
            uow = UnitOfWork(connection, self.library)
            try:
                with connection.begin(), self._conversation(connection):
                    yield uow
                    uow.settle(self._subscribers)
                    self._notify(uow)
            finally:
                uow.close()
        self._own.stored = self.stored + 1
        uow.committed()
        self._wake(uow)

    @contextmanager
    def rehearsal(self) -> Iterator[UnitOfWork]:
        """Do as `attempt` up to the commit and then undo it all: what was refused would be, too."""
        with suppress(Rehearsed), self.attempt() as uow:
            yield uow
            uow.settle(self._subscribers)
            if self._is_postgresql:
                conversation.hear(uow.connection)
            raise Rehearsed

    @contextmanager
    def reading(self) -> Iterator[ReadingSession]:
        """Open a session that may only read; it waits for no writer."""
        with speaking(), self.engine.connect() as connection:
            connection.execution_options(**self._options, **{sqlite.READING: True})
            with (
                ReadingSession(connection, self.library) as session,
                self._conversation(connection, reads_only=True),
            ):
                yield session

    @contextmanager
    def asking(self) -> Iterator[Connection]:
        """Give a connection for a single question: no transaction is opened around it."""
        with speaking(), self.engine.connect() as connection:
            connection.execution_options(**self._options, **{sqlite.READING: True})
            yield connection

    def _conversation(
        self, connection: Connection, *, reads_only: bool = False
    ) -> AbstractContextManager[None]:
        if self._is_postgresql:
            return conversation.conversation(connection, reads_only=reads_only)
        return nullcontext()

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._turns is None:
            yield
            return
        self._turns.take()
        try:
            yield
        finally:
            self._turns.give_up()

    def _notify(self, uow: UnitOfWork) -> None:
        if self._is_postgresql and _is_soon(uow.due):
            postgresql.notify(uow.connection)

    def _wake(self, uow: UnitOfWork) -> None:
        if uow.due is not None and _is_soon(uow.due):
            for wake in self._wakers:
                wake(uow.due)


def _is_soon(due: datetime | None) -> bool:
    return due is not None and due <= clock.now() + SOON

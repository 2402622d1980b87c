"""A line to PostgreSQL on which several statements travel as one: a conversation."""

import itertools
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import cache, partial
from typing import Any, Self

import psycopg
from psycopg.errors import InvalidSqlStatementName, PipelineAborted
from psycopg.pq import ExecStatus
from psycopg.pq.abc import PGresult
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from engine.errors import TransactionLost
from engine.overhearing import tell

ANSWERS_WITHIN = 13.5
"""Seconds after which a server that says nothing counts as gone; its own limits end earlier."""
CANCELS_WITHIN = 0.5
"""Seconds for telling it to stop: one that is only slow shall not commit what was given up."""
READING = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
"""All that is read in one conversation fits together, as on SQLite."""
CONVERSING = "conversing"
"""Execution option of a connection on which a conversation begins the transactions."""


class Receipt:
    """Stands in for the driver's cursor: takes answers that nobody reads, and raises errors."""

    arrived: str | None = None
    """What the last of them says was done."""

    def _check_results(self, results: list[PGresult]) -> None:
        for result in results:
            if result.status == ExecStatus.FATAL_ERROR:
                raise psycopg.errors.error_from_result(result)
            if result.status == ExecStatus.PIPELINE_ABORTED:
                raise PipelineAborted("pipeline aborted")

    def _set_results(self, results: list[PGresult]) -> None:
        self.arrived = (results[-1].command_status or b"").decode()


class Line(psycopg.Connection[Any]):
    """A connection that may hold a conversation: then several statements travel as one."""

    pipeline_open: psycopg.Pipeline | None = None
    patience: float | None = None
    """Seconds for an answer to what is asked now, if not the usual ones."""
    is_quiet = False
    """Nobody waits for what the statements sent now will answer."""

    def __init__(self, *given: Any, **options: Any) -> None:
        super().__init__(*given, **options)
        self._names = (b"handschlag_%d" % number for number in itertools.count())
        self._named: dict[str, bytes] = {}
        """The names under which the server knows statements."""
        self._unconfirmed: dict[str, tuple[bytes, Receipt]] = {}
        """The names that it has just been told, and where it confirms them."""
        self.mute = Receipt()
        self.held_back: list[tuple[str, bytes]] | None = None
        """INSERTs with the one value of each that shall become one statement, see `as_one`."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:
        """Wait for the server, but not for ever: a line may be dead without a word."""
        if timeout is not None:
            return super().wait(gen, interval, timeout)
        begun, patience = time.monotonic(), self.patience or ANSWERS_WITHIN
        try:
            return super().wait(gen, interval, patience)
        except psycopg.OperationalError:
            if time.monotonic() - begun >= patience:
                with suppress(psycopg.Error):
                    self.cancel_safe(timeout=CANCELS_WITHIN)
                self.pgconn.finish()
            raise

    def send(self, text: str, values: Sequence[Sequence[bytes | None]] = ((),)) -> None:
        """Have a prepared statement travel with what comes next, once for each list of values."""
        assert not self.held_back, "what is held back would come too late"
        name = self._named.get(text) or self._prepare(text)
        for one in values:
            self._enqueue(partial(self.pgconn.send_query_prepared, name, one), self.mute)

    def _prepare(self, text: str) -> bytes:
        if text not in self._unconfirmed:
            self._unconfirmed[text] = next(self._names), Receipt()
            name, answer = self._unconfirmed[text]
            self._enqueue(partial(self.pgconn.send_prepare, name, text.encode()), answer)
        return self._unconfirmed[text][0]

    def _enqueue(self, command: Callable[[], None], answer: Receipt) -> None:
        assert self.pipeline_open is not None, "outside of a conversation nothing comes next"
        self.pipeline_open.command_queue.append(command)
        pair: Any = answer, None  # the driver asks of a cursor no more than a receipt can do
        self.pipeline_open.result_queue.append(pair)

    def take_back(self) -> None:
        """Leave unsent what is about to be undone: nobody shall wait for the locks that it needs."""
        assert self.pipeline_open is not None
        commands, answers = self.pipeline_open.command_queue, self.pipeline_open.result_queue
        while commands and answers[-1] is not None and isinstance(answers[-1][0], Receipt):
            commands.pop()
            answers.pop()

    def note_prepared(self) -> None:
        """Remember which statements the server has confirmed; others are prepared again."""
        for text, (name, answer) in self._unconfirmed.items():
            if answer.arrived is not None:
                self._named[text] = name
        self._unconfirmed.clear()

    def forget_prepared(self) -> None:
        """Prepare everything again: the server knows none of these names any more."""
        self._named.clear()
        self._unconfirmed.clear()

    def _deallocate(self, name: bytes | None) -> Any:
        """Forget what the driver has the server forget: after a rollback or DDL, everything."""
        if name is None:
            self.forget_prepared()
        return super()._deallocate(name)

    def hear(self) -> None:
        """Wait for the answers to everything sent so far, unless nobody asked for them."""
        if self.pipeline_open is not None and not self.is_quiet:
            self.pipeline_open.sync()


class Voice(psycopg.Cursor[Any]):
    """Sends statements and waits for their answers as its line demands."""

    @property
    def description(self) -> list[Any] | None:
        """Name the columns and their types; all else that the driver tells of them nobody asks."""
        answer = self.pgresult
        if answer is None or not answer.nfields:
            return None
        return [_column(answer, place) for place in range(answer.nfields)]

    def execute(self, *given: Any, **options: Any) -> Self:
        with self._hearing():
            super().execute(*given, **options)
        return self

    def executemany(self, *given: Any, **options: Any) -> None:
        with self._hearing():
            super().executemany(*given, **options)

    @contextmanager
    def _hearing(self) -> Iterator[None]:
        line = _line(self.connection)
        assert not line.held_back, "what is held back would come too late"
        try:
            yield
            line.hear()
        except psycopg.Error as error:
            line.note_prepared()
            _heed(line, error)
            raise


def _column(answer: PGresult, place: int) -> tuple[str, int, None, None, None, None, None]:
    name = answer.fname(place)
    assert name is not None
    return name.decode(), answer.ftype(place), None, None, None, None, None


def open_line(_dialect: Any, _record: Any, given: list[Any], options: dict[str, Any]) -> Line:
    """Connect in the driver's place; a transaction begins where `begin` or `conversation` says."""
    return Line.connect(*given, **options, autocommit=True, cursor_factory=Voice)


def _line(connection: Any) -> Line:
    assert isinstance(connection, Line)
    return connection


def begin(connection: Connection) -> None:
    """Begin here, not in the driver: a conversation lets BEGIN travel with what follows it."""
    if not connection.get_execution_options().get(CONVERSING):
        _line(connection.connection.driver_connection).execute("BEGIN", prepare=False)


@contextmanager
def conversation(connection: Connection, *, reads_only: bool = False) -> Iterator[None]:
    """Hold a transaction with as few waits as its questions need; the end of the block commits.

    The connection has the option `CONVERSING`. BEGIN travels with the first statement, COMMIT
    with the last. What is sent in a `quiet` block goes with whatever comes next, and so does its
    error: at the latest the end of the block raises it, and then nothing is stored.
    """
    line = _line(connection.connection.driver_connection)
    try:
        with line.pipeline() as line.pipeline_open:
            line.mute.arrived = None
            line.send(READING if reads_only else "BEGIN")
            try:
                yield
            except BaseException:  # whatever ends the block, an interrupt included, undoes it
                line.take_back()
                raise
            line.send("COMMIT")
    except psycopg.Error as error:
        _heed(line, error)
        raise _wrapped(_first(error)) from error
    finally:
        line.pipeline_open = None
        line.note_prepared()
    if line.mute.arrived != "COMMIT":
        raise TransactionLost


def send(
    connection: Connection, text: str, values: Sequence[Sequence[bytes | None]] = ((),)
) -> None:
    """Have a statement travel with what comes next; its values as PostgreSQL spells them."""
    tell(connection, text, values)
    _line(connection.connection.driver_connection).send(text, values)


def insert(connection: Connection, text: str, rows: bytes) -> None:
    """Send an INSERT whose only value is `$1`, or hold it back for the end of `as_one`."""
    held_back = _line(connection.connection.driver_connection).held_back
    if held_back is None:
        send(connection, text, [[rows]])
    else:
        held_back.append((text, rows))


@contextmanager
def as_one(connection: Connection) -> Iterator[None]:
    """Make one statement of all that is inserted in this block, which does nothing else.

    The parts see the database as it was before all of them; references between their rows hold
    in the end. Each table comes once.
    """
    line = _line(connection.connection.driver_connection)
    if line.held_back is not None:
        yield
        return
    inserts: list[tuple[str, bytes]] = []
    line.held_back = inserts
    try:
        yield
    finally:
        line.held_back = None
    if inserts:
        texts, values = zip(*inserts, strict=True)
        send(connection, _as_one(texts), [values])


@cache
def _as_one(texts: tuple[str, ...]) -> str:
    *first, last = (text.replace("$1", f"${place}") for place, text in enumerate(texts, 1))
    parts = ", ".join(f"part_{place} AS ({text})" for place, text in enumerate(first, 1))
    return f"WITH {parts} {last}" if parts else last


@contextmanager
def quiet(connection: Connection) -> Iterator[None]:
    """Send the statements of this block along with what comes after it.

    Nothing in it may ask for an outcome. An error shows later, at the latest at the commit.
    """
    line = _line(connection.connection.driver_connection)
    before, line.is_quiet = line.is_quiet, True
    try:
        yield
    finally:
        line.is_quiet = before


def hear(connection: Connection) -> None:
    """Wait until the server has done everything sent so far; the error of any of it is raised."""
    _line(connection.connection.driver_connection).hear()


def _heed(line: Line, error: psycopg.Error) -> None:
    """Learn from a refusal that somebody else had the server forget what was prepared."""
    if isinstance(_first(error), InvalidSqlStatementName):
        line.forget_prepared()


def _first(error: psycopg.Error) -> psycopg.Error:
    """Find the error because of which the server did not even try what the later ones are about."""
    while isinstance(error, PipelineAborted) and isinstance(error.__context__, psycopg.Error):
        error = error.__context__
    return error


def _wrapped(error: psycopg.Error) -> BaseException:
    return DBAPIError.instance(None, None, error, psycopg.Error)

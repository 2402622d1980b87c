"""The composition root: from settings to a running installation. Nothing below imports it."""

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, inspect, make_url
from sqlalchemy.orm import Session

from bpmn.definitions import load
from bpmn.errors import Unavailable
from bpmn.host import Host
from bpmn.wording import say
from engine import clock, migration_work, process_work
from engine.database import connect
from engine.definitions import Library
from engine.handlers import Handlers
from engine.installation import MovedClock
from engine.models import Installation
from engine.server_time import ServerTime
from engine.shift import STOP_WITHIN, Shift
from engine.unit_of_work import Transactions
from engine.worker import Worker
from notifications.channels.console import Console
from notifications.channels.email import Email, Relay
from notifications.channels.parcel import Channel
from notifications.delivery import delivery, giving_up
from notifications.outbox import DELIVERY
from workflows import calendar, deadlines, sealing, working_days
from workflows.access import Role
from workflows.cases import reporting
from workflows.notices import Notices
from workflows.processes import handlers
from workflows.secret_files import ensure_secret, read_password
from workflows.settings import Settings
from workflows.tending import migrations as tending
from workflows.tending import retention

CASE_FILE_PREFIXES = frozenset(
    {
        "agreement",
        "appointment",
        "assignment",
        "consent",
        "contact",
        "gap",
        "incident",
        "measure",
        "note",
        "outreach",
        "party",
        "referral",
        "safety",
    }
)
SOURCES = frozenset(
    {
        "cases",
        "languages",
        "mediators",
        "organisations",
        "parties",
        "people",
        "places",
        "quarters",
    }
)


class NothingThere(Unavailable):
    def __init__(self, file: str) -> None:
        super().__init__(
            say(
                "There is no database %(file)s. Name another folder with --data, or make an "
                "installation there: handschlag migrate",
                file=file,
            )
        )


class NotFounded(Unavailable):
    def __init__(self) -> None:
        super().__init__(say("The tables are not there. Run: handschlag migrate"))


@dataclass(frozen=True, slots=True)
class Application:
    """An installation in this process. Web, worker and commands share it."""

    settings: Settings
    engine: Engine
    transactions: Transactions
    host: Host
    handlers: Handlers
    notices: Notices
    moved_clock: MovedClock | None
    """Only a demo has one."""
    house_days: calendar.Keeper
    server_time: ServerTime | None
    """Only where several machines may share a database."""
    stopping: threading.Event = field(default_factory=threading.Event)
    """Set when this process is told to end: it begins nothing any more."""
    _beside: list[threading.Thread] = field(default_factory=list)
    _keeps_time: threading.Event = field(default_factory=threading.Event)

    def follow(self) -> None:
        """Keep up with what other processes change: a demo's clock, the house days."""
        self.follow_clock()
        self.house_days.follow()

    def follow_clock(self) -> None:
        """Go by the clock of the installation: another process may have moved a demo's."""
        if self.moved_clock is not None:
            self.moved_clock.follow()
        if self.server_time is not None and self._keeps_time.is_set():
            self.server_time.follow()

    def keep_time(self) -> None:
        """Go by the clock of the database server from now on: this process serves with others."""
        self._keeps_time.set()
        self.follow_clock()

    def worker(self) -> Worker:
        return Worker(self.transactions, self.handlers)

    def work(self) -> None:
        """Do what is due until told to stop."""
        Shift(self.worker(), self.moved_clock, self.follow).run_forever(self.stopping)

    @contextmanager
    def working(self) -> Iterator[None]:
        """Keep a worker at work beside the block."""
        thread = threading.Thread(name="worker", target=self.work, daemon=True)
        self._beside.append(thread)
        thread.start()
        try:
            yield
        finally:
            self.stopping.set()
            thread.join(STOP_WITHIN)
            self._beside.remove(thread)

    @property
    def worker_lives(self) -> bool | None:
        """Whether the worker beside the pages is there; None where it is a process of its own."""
        return all(thread.is_alive() for thread in self._beside) if self._beside else None

    def close(self) -> None:
        self.engine.dispose()


def build(settings: Settings) -> Application:
    """Put an installation together, a new one too. It touches no table: see `workflows.founding`.

    A new key is made where nothing is sealed yet, else a missing one is refused.
    """
    _make_room(settings)
    found = _assemble(settings, connect(settings.database))
    with ExitStack() as unless_whole:
        unless_whole.callback(found.close)
        with found.transactions.reading() as session:
            is_new = not sealing.seals_something(session)
        if is_new:
            ensure_secret(settings.key_path)
        sealing.attach(found.engine, sealing.read_key(settings.key_path))
        unless_whole.pop_all()
    return found


def open_existing(settings: Settings) -> Application:
    """Put together what has been founded, at the time it is there.

    Makes nothing, and refuses where anything is missing.
    """
    found = _assemble(settings, open_database(settings))
    with ExitStack() as unless_whole:
        unless_whole.callback(found.close)
        with found.transactions.reading() as session:
            require_tables(session)
        sealing.attach(found.engine, sealing.read_key(settings.key_path))
        with found.transactions.reading() as session:
            sealing.prove(session)
        found.follow_clock()
        unless_whole.pop_all()
    return found


def require_tables(session: Session) -> None:
    if not inspect(session.connection()).has_table(Installation.__tablename__):
        raise NotFounded


def open_database(settings: Settings) -> Engine:
    """Make the door to a database that is there; SQLite would make what is not."""
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and url.database and not Path(url.database).is_file():
        raise NothingThere(url.database)
    return connect(settings.database)


def library(host: Host) -> Library:
    return Library(lambda bundle: load(bundle, host))


def _assemble(settings: Settings, engine: Engine) -> Application:
    notices = Notices(settings.link_base)
    work = _handlers(settings, notices)
    host = make_host(work)
    subscribers = (
        deadlines.watch_tasks,
        notices.hear,
        tending.write_down,
        giving_up(notices.hear),
    )
    transactions = Transactions(engine, library(host), subscribers)
    moved_clock = MovedClock(transactions) if settings.demo else None
    server_time = ServerTime(transactions) if engine.dialect.name == "postgresql" else None
    return Application(
        settings,
        engine,
        transactions,
        host,
        work,
        notices,
        moved_clock,
        calendar.Keeper(transactions),
        server_time,
    )


def make_host(work: Handlers) -> Host:
    """Name everything a diagram may use of this installation."""
    return Host(
        functions=working_days.functions(),
        handlers=frozenset(work.services) | frozenset(process_work.ENGINE_SERVICES),
        groups=frozenset(Role),
        case_file_prefixes=CASE_FILE_PREFIXES,
        sources=SOURCES,
        variables=reporting.START_VARIABLES | deadlines.START_VARIABLES,
        now=clock.now,
        zone=calendar.ZONE,
    )


def _handlers(settings: Settings, notices: Notices) -> Handlers:
    return Handlers(
        services=handlers.services(notices),
        jobs={
            DELIVERY: delivery(_channel(settings), notices.hear),
            deadlines.WATCH: deadlines.Watch(notices).take_step,
            deadlines.CLOSED: deadlines.end_watch,
            migration_work.MIGRATION: migration_work.take_step,
            retention.RETENTION: retention.Sweeper(settings.history_days).take_step,
        },
        standing=(retention.begin,),
    )


def _channel(settings: Settings) -> Channel:
    if not settings.smtp_host:
        return Console()
    path = settings.smtp_password_file
    return Email(
        Relay(
            host=settings.smtp_host,
            port=settings.smtp_port,
            sender=settings.smtp_sender,
            tls=settings.smtp_tls,
            user=settings.smtp_user,
            password=read_password(path) if path is not None else "",
            timeout=settings.smtp_timeout,
        )
    )


def _make_room(settings: Settings) -> None:
    """Make the data folder and the SQLite file so that nobody else can read them."""
    url = make_url(settings.database)
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    if url.get_backend_name() == "sqlite" and url.database:
        os.close(os.open(url.database, os.O_CREAT | os.O_RDWR, 0o600))
        Path(url.database).chmod(0o600)

"""Look the installation over: each line ok, warn or fail, with what to do."""

import os
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path

import click
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bpmn.errors import Refusal
from engine import clock, deployments, examining, reconciling
from engine.examining import Check, Verdict
from engine.queries import clock_offset_seconds
from engine.sole_server import served_by
from engine.unit_of_work import Transactions
from web.assets import Bundle
from web.commands.installation import data_option, host_alone
from web.commands.output import as_json, echo, show_json, told
from web.health import ENOUGH_DISK
from workflows import application, migrations, sealing
from workflows.secret_files import read_secret
from workflows.settings import Settings

MOST_NAMED = 10
OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


@click.command()
@click.option("--processes", is_flag=True, help="Compare every process with its rows: takes long.")
@data_option
@as_json
def doctor(data_dir: Path | None, *, as_json: bool, processes: bool) -> int:
    """Look the installation over and say what to mend; changes nothing."""
    checks = list(_look_over(Settings.load(os.environ, data_dir=data_dir), processes=processes))
    if as_json:
        show_json(checks)
    else:
        for check in checks:
            echo(f"{check.verdict:<5} {check.subject}: {check.remark}")
    return 1 if any(check.verdict is FAIL for check in checks) else 0


def _look_over(settings: Settings, *, processes: bool) -> Iterator[Check]:
    """Yield every check: one that cannot be made stops no other."""
    yield Check("Python", OK, sys.version.split()[0])
    yield from _tried("database", lambda: _database(settings, processes=processes))
    yield from _secrets(settings)
    yield from _tried("disk", lambda: _disk(settings))
    yield from _tried("mail", lambda: _mail(settings))
    yield from _tried("browser parts", _bundle)
    yield Check("clock", OK, clock.now().isoformat(timespec="seconds"))


def _tried(subject: str, look: Callable[[], Iterator[Check]]) -> Iterator[Check]:
    try:
        yield from look()
    except Refusal as refusal:
        yield Check(subject, FAIL, told(refusal.sentence))
    except (SQLAlchemyError, OSError) as error:
        yield Check(subject, FAIL, str(error).splitlines()[0])


def _database(settings: Settings, *, processes: bool) -> Iterator[Check]:
    engine = application.open_database(settings)
    try:
        yield from _stored(settings, engine, processes=processes)
    finally:
        engine.dispose()


def _stored(settings: Settings, engine: Engine, *, processes: bool) -> Iterator[Check]:
    transactions = Transactions(engine, application.library(host_alone()))
    if engine.dialect.name == "sqlite":
        yield from _tried("server", lambda: _server(engine))
    with transactions.reading() as reading:
        application.require_tables(reading)
    yield from _tried("clock of the demo", lambda: _moved_clock(settings, transactions))
    yield from _tried("database", lambda: _published(transactions))
    yield from _tried("tables", lambda: _tables(transactions))
    yield from _tried("file", lambda: _examined(transactions))
    yield from _tried("key", lambda: _key(settings, transactions))
    if processes:
        yield from _tried("processes", lambda: _processes(transactions))


def _server(engine: Engine) -> Iterator[Check]:
    server = served_by(engine)
    known = f"process {server}" if server else "a process that has not said which"
    yield Check("server", OK, "none runs" if server is None else known)


def _published(transactions: Transactions) -> Iterator[Check]:
    with transactions.reading() as reading:
        current = deployments.current(reading)
    yield Check("database", OK, f"version {current.number} of the processes is published")


def _tables(transactions: Transactions) -> Iterator[Check]:
    with transactions.reading() as reading:
        fits = migrations.is_current(reading.connection())
    yield Check("tables", OK if fits else FAIL, "current" if fits else "Run: handschlag migrate")


def _examined(transactions: Transactions) -> Iterator[Check]:
    with transactions.reading() as reading:
        yield from examining.examine(reading.connection())


def _moved_clock(settings: Settings, transactions: Transactions) -> Iterator[Check]:
    """Tell whether the clock is moved; in a demo, all that follows is looked at by it."""
    with transactions.reading() as reading:
        ahead = timedelta(seconds=clock_offset_seconds(reading))
    if settings.demo:
        clock.follow(ahead)
    if ahead:
        yield Check("clock of the demo", WARN, f"moved by {ahead}. Run: handschlag clock reset")


def _key(settings: Settings, transactions: Transactions) -> Iterator[Check]:
    sealing.attach(transactions.engine, sealing.read_key(settings.key_path))
    with transactions.reading() as reading:
        sealing.prove(reading)
    yield Check("key", OK, f"{settings.key_path} opens the cases of this database")


def _processes(transactions: Transactions) -> Iterator[Check]:
    """Hold the projections of all processes against their snapshots: none may differ."""
    wrong = [str(each.instance_id) for each in reconciling.survey(transactions)]
    if not wrong:
        yield Check("processes", OK, "0 differ from their rows")
        return
    some = ", ".join(wrong[:MOST_NAMED])
    advice = "Move or cancel them: docs/how-to/faults.md, “What is stored does not fit together”"
    yield Check("processes", FAIL, f"{len(wrong)} differ from their rows: {some}. {advice}")


def _secrets(settings: Settings) -> Iterator[Check]:
    paths = (settings.key_path, settings.web_secret_path)
    looks = [look for path in paths for look in _tried("secrets", partial(_secret, path))]
    yield from looks or [Check("secrets", WARN, f"none are in {settings.key_path.parent}")]


def _secret(path: Path) -> Iterator[Check]:
    if path.exists():  # that of the cookies is made when the pages are first served
        read_secret(path)
        yield Check("secrets", OK, f"nobody else reads {path}")


def _disk(settings: Settings) -> Iterator[Check]:
    folder = settings.data_dir
    free = shutil.disk_usage(folder if folder.is_dir() else ".").free
    verdict = OK if free >= ENOUGH_DISK else FAIL
    yield Check("disk", verdict, f"{free // 1024**2} MB free")


def _mail(settings: Settings) -> Iterator[Check]:
    if not settings.smtp_host:
        yield Check("mail", WARN, "no relay is set (HANDSCHLAG_SMTP_HOST): mails are only kept")
        return
    address = (settings.smtp_host, settings.smtp_port)
    try:
        socket.create_connection(address, timeout=settings.smtp_timeout).close()
    except (OSError, UnicodeError) as error:  # the second for what can be no name of a machine
        yield Check("mail", FAIL, f"{settings.smtp_host}:{settings.smtp_port}: {error}")
    else:
        yield Check("mail", OK, f"{settings.smtp_host}:{settings.smtp_port}")


def _bundle() -> Iterator[Check]:
    if Bundle().entry("app").script is None:
        yield Check("browser parts", FAIL, "not built. Run: python3 dev.py run")
    else:
        yield Check("browser parts", OK, "built")


COMMANDS = (doctor,)

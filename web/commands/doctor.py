"""Look the installation over: each line ok, warn or fail, with what to do."""

import shutil
import socket
import sys
from collections.abc import Iterator

import click
from sqlalchemy.exc import SQLAlchemyError

from bpmn.errors import Refusal, Unavailable
from engine import clock, deployments, examining, reconciling
from engine.examining import Check, Verdict
from web.assets import Bundle
from web.commands.installation import on_installation
from web.commands.output import as_json, show_json, told
from web.health import ENOUGH_DISK
from workflows import migrations
from workflows.application import Application
from workflows.secret_files import read_secret

MOST_NAMED = 10
OK, WARN, FAIL = Verdict.OK, Verdict.WARN, Verdict.FAIL


@click.command()
@click.option("--processes", is_flag=True, help="Compare every process with its rows: takes long.")
@as_json
@on_installation
def doctor(found: Application, *, as_json: bool, processes: bool) -> int:
    """Look the installation over and say what to mend."""
    checks = list(_look_over(found))
    wrong = {check.subject for check in checks if check.verdict is FAIL}
    if processes and not wrong & {"database", "tables"}:
        checks.append(_processes(found))
    if as_json:
        show_json(checks)
    else:
        for check in checks:
            click.echo(f"{check.verdict:<5} {check.subject}: {check.remark}")
    return 1 if any(check.verdict is FAIL for check in checks) else 0


def _look_over(found: Application) -> Iterator[Check]:
    yield Check("Python", OK, sys.version.split()[0])
    yield from _database(found)
    yield _secrets(found)
    yield _disk(found)
    yield _mail(found)
    yield _bundle()
    moved = bool(clock.offset())
    yield Check("clock", WARN if moved else OK, clock.now().isoformat(timespec="seconds"))


def _database(found: Application) -> Iterator[Check]:
    try:
        with found.transactions.reading() as reading:
            current = deployments.current(reading)
            fits = migrations.is_current(reading.connection())
            checks = list(examining.examine(reading.connection()))
    except Unavailable as away:
        yield Check("database", FAIL, told(away.sentence))
    except Refusal as refusal:
        yield Check("database", FAIL, f"{told(refusal.sentence)} Run: handschlag migrate")
    except SQLAlchemyError:
        yield Check("database", FAIL, "the tables are not there. Run: handschlag migrate")
    else:
        yield Check("database", OK, f"version {current.number} of the processes is published")
        yield Check(
            "tables", OK if fits else FAIL, "current" if fits else "Run: handschlag migrate"
        )
        yield from checks
        yield _key(found)


def _processes(found: Application) -> Check:
    """Hold the projections of all processes against their snapshots: none may differ."""
    wrong = [str(each.instance_id) for each in reconciling.survey(found.transactions)]
    some = ", ".join(wrong[:MOST_NAMED])
    remark = f"{len(wrong)} differ from their rows" + (f": {some}" if wrong else "")
    return Check("processes", FAIL if wrong else OK, remark)


def _key(found: Application) -> Check:
    try:
        found.require_founded()
    except Refusal as refusal:
        return Check("key", FAIL, told(refusal.sentence))
    return Check("key", OK, "opens the cases of this database")


def _secrets(found: Application) -> Check:
    try:
        read_secret(found.settings.key_path)
        read_secret(found.settings.web_secret_path)
    except Refusal as refusal:
        return Check("secrets", FAIL, told(refusal.sentence))
    return Check("secrets", OK, f"{found.settings.key_path.parent}, readable by you alone")


def _disk(found: Application) -> Check:
    folder = found.settings.data_dir
    free = shutil.disk_usage(folder if folder.is_dir() else ".").free
    verdict = OK if free >= ENOUGH_DISK else FAIL
    return Check("disk", verdict, f"{free // 1024**2} MB free")


def _mail(found: Application) -> Check:
    settings = found.settings
    if not settings.smtp_host:
        return Check("mail", WARN, "no relay is set (HANDSCHLAG_SMTP_HOST): mails are only kept")
    address = (settings.smtp_host, settings.smtp_port)
    try:
        socket.create_connection(address, timeout=settings.smtp_timeout).close()
    except OSError as error:
        return Check("mail", FAIL, f"{settings.smtp_host}:{settings.smtp_port}: {error}")
    return Check("mail", OK, f"{settings.smtp_host}:{settings.smtp_port}")


def _bundle() -> Check:
    if Bundle().entry("app").script is None:
        return Check("browser parts", FAIL, "not built. Run: python3 dev.py run")
    return Check("browser parts", OK, "built")


COMMANDS = (doctor,)

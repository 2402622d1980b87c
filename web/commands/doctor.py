"""Look the installation over: each line ok, warn or fail, with what to do."""

import shutil
import socket
import sqlite3
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import click

from bpmn.errors import Refusal
from engine import clock, deployments
from web.assets import Bundle
from web.commands.installation import on_installation
from web.commands.output import as_json, show_json, told
from web.health import ENOUGH_DISK
from workflows.application import Application
from workflows.secret_files import read_secret


@dataclass(frozen=True)
class Line:
    subject: str
    verdict: str
    remark: str


@click.command()
@as_json
@on_installation
def doctor(found: Application, *, as_json: bool) -> int:
    """Look the installation over and say what to mend."""
    lines = list(_examine(found))
    if as_json:
        show_json(lines)
    else:
        for line in lines:
            click.echo(f"{line.verdict:<5} {line.subject}: {line.remark}")
    return 1 if any(line.verdict == "fail" for line in lines) else 0


def _examine(found: Application) -> Iterator[Line]:
    yield Line("Python", "ok", sys.version.split()[0])
    yield Line("SQLite", "ok", sqlite3.sqlite_version)
    yield _database(found)
    yield _secrets(found)
    yield _disk(found)
    yield _mail(found)
    yield _bundle()
    moved = bool(clock.offset())
    yield Line("clock", "warn" if moved else "ok", clock.now().isoformat(timespec="seconds"))


def _database(found: Application) -> Line:
    try:
        with found.transactions.reading() as reading:
            current = deployments.current(reading)
    except Refusal as refusal:
        return Line("database", "fail", f"{told(refusal.sentence)} Run: handschlag migrate")
    return Line("database", "ok", f"version {current.number} of the processes is published")


def _secrets(found: Application) -> Line:
    try:
        read_secret(found.settings.key_path)
        read_secret(found.settings.web_secret_path)
    except Refusal as refusal:
        return Line("secrets", "fail", told(refusal.sentence))
    return Line("secrets", "ok", f"{found.settings.key_path.parent}, readable by you alone")


def _disk(found: Application) -> Line:
    folder = found.settings.data_dir
    free = shutil.disk_usage(folder if folder.is_dir() else ".").free
    verdict = "ok" if free >= ENOUGH_DISK else "fail"
    return Line("disk", verdict, f"{free // 1024**2} MB free")


def _mail(found: Application) -> Line:
    settings = found.settings
    if not settings.smtp_host:
        return Line("mail", "warn", "no relay is set (HANDSCHLAG_SMTP_HOST): mails are only kept")
    address = (settings.smtp_host, settings.smtp_port)
    try:
        socket.create_connection(address, timeout=settings.smtp_timeout).close()
    except OSError as error:
        return Line("mail", "fail", f"{settings.smtp_host}:{settings.smtp_port}: {error}")
    return Line("mail", "ok", f"{settings.smtp_host}:{settings.smtp_port}")


def _bundle() -> Line:
    if Bundle().entry("app").script is None:
        return Line("browser parts", "fail", "not built. Run: python3 dev.py run")
    return Line("browser parts", "ok", "built")


COMMANDS = (doctor,)

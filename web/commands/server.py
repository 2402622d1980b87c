"""Serve: the pages, the worker, or both in one process."""

import json
import logging
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from bpmn.errors import Conflict, Unavailable
from bpmn.wording import say
from engine.queries import clock_offset_seconds
from web import logs
from web.app import create_app
from web.commands.installation import data_option, on_installation
from web.commands.output import told
from web.roles import ROLES
from web.serving import STOP_WITHIN, Server
from workflows import application, demo
from workflows.access import Role
from workflows.application import Application
from workflows.settings import Settings

_host = click.option("--host", help="Address to listen on (HANDSCHLAG_HOST).")
_port = click.option("--port", type=int, help="Port to listen on (HANDSCHLAG_PORT).")


class ClockMoved(Conflict):
    def __init__(self) -> None:
        super().__init__(
            say("The clock of this installation is moved. Run: handschlag clock reset")
        )


class PortTaken(Unavailable):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            say(
                "%(host)s:%(port)s is taken by another program. Choose another with --port.",
                host=host,
                port=port,
            )
        )


@click.command()
@_host
@_port
@data_option
@click.option("--no-demo", is_flag=True, help="Start empty, without demo data and movable clock.")
def run(host: str | None, port: int | None, data_dir: Path | None, *, no_demo: bool) -> None:
    """Run everything in one process: database, pages, worker."""
    given = os.environ.get("HANDSCHLAG_DEMO", "yes").strip().lower()
    wants_demo = not no_demo and given not in {"0", "no", "false", "off"}
    settings = Settings.load(os.environ, host=host, port=port, data_dir=data_dir, demo=wants_demo)
    found = application.build(settings)
    _progress("Preparing the database …")
    found.prepare()
    _require_real_time(found)
    if wants_demo:
        _progress("Playing the demo cases …")
        logs.configure(logging.WARNING)
        demo.fill(found)
        logs.configure()
    with _working(found):
        _serve(found)
    found.close()


@click.command()
@_host
@_port
@data_option
def web(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve the pages and the JSON API; a worker runs elsewhere."""
    found = application.build(Settings.load(os.environ, host=host, port=port, data_dir=data_dir))
    _require_real_time(found)
    _serve(found)
    found.close()


@click.command()
@on_installation
def worker(found: Application) -> None:
    """Do what is due: timers, service tasks, mails."""
    _require_real_time(found)
    _stop_on_signals(found)
    click.echo("The worker is on duty.")
    found.work()


def _require_real_time(found: Application) -> None:
    """Refuse to do real work by a clock that somebody has moved."""
    if found.settings.demo:
        return
    with found.transactions.reading() as reading:
        if clock_offset_seconds(reading):
            raise ClockMoved


def _serve(found: Application) -> None:
    settings = found.settings
    try:
        scheme = settings.link_base.partition(":")[0]
        server = Server(create_app(found), settings.host, settings.port, scheme)
    except OSError as error:
        raise PortTaken(settings.host, settings.port) from error
    _announce(found)
    _stop_on_signals(found)
    server.run(found.stopping)


def _progress(line: str) -> None:
    click.echo(line, err=True)


def _announce(found: Application) -> None:
    settings = found.settings
    click.echo(f"Handschlag runs at {settings.link_base}")
    if not (settings.demo and settings.demo_logins_path.is_file()):
        return
    click.echo(f"Demo logins (fictional, only on this installation; {settings.demo_logins_path}):")
    for login in json.loads(settings.demo_logins_path.read_text("utf-8")):
        role = told(ROLES[Role(login["role"])])
        click.echo(f"  {role:<32} {login['name']:<36} {login['password']}")


@contextmanager
def _working(found: Application) -> Iterator[None]:
    """Keep a worker running beside the block."""
    thread = threading.Thread(name="worker", target=found.work, daemon=True)
    thread.start()
    try:
        yield
    finally:
        found.stopping.set()
        thread.join(STOP_WITHIN)


def _stop_on_signals(found: Application) -> None:
    """Stop in good order at the first signal, at once at the second."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        if found.stopping.is_set():
            sys.exit(1)
        found.stopping.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


COMMANDS = (run, web, worker)

"""Serve the pages, alone or with a worker in the same process."""

import errno
import json
import logging
import os
from contextlib import closing
from pathlib import Path

import click

from bpmn.errors import Unavailable
from bpmn.wording import say
from engine.sole_server import alone
from web import logs
from web.app import create_app
from web.commands.installation import data_option
from web.commands.output import echo, told
from web.commands.worker import require_real_time, stop_on_signals
from web.roles import ROLES
from web.serving import Server
from workflows import application, demo, founding
from workflows.access import Role
from workflows.application import Application
from workflows.settings import Settings

_host = click.option("--host", help="Address to listen on (HANDSCHLAG_HOST).")
_port = click.option("--port", type=int, help="Port to listen on (HANDSCHLAG_PORT).")


class AddressUnknown(Unavailable):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            say(
                "This machine has no address %(host)s:%(port)s. Choose another with --host.",
                host=host,
                port=port,
            )
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


class PortForbidden(Unavailable):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            say(
                "This account may not listen on %(host)s:%(port)s. "
                "Choose a port from 1024 on with --port.",
                host=host,
                port=port,
            )
        )


_REFUSED = {
    errno.EADDRINUSE: PortTaken,
    errno.EACCES: PortForbidden,
    errno.EADDRNOTAVAIL: AddressUnknown,
    errno.EAFNOSUPPORT: AddressUnknown,
    errno.EINVAL: AddressUnknown,
}
"""What the machine says about an address that it does not let us listen on."""


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
    with closing(application.build(settings)) as found, alone(found.engine):
        _progress("Preparing the database …")
        founding.prepare(found)
        require_real_time(found)
        found.keep_time()
        if wants_demo:
            _progress("Playing the demo cases …")
            logs.configure(logging.WARNING)
            demo.fill(found)
            logs.configure()
        server = _open(found)
        with found.working():
            server.run(found.stopping)


@click.command()
@_host
@_port
@data_option
def web(host: str | None, port: int | None, data_dir: Path | None) -> None:
    """Serve the pages and the JSON API; a worker runs elsewhere."""
    settings = Settings.load(os.environ, host=host, port=port, data_dir=data_dir)
    with closing(application.open_existing(settings)) as found, alone(found.engine):
        require_real_time(found)
        found.keep_time()
        _open(found).run(found.stopping)


def _open(found: Application) -> Server:
    """Take the port and say so; whoever comes from here on is answered once it runs."""
    settings = found.settings
    app, scheme = create_app(found), settings.link_base.partition(":")[0]
    try:
        server = Server(app, settings.host, settings.port, scheme)
    except ValueError as error:  # so waitress says that no name server knows it
        raise AddressUnknown(settings.host, settings.port) from error
    except OSError as error:
        if error.errno not in _REFUSED:
            raise
        raise _REFUSED[error.errno](settings.host, settings.port) from error
    _announce(found)
    stop_on_signals(found)
    return server


def _progress(line: str) -> None:
    echo(line, err=True)


def _announce(found: Application) -> None:
    settings = found.settings
    echo(f"Handschlag runs at {settings.link_base}")
    if not (settings.demo and settings.demo_logins_path.is_file()):
        return
    echo(f"Demo logins (fictional, only on this installation; {settings.demo_logins_path}):")
    for login in json.loads(settings.demo_logins_path.read_text("utf-8")):
        role = told(ROLES[Role(login["role"])])
        echo(f"  {role:<32} {login['name']:<36} {login['password']}")


COMMANDS = (run, web)

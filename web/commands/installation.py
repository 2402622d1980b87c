"""Which installation a command works on."""

import os
from collections.abc import Callable
from functools import partial, wraps
from pathlib import Path
from typing import Any
from uuid import UUID

import click

from bpmn.host import Host
from engine import collisions
from engine.handlers import Handlers
from workflows import application
from workflows.access import Actor, Role
from workflows.notices import Notices
from workflows.processes import handlers
from workflows.settings import Settings

OPERATOR = Actor(
    UUID(int=0),
    "handschlag",
    frozenset({Role.ADMINISTRATION, Role.PROCESS_MANAGEMENT, Role.DATA_PROTECTION}),
)
"""Whoever may start the command on the machine itself."""

data_option = click.option(
    "--data",
    "data_dir",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of an embedded installation (HANDSCHLAG_DATA_DIR).",
)


def on_installation(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the application as its first argument, and `--data` to choose it."""

    @data_option
    @wraps(command)
    def opened(*, data_dir: Path | None, **arguments: Any) -> Any:
        found = application.build(Settings.load(os.environ, data_dir=data_dir))
        try:
            return collisions.again(found.transactions, partial(command, found, **arguments))
        finally:
            found.close()

    return opened


def host_alone() -> Host:
    """Return what diagrams may name here, without opening an installation."""
    return application.make_host(Handlers(handlers.services(Notices("")), {}))

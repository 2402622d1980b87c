"""Which installation a command works on."""

import os
from collections.abc import Callable
from contextlib import closing
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
from workflows.application import Application
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
    """Give a command the application as its first argument, and `--data` to choose it.

    Whatever it is, it makes none: where nothing has been founded it is refused.
    """
    return _given(application.open_existing, command)


def on_new_installation(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the application as `on_installation` does, a new one too."""
    return _given(application.build, command)


def _given(
    opening: Callable[[Settings], Application], command: Callable[..., Any]
) -> Callable[..., Any]:
    @data_option
    @wraps(command)
    def opened(*, data_dir: Path | None, **arguments: Any) -> Any:
        with closing(opening(Settings.load(os.environ, data_dir=data_dir))) as found:
            return collisions.again(found.transactions, partial(command, found, **arguments))

    return opened


def host_alone() -> Host:
    """Return what diagrams may name here, without opening an installation."""
    return application.make_host(Handlers(handlers.services(Notices("")), {}))

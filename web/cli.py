"""The command line `handschlag`: the same operations as the pages, one line of output or JSON.

Exit codes: 0 done, 1 refused or findings, 2 wrong use of the command.
"""

import sys

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bpmn.errors import Refusal
from web import logs
from web.commands import (
    cases,
    clock,
    decisions,
    doctor,
    faults,
    installation,
    instances,
    messages,
    people,
    processes,
    server,
    tck,
)
from web.commands.output import told

log = structlog.get_logger()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handschlag")
def cli() -> None:
    """Manage conflicts of a city, driven by BPMN."""


for _room in (
    server,
    installation,
    people,
    processes,
    decisions,
    tck,
    cases,
    instances,
    messages,
    faults,
    clock,
    doctor,
):
    for _command in _room.COMMANDS:
        cli.add_command(_command)


def main() -> None:
    """Run the command line; whatever is refused is said in one line."""
    logs.configure()
    try:
        code = cli(standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        _fail("Aborted.")
    except Refusal as refusal:
        _fail(told(refusal.sentence))
    except (SQLAlchemyError, OSError) as error:
        _fail(str(error).splitlines()[0])
    except Exception as error:  # noqa: BLE001 - the edge of the command line
        log.error("unexpected error", error=type(error).__name__, where=logs.where(error))  # noqa: TRY400 - no values in the log
        _fail(f"Unexpected error: {type(error).__name__}. The log says where.")
    sys.exit(code if isinstance(code, int) else 0)


def _fail(line: str) -> None:
    click.echo(line, err=True)
    sys.exit(1)

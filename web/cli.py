"""The command line `handschlag`: the same operations as the pages, one line of output or JSON.

Exit codes: 0 done, 1 refused or findings, 2 wrong use of the command.
"""

import sys
from importlib import import_module

import click
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bpmn.errors import Refusal
from web import logs
from web.commands.output import echo, told

log = structlog.get_logger()


ROOMS = {
    "run": "server",
    "web": "server",
    "worker": "worker",
    "migrate": "founding",
    "demo": "founding",
    "user": "people",
    "token": "people",
    "process": "processes",
    "decision": "decisions",
    "tck": "tck",
    "audit": "cases",
    "instance": "instances",
    "message": "messages",
    "signal": "messages",
    "fault": "faults",
    "statistics": "statistics",
    "retention": "retention",
    "clock": "clock",
    "doctor": "doctor",
}
"""In which module below `web.commands` each command stands."""


class Commands(click.Group):
    """Reads the module of a command when it is called: a worker starts without any page."""

    def list_commands(self, _context: click.Context) -> list[str]:
        return sorted(ROOMS)

    def get_command(self, _context: click.Context, name: str) -> click.Command | None:
        if name not in ROOMS:
            return None
        room = import_module(f"web.commands.{ROOMS[name]}")
        commands: tuple[click.Command, ...] = room.COMMANDS
        return next(command for command in commands if command.name == name)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="handschlag")
def cli() -> None:
    """Manage conflicts of a city, driven by BPMN."""


def main() -> None:
    """Run the command line; whatever is refused is said in one line."""
    logs.configure()
    try:
        _refuse_no_text(sys.argv[1:])
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


def _refuse_no_text(given: list[str]) -> None:
    """Bytes that spell nothing arrive as half characters, which no database and no log takes."""
    for place, argument in enumerate(given, 1):
        if any("\ud800" <= char <= "\udfff" for char in argument):
            raise click.UsageError(f"Argument {place} is no text in {sys.getfilesystemencoding()}.")


def _fail(line: str) -> None:
    echo(line, err=True)
    sys.exit(1)

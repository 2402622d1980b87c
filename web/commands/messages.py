"""Messages and signals to running processes, sent by hand."""

import click

from web.commands.given import command_option, reason_option
from web.commands.installation import OPERATOR, on_installation
from web.commands.output import as_json, echo, show_json
from web.guard import MalformedJson, read_json
from workflows.application import Application
from workflows.tending import announcing
from workflows.tending.acts import Why
from workflows.tending.announcing import Letter
from workflows.tending.values import read_values

_variables = click.option(
    "--variables",
    default="{}",
    help='What it carries, one JSON object; {"feel": "date(\\"2027-01-15\\")"} for dates.',
)


class NoObjectError(click.UsageError):
    def __init__(self) -> None:
        super().__init__("--variables takes one JSON object.")


@click.group()
def message() -> None:
    """Messages to running processes."""


@message.command("send")
@click.argument("name")
@click.argument("key")
@_variables
@click.option("--life", default="P7D", help="How long it waits for its receiver (P7D).")
@reason_option
@command_option
@on_installation
def send(found: Application, name: str, key: str, life: str, **given: str) -> None:
    """Send the message NAME to the process that waits for it under KEY (a case id)."""
    values = read_values(found.host, _object(given["variables"]))
    letter = Letter(name, key, values, announcing.read_life(life))
    with found.transactions.begin() as uow:
        announcing.send_message(
            uow, OPERATOR, letter, Why(given["reason"], given["command"], given["variables"])
        )
    echo("The message is on its way.")


@click.group()
def signal() -> None:
    """Signals to all processes that wait for them."""


@signal.command("throw")
@click.argument("name")
@_variables
@reason_option
@command_option
@as_json
@on_installation
def throw(found: Application, name: str, *, as_json: bool, **given: str) -> None:
    """Throw the signal NAME: whatever waits for it now hears it."""
    values = read_values(found.host, _object(given["variables"]))
    why = Why(given["reason"], given["command"], given["variables"])
    with found.transactions.begin() as uow:
        heard = announcing.throw_signal(uow, OPERATOR, name, values, why)
    if as_json:
        show_json({"receivers": heard})
        return
    echo(f"The signal is on its way to {heard} places.")


def _object(text: str) -> dict[str, object]:
    try:
        found = read_json(text)
    except MalformedJson:
        found = None
    if not isinstance(found, dict):
        raise NoObjectError
    return found


COMMANDS = (message, signal)

"""What operators give along with a command: why, under which name, and values in FEEL."""

from collections.abc import Iterable
from typing import Any

import click

from bpmn.errors import Invalid
from bpmn.feel import compile_expression
from bpmn.host import Host
from bpmn.wording import say
from web.rules import MOST
from workflows.tending.acts import LONGEST_COMMAND

NUMBER = click.IntRange(0, MOST)
"""A number by which something is known here, such as a version of the diagrams or a token."""
reason_option = click.option("--reason", required=True, help="Why; kept with the act.")


def _name(_context: click.Context, _parameter: click.Parameter, name: str | None) -> str | None:
    if name is not None and not 0 < len(name.strip()) <= LONGEST_COMMAND:
        raise click.BadParameter(f"It has 1 to {LONGEST_COMMAND} characters.")
    return name and name.strip()


command_option = click.option(
    "--id",
    "command",
    callback=_name,
    help="Name of this command: repeated under it, nothing happens again.",
)


class WrongInput(Invalid):
    def __init__(self, text: str) -> None:
        super().__init__(
            say("“%(text)s” is no input; write name=value, such as glasl_stage=3.", text=text)
        )


def read_assignments(texts: Iterable[str], host: Host) -> dict[str, Any]:
    """Read texts like `glasl_stage=3`, whose values are written in FEEL."""
    return dict(_read(text, host) for text in texts)


def _read(text: str, host: Host) -> tuple[str, Any]:
    name, equals, value = text.partition("=")
    if not equals or not name.strip():
        raise WrongInput(text)
    formula = compile_expression(value, functions=host.functions)
    return name.strip(), formula.evaluate({}, host)

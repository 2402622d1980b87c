"""Ask a decision table."""

from pathlib import Path

import click
import orjson

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.dmn import MatchedRule
from bpmn.errors import Invalid
from bpmn.feel.values import from_python
from bpmn.wording import say
from web.commands.installation import host_alone
from web.commands.output import show_json


class NoSuchDecision(Invalid):
    def __init__(self, name: str) -> None:
        super().__init__(say("The file holds no decision “%(name)s”.", name=name))


class WrongInputs(Invalid):
    def __init__(self) -> None:
        super().__init__(say('The inputs must be one JSON object, such as {"glasl_stage": 3}.'))


@click.group()
def decision() -> None:
    """Decision tables."""


@decision.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("name")
@click.argument("inputs")
def evaluate(file: Path, name: str, inputs: str) -> None:
    """Evaluate the decision NAME of FILE for INPUTS (a JSON object).

    The answer is JSON: the value, and which rows gave it with which inputs.
    """
    try:
        given = orjson.loads(inputs)
    except orjson.JSONDecodeError as error:
        raise WrongInputs from error
    if not isinstance(given, dict):
        raise WrongInputs
    host = host_alone()
    found = load(Bundle({file.name: file.read_bytes()}), host).decisions.get(name)
    if found is None:
        raise NoSuchDecision(name)
    outcome = found.evaluate({key: from_python(value) for key, value in given.items()})
    show_json({"value": outcome.value, "rules": [_told(rule) for rule in outcome.rules]})


def _told(rule: MatchedRule) -> dict[str, object]:
    return {
        "decision": rule.decision,
        "number": rule.number,
        "annotation": rule.annotation,
        "inputs": dict(rule.inputs),
    }


COMMANDS = (decision,)

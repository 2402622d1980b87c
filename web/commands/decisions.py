"""Ask a decision."""

from collections.abc import Mapping
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

import click
import orjson

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.dmn import MatchedRule
from bpmn.errors import Invalid
from bpmn.feel import from_python
from bpmn.feel.operations.writing import written
from bpmn.wording import Sentence, say
from web.commands.given import read_assignments
from web.commands.installation import host_alone
from web.commands.output import as_json, echo, show_json, told

MOST_WHOLE = 2**53
"""Beyond it a reader of JSON may not tell whole numbers apart."""


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
@click.argument("inputs", default="{}")
@click.option(
    "--input",
    "written_inputs",
    multiple=True,
    metavar="NAME=FEEL",
    help="One input and its value, such as: --input 'route=\"mediation\"'.",
)
@as_json
def evaluate(
    file: Path, name: str, inputs: str, written_inputs: tuple[str, ...], *, as_json: bool
) -> None:
    """Evaluate the decision NAME of FILE, and say which rows gave the answer and why.

    INPUTS is one JSON object; --input adds values that are written in FEEL.
    """
    host = host_alone()
    given = _given(inputs) | read_assignments(written_inputs, host)
    found = load(Bundle({file.name: file.read_bytes()}), host).decisions.get(name)
    if found is None:
        raise NoSuchDecision(name)
    outcome = found.evaluate(given, host)
    missing = sorted({each.name for each in found.data()} - given.keys())
    warnings = [say("“%(name)s” was not given and counts as null.", name=each) for each in missing]
    warnings += outcome.warnings
    if as_json:
        show_json(_answer(outcome.value, outcome.rules, warnings))
    else:
        _show(outcome.value, outcome.rules, warnings)


def _given(inputs: str) -> dict[str, Any]:
    try:
        given = orjson.loads(inputs)
    except orjson.JSONDecodeError as error:
        raise WrongInputs from error
    if not isinstance(given, dict):
        raise WrongInputs
    return {key: from_python(value) for key, value in given.items()}


def _answer(
    value: Any, rules: tuple[MatchedRule, ...], warnings: list[Sentence]
) -> dict[str, object]:
    return {
        "value": _plain(value),
        "rules": [
            {
                "decision": rule.decision,
                "rule": rule.rule,
                "number": rule.number,
                "annotation": rule.annotation,
                "inputs": {label: _plain(each) for label, each in rule.inputs},
            }
            for rule in rules
        ],
        "warnings": [told(each) for each in warnings],
    }


def _show(value: Any, rules: tuple[MatchedRule, ...], warnings: list[Sentence]) -> None:
    echo(written(value))
    for rule in rules:
        because = ", ".join(f"{label} = {written(each)}" for label, each in rule.inputs)
        echo(f"  {rule.decision}, {rule.number}: {because}  {rule.annotation}".rstrip())
    for each in warnings:
        echo(told(each), err=True)


def _plain(value: Any) -> Any:
    """Turn a value into JSON: what JSON lacks is written in FEEL."""
    if isinstance(value, Decimal):
        return _plain_number(value)
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    return value if value is None or isinstance(value, bool | str) else written(value)


COMMANDS = (decision,)


def _plain_number(value: Decimal) -> int | float | str:
    if value == value.to_integral_value() and abs(value) < MOST_WHOLE:
        return int(value)
    number = float(value)
    return number if isfinite(number) else written(value)

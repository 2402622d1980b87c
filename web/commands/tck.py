"""Run the DMN Technology Compatibility Kit."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path

import click

from bpmn.dmn.tck import Verdict, run
from bpmn.errors import Invalid
from bpmn.wording import say
from web.commands.output import as_json, echo, show_json, told

FAILURES = 1


class NoCases(Invalid):
    """A run that tried nothing must not look like one that passed."""

    def __init__(self, folder: Path) -> None:
        super().__init__(say("There are no cases of the test kit below %(folder)s.", folder=folder))


@click.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@as_json
def tck(folder: Path, *, as_json: bool) -> int:
    """Run the DMN TCK cases below FOLDER; the exit code is 1 when one fails."""
    verdicts = list(run(folder))
    if not verdicts:
        raise NoCases(folder)
    passed = sum(verdict.passed for verdict in verdicts)
    if as_json:
        show_json([_row(verdict) for verdict in verdicts])
    else:
        _show(verdicts)
        echo(f"{passed} passed, {len(verdicts) - passed} failed")
    return 0 if passed == len(verdicts) else FAILURES


def _show(verdicts: Iterable[Verdict]) -> None:
    for folder, found in groupby(verdicts, attrgetter("folder")):
        cases = list(found)
        echo(f"{sum(case.passed for case in cases):>5} of {len(cases):<4} {folder}")
        for case in cases:
            if case.problem is not None:
                echo(f"      {case.case}: {told(case.problem)}")


def _row(verdict: Verdict) -> dict[str, object]:
    return {
        "folder": verdict.folder,
        "case": verdict.case,
        "passed": verdict.passed,
        "problem": None if verdict.problem is None else told(verdict.problem),
    }


COMMANDS = (tck,)

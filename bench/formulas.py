"""A condition in FEEL and the largest decision table we ship, compiled, in microseconds of CPU.

The only budgets in time itself; beside each stands the same thing in Python, measured in turn.
The quietest round counts, as a neighbour can only make it slower.
"""

import statistics
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bench.harness import is_full, report
from bpmn.dmn import read_decisions
from bpmn.feel import compile_expression
from bpmn.xml import read
from workflows.processes import catalog

CONDITION = 'route = "mediation" and glasl_stage >= 6'
SCOPE = {"route": "mediation", "glasl_stage": Decimal(7), "case_id": "4711"}
LARGEST = "route"
ROUND_SECONDS = 0.05


def main() -> int:
    rounds = 200 if is_full("formulas") else 60
    return report("formulas", [condition(rounds), table(rounds)])


def condition(rounds: int) -> dict[str, Any]:
    formula = compile_expression(CONDITION)
    code = compile(CONDITION.replace(" = ", " == "), "condition", "eval")
    assert formula.evaluate(SCOPE) is True
    figures = _in_turn(
        rounds,
        feel=lambda: formula.evaluate(SCOPE),
        python=lambda: eval(code, {}, SCOPE),
    )
    return _judge("condition", figures, 5, {"formula": CONDITION})


def table(rounds: int) -> dict[str, Any]:
    decision = read_decisions(read(catalog.shipped_bundle().files[f"{LARGEST}.dmn"]))[LARGEST]
    inputs = dict.fromkeys(sorted(each.thing.name for each in decision.inputs))
    known = {"glasl_stage": Decimal(3), "constellation": "two", "repeats_12m": Decimal(0)}
    inputs |= {name: value for name, value in known.items() if name in inputs}
    outcome = decision.evaluate(inputs)
    assert outcome.rules, "no rule matched"
    figures = _in_turn(rounds, table=lambda: decision.evaluate(inputs))
    logic: Any = decision.logic
    size = {"rules": len(logic.rules), "inputs": len(inputs), "matched": len(outcome.rules)}
    return _judge("decision table", figures, 60, size)


def _in_turn(rounds: int, **ways: Callable[[], object]) -> dict[str, list[float]]:
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(rounds):
        for name, work in ways.items():
            taken[name].append(_round(work))
    return taken


def _round(work: Callable[[], object]) -> float:
    done, begun = 0, time.process_time()
    while (elapsed := time.process_time() - begun) < ROUND_SECONDS:
        for _ in range(100):
            work()
        done += 100
    return elapsed / done * 1e6


def _judge(
    name: str, figures: dict[str, list[float]], at_most: float, facts: dict[str, Any]
) -> dict[str, Any]:
    microseconds = {
        way: {"lowest": round(min(taken), 2), "median": round(statistics.median(taken), 2)}
        for way, taken in figures.items()
    }
    ours = next(iter(figures))
    missed = [ours] if microseconds[ours]["lowest"] > at_most else []
    found = {"cpu_microseconds": microseconds, "at_most": at_most, "facts": facts}
    return {"bench": name, **found, "missed": missed, "judged": True}


if __name__ == "__main__":
    sys.exit(main())

"""Compare ways to do the same work, honestly on a machine that others use too.

A figure is never a time, always a ratio to a baseline that ran a moment before or after it: rounds are
short, interleaved and alternate in order, the median round counts. The baseline also runs against
itself; where that differs by more than a tenth, the machine was too restless and nothing is judged.

    def main() -> int:
        return run(Benchmark(
            name="start_case",
            baseline=Contender("bare", bare.start),
            contenders=[Contender("service", start, budget=Budget(at_least=0.6))],
            check=every_case_is_there,
        ))

A script that compares several things opens one `Benchmark` after the other and ends with `report`.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import Any

SHORT_SECONDS = 30.0
FULL_SECONDS = 180.0
ROUND_SECONDS = 0.5
FEWEST_ROUNDS = 5
RESTLESS = 0.10
MARGIN = 0.10


@dataclass(frozen=True)
class Budget:
    """What a ratio has to reach: baseline = 1, more is faster; `by` rate on the wall or CPU."""

    at_least: float
    ambition: float | None = None
    by: str = "rate"


@dataclass(frozen=True)
class Contender:
    """One way to do the work; `work` does it once."""

    name: str
    work: Callable[[], object]
    budget: Budget | None = None


@dataclass(frozen=True)
class Benchmark:
    """What is compared; `check` raises when an answer was wrong, however fast."""

    name: str
    baseline: Contender
    contenders: Sequence[Contender]
    check: Callable[[], object] = lambda: None
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Clock:
    """Where the time comes from; tests bring their own."""

    wall: Callable[[], float] = time.perf_counter
    cpu: Callable[[], float] = time.process_time


@dataclass(frozen=True)
class Round:
    """What one contender did in one round."""

    per_second: float
    cpu_microseconds: float


def run(benchmark: Benchmark, arguments: Sequence[str] | None = None) -> int:
    """Measure, print the JSON line, and return 1 when a budget is missed twice in a row."""
    full = is_full(benchmark.name, arguments)
    seconds = FULL_SECONDS if full else SHORT_SECONDS
    result = measure(benchmark, seconds)
    if _is_near_or_below(result) and not full:
        result = measure(benchmark, seconds / 2.5)
    result |= {"machine": _machine()}
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["judged"] and result["missed"] else 0


def report(name: str, sections: Iterable[dict[str, Any]], **facts: Any) -> int:
    """Print one JSON line for several comparisons, and return 1 when a budget was missed.

    A section is what `measure` returns, or what was counted: {"bench", "missed", "judged", …}.
    """
    found = list(sections)
    missed = [
        f"{part['bench']}: {one}" for part in found if part["judged"] for one in part["missed"]
    ]
    restless = [part["bench"] for part in found if not part["judged"]]
    line = {"bench": name, "sections": found, "missed": missed, "too_restless_to_judge": restless}
    print(json.dumps({**line, **facts, "machine": _machine()}, ensure_ascii=False))
    return 1 if missed else 0


def counted(name: str, figures: dict[str, float], budgets: dict[str, float]) -> dict[str, Any]:
    """Judge exact counts: a figure above its budget is missed, whatever the machine does."""
    missed = [key for key, most in budgets.items() if figures[key] > most]
    return {"bench": name, "counts": figures, "at_most": budgets, "missed": missed, "judged": True}


def measure(benchmark: Benchmark, seconds: float, clock: Clock | None = None) -> dict[str, Any]:
    """Run the rounds and say what came out; see the module for what the figures mean."""
    ways = [benchmark.baseline, *benchmark.contenders, benchmark.baseline]
    rounds = max(FEWEST_ROUNDS, int(seconds / ROUND_SECONDS / len(ways)))
    length = min(ROUND_SECONDS, seconds / rounds / len(ways))
    clock = clock or Clock()
    for way in ways:
        way.work()
    figures: list[list[Round]] = [[] for _ in ways]
    for number in range(rounds):
        places = range(len(ways)) if number % 2 == 0 else reversed(range(len(ways)))
        for place in places:
            figures[place].append(_one_round(ways[place], clock, length))
    benchmark.check()
    return _result(benchmark, figures)


def _one_round(way: Contender, clock: Clock, length: float) -> Round:
    done, begun, cpu = 0, clock.wall(), clock.cpu()
    while done == 0 or clock.wall() - begun < length:
        way.work()
        done += 1
    elapsed, worked = clock.wall() - begun, clock.cpu() - cpu
    return Round(done / elapsed, worked / done * 1e6)


def _result(benchmark: Benchmark, figures: list[list[Round]]) -> dict[str, Any]:
    baseline, *others, again = figures
    rows = {
        contender.name: {**_ratios(rounds, baseline), **_figures(rounds), **_budget(contender)}
        for contender, rounds in zip(benchmark.contenders, others, strict=True)
    }
    itself = _ratios(again, baseline)
    judged_by = {row.get("by", "rate") for row in rows.values()}
    restlessness = max(abs(itself[_MEDIAN[by]] - 1) for by in judged_by or {"rate"})
    return {
        "bench": benchmark.name,
        "baseline": {"name": benchmark.baseline.name, **_figures(baseline)},
        "ratios": rows,
        "missed": [name for name, row in rows.items() if _reached(row) < row.get("at_least", 0)],
        "judged": restlessness <= RESTLESS,
        "self_test": round(restlessness, 3),
        "rounds": len(baseline),
        "facts": benchmark.facts,
    }


_MEDIAN = {"rate": "median", "cpu": "cpu_median"}


def _reached(row: dict[str, Any]) -> float:
    return float(row[_MEDIAN[row.get("by", "rate")]])


def _ratios(rounds: list[Round], baseline: list[Round]) -> dict[str, float]:
    pairs = list(zip(rounds, baseline, strict=True))
    rates = [one.per_second / base.per_second for one, base in pairs]
    work = [base.cpu_microseconds / max(one.cpu_microseconds, 0.01) for one, base in pairs]
    named = {
        "median": statistics.median(rates),
        "lowest": min(rates),
        "highest": max(rates),
        "cpu_median": statistics.median(work),
    }
    return {name: round(ratio, 3) for name, ratio in named.items()}


def _figures(rounds: list[Round]) -> dict[str, float]:
    return {
        "per_second": round(statistics.median(r.per_second for r in rounds), 1),
        "cpu_microseconds": round(statistics.median(r.cpu_microseconds for r in rounds), 1),
    }


def _budget(contender: Contender) -> dict[str, Any]:
    if contender.budget is None:
        return {}
    budget = contender.budget
    named = {"at_least": budget.at_least, "ambition": budget.ambition, "by": budget.by}
    return {name: value for name, value in named.items() if value is not None}


def _is_near_or_below(result: dict[str, Any]) -> bool:
    rows = result["ratios"].values()
    return any(_reached(row) < row.get("at_least", 0) * (1 + MARGIN) for row in rows)


def _machine() -> dict[str, Any]:
    return {
        "python": platform.python_version(),
        "sqlalchemy": version("sqlalchemy"),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 2),
        "fsync_ms": round(_fsync_milliseconds(), 2),
    }


def _fsync_milliseconds(times: int = 9) -> float:
    with tempfile.TemporaryFile() as file:
        taken = []
        for _ in range(times):
            file.write(b"x" * 4096)
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1e3


def is_full(name: str, arguments: Sequence[str] | None = None) -> bool:
    parser = argparse.ArgumentParser(prog=name)
    parser.add_argument("--full", action="store_true", help="more rounds, for a report")
    return bool(parser.parse_args(sys.argv[1:] if arguments is None else arguments).full)

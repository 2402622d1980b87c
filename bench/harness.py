"""Compare ways to do the same work, honestly on a machine that others use too.

A figure is never a time, always a ratio to a baseline that ran a moment before or after it: rounds are
short, interleaved and alternate in order, the median round counts. The baseline also runs against
itself; where that differs by more than a tenth, the machine was too restless and nothing is judged.

    def main() -> int:
        return run(Benchmark(
            name="complete_task",
            baseline=Contender("bare", bare.complete),
            contenders=[Contender("engine", complete, budget=Budget(at_least=0.6))],
            check=every_task_is_completed_once,
        ))
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
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
    """What a ratio has to reach: baseline = 1, more is faster."""

    at_least: float
    ambition: float | None = None


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
    options = _options(benchmark, arguments)
    seconds = FULL_SECONDS if options.full else SHORT_SECONDS
    result = measure(benchmark, seconds)
    if _is_near_or_below(result) and not options.full:
        result = measure(benchmark, seconds / 2.5)
    print(json.dumps(result, ensure_ascii=False))
    return 1 if result["judged"] and result["missed"] else 0


def measure(benchmark: Benchmark, seconds: float, clock: Clock | None = None) -> dict[str, Any]:
    """Run the rounds and say what came out; see the module for what the figures mean."""
    ways = [benchmark.baseline, *benchmark.contenders, benchmark.baseline]
    rounds = max(FEWEST_ROUNDS, int(seconds / ROUND_SECONDS / len(ways)))
    clock = clock or Clock()
    for way in ways:
        way.work()
    figures: list[list[Round]] = [[] for _ in ways]
    for number in range(rounds):
        places = range(len(ways)) if number % 2 == 0 else reversed(range(len(ways)))
        for place in places:
            figures[place].append(_one_round(ways[place], clock))
    benchmark.check()
    return _result(benchmark, figures)


def _one_round(way: Contender, clock: Clock) -> Round:
    done, begun, cpu = 0, clock.wall(), clock.cpu()
    while clock.wall() - begun < ROUND_SECONDS:
        way.work()
        done += 1
    elapsed, worked = clock.wall() - begun, clock.cpu() - cpu
    return Round(done / elapsed, worked / done * 1e6)


def _result(benchmark: Benchmark, figures: list[list[Round]]) -> dict[str, Any]:
    baseline, *others, again = figures
    restlessness = abs(_ratios(again, baseline)["median"] - 1)
    rows = {
        contender.name: {**_ratios(rounds, baseline), **_figures(rounds), **_budget(contender)}
        for contender, rounds in zip(benchmark.contenders, others, strict=True)
    }
    missed = [name for name, row in rows.items() if row["median"] < row.get("at_least", 0)]
    return {
        "bench": benchmark.name,
        "baseline": {"name": benchmark.baseline.name, **_figures(baseline)},
        "ratios": rows,
        "missed": missed,
        "judged": restlessness <= RESTLESS,
        "self_test": round(restlessness, 3),
        "rounds": len(baseline),
        "facts": benchmark.facts,
        "machine": _machine(),
    }


def _ratios(rounds: list[Round], baseline: list[Round]) -> dict[str, float]:
    ratios = [one.per_second / base.per_second for one, base in zip(rounds, baseline, strict=True)]
    named = {"median": statistics.median(ratios), "lowest": min(ratios), "highest": max(ratios)}
    return {name: round(ratio, 3) for name, ratio in named.items()}


def _figures(rounds: list[Round]) -> dict[str, float]:
    return {
        "per_second": round(statistics.median(r.per_second for r in rounds), 1),
        "cpu_microseconds": round(statistics.median(r.cpu_microseconds for r in rounds), 1),
    }


def _budget(contender: Contender) -> dict[str, float]:
    if contender.budget is None:
        return {}
    named = {"at_least": contender.budget.at_least, "ambition": contender.budget.ambition}
    return {name: value for name, value in named.items() if value is not None}


def _is_near_or_below(result: dict[str, Any]) -> bool:
    rows = result["ratios"].values()
    return any(row["median"] < row.get("at_least", 0) * (1 + MARGIN) for row in rows)


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


def _options(benchmark: Benchmark, arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog=benchmark.name)
    parser.add_argument("--full", action="store_true", help="more rounds, for a report")
    return parser.parse_args(sys.argv[1:] if arguments is None else arguments)

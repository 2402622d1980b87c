"""States of processes as each format of snapshots stored them, and what became of them.

A file `tests/bpmn/snapshots/v<format>.json.gz` holds bundles, and walks over them: the state before
each step, the step, and the end. `python -m tests.workflows.processes.stored_states` writes that of
the format in use: once, when a format is new, and never again.
"""

import gzip
import json
import random
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache, cached_property
from pathlib import Path

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.feel.values import YearsMonths
from bpmn.spiff.codec import decode_all, encode_all
from bpmn.spiff.run import ProcessRun
from bpmn.spiff.snapshots import FORMAT
from tests.bpmn.spiff.drawing import (
    Clock,
    after,
    boundary,
    catch,
    document,
    each,
    end,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    start,
)
from tests.bpmn.spiff.test_sharing import CHILD, EVERYTHING
from tests.bpmn.spiff.test_snapshots import steps_of
from tests.workflows.processes.driving import HANDLERS, HOST, bundle, local
from tests.workflows.processes.wandering import Wanderer

FOLDER = Path(__file__).parents[2] / "bpmn" / "snapshots"
PATHS = sorted(FOLDER.glob("v*.json.gz"))
LONGEST = 60
NOON = local(2027, 5, 4, 12)
VALUES = {
    "case_id": "C-1",
    "day": date(2027, 3, 28),
    "moment": datetime.fromisoformat("2027-03-28T02:30:00+00:00"),
    "wall": NOON,
    "rule": NOON - local(2027, 5, 1),
    "term": YearsMonths(14),
    "list": [1, 2.5, True, None, {"inner": "text"}],
}
ROUNDS = process(
    start(),
    person("sketch", inside=each("=[1, 2]", "n", "found", "=n", sequential=True)),
    job("letter", "case.link", mapping({"n": "=count(found)"})),
    boundary("late", "letter", after("=rule"), interrupting=False),
    person("remind"),
    node("eventBasedGateway", "race"),
    catch("answer", message()),
    catch("pause", after("=term")),
    end(),
    end("e2"),
    flows("s>sketch>letter>race>answer>e;race>pause>e;late>remind>e2"),
)


@dataclass(frozen=True)
class Walk:
    """One process from its first rest to its end, or as far as it was followed."""

    format: int
    bundle: str
    states: list
    """Before each step and after the last: what was stored."""
    steps: list
    """When, what, at which element and at which of its tokens, with which values."""
    end: dict


@cache
def stored(path):
    """Read the walks of one format, and the diagrams they went over."""
    kept = json.loads(gzip.decompress(path.read_bytes()))
    bundles = {
        name: Bundle({file: text.encode() for file, text in files.items()})
        for name, files in kept["bundles"].items()
    }
    return [Walk(kept["format"], **walk) for walk in kept["walks"]], bundles


class Ground:
    """Where walks go: the definitions of a bundle, under a clock that is set."""

    def __init__(self, files):
        self.clock = Clock(NOON)
        host = replace(HOST, handlers=HANDLERS | {"send"}, now=self.clock)
        self.definitions = load(files, host)

    def restore(self, state):
        return ProcessRun.restore(self.definitions, state)

    def take(self, run, step):
        """Repeat a recorded step."""
        at, verb, element, place, values = step
        self.clock.moment = datetime.fromisoformat(at)
        token = [one.token for one in _waiting(run, verb) if one.element == element][place]
        getattr(run, verb)(token, *([decode_all(values)] if values is not None else []))
        run.settle()

    @cached_property
    def wanderer(self):
        return Wanderer(random.Random(7), self.definitions, self.clock)

    def walk(self, name, run, ways, dice):
        states, steps = [], []
        run.settle()
        while not run.is_finished and len(steps) < LONGEST and ways(run):
            verb, token, *values = dice.choice(ways(run))
            if verb == "fire":
                due = next(one.due for one in run.waiting_timers() if one.token == token)
                self.clock.moment = max(due, self.clock.moment)
            alike = _waiting(run, verb)
            element = next(one.element for one in alike if one.token == token)
            place = [one.token for one in alike if one.element == element].index(token)
            told = encode_all(feel(values[0])) if values else None
            step = [self.clock.moment.isoformat(), verb, element, place, told]
            states.append(run.snapshot())
            steps.append(step)
            run = self.restore(states[-1])
            self.take(run, step)
        self.clock.moment = NOON
        return {
            "bundle": name,
            "states": [*states, run.snapshot()],
            "steps": steps,
            "end": end_of(run),
        }


def feel(values):
    """Give values as the engine keeps them."""
    run = ProcessRun.begin(_plain(), "p", values)
    run.settle()
    return dict(run.variables)


@cache
def _plain():
    nodes = (start(), person("a"), end(), flows("s>a>e"))
    return load(Bundle({"p.bpmn": document(process(*nodes))}), HOST)


def end_of(run):
    """Tell how a walk ended, in terms that outlive every format."""
    kinds = (run.waiting_tasks, run.waiting_jobs, run.waiting_messages, run.waiting_timers)
    return {
        "finished": run.is_finished,
        "variables": encode_all(run.variables),
        "waits": sorted(f"{one.process}/{one.element}" for kind in kinds for one in kind()),
    }


def _waiting(run, verb):
    kinds = {
        "complete": run.waiting_tasks,
        "finish_job": run.waiting_jobs,
        "deliver": run.waiting_messages,
        "fire": run.waiting_timers,
    }
    return sorted(kinds[verb](), key=lambda one: one.token)


def record():
    """Walk over every bundle by dice and keep what was stored on the way."""
    bundles = {
        "everything": Bundle({"p.bpmn": document(EVERYTHING, CHILD)}),
        "rounds": Bundle({"p.bpmn": document(ROUNDS)}),
        "shipped": bundle(),
    }
    walks = []
    for name, count in {"everything": 6, "rounds": 6, "shipped": 9}.items():
        ground, dice = Ground(bundles[name]), random.Random(name)
        process_id = "neighbourhood_conflict" if name == "shipped" else "p"
        for _ in range(count):
            given = VALUES if name != "shipped" else SHIPPED
            run = ProcessRun.begin(ground.definitions, process_id, given)
            ways = ground.wanderer.ways if name == "shipped" else _drawn_ways
            walks.append(ground.walk(name, run, ways, dice))
    files = {
        name: {file: content.decode() for file, content in one.files.items()}
        for name, one in bundles.items()
    }
    kept = {"format": FORMAT, "bundles": files, "walks": walks}
    return gzip.compress(json.dumps(kept, ensure_ascii=False).encode(), 9, mtime=0)


SHIPPED = {
    "case_id": "c1",
    "context": "neighbourhood",
    "conflict_type": "noise",
    "quarter": "q1",
    "received_at": NOON,
}


def _drawn_ways(run):
    jobs = [("finish_job", one.token, {"done": True}) for one in run.waiting_jobs()]
    return [*steps_of(run), *jobs]


if __name__ == "__main__":
    (FOLDER / f"v{FORMAT}.json.gz").write_bytes(record())

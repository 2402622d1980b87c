"""Whatever is drawn of sound blocks runs to its end, just as its tree says."""

import re
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpmn.feel import from_python
from bpmn.host import Host
from bpmn.spiff.run import ProcessRun
from bpmn.steps import Passage
from tests.bpmn.spiff.drawing import Clock, process, read
from tests.conformance.sound_oracle import Walk
from tests.conformance.sound_processes import BLOCKS, Drawing

WATCHED = re.compile("(task|job|script|pause|letter|again|late|won|lost|beside|rescue)[0-9]+")
KINDS = ("tasks", "timers", "jobs", "messages")


class Play:
    """A drawn process that lives in its snapshots."""

    def __init__(self, block):
        self.clock = Clock()
        drawing = Drawing()
        nodes = drawing.process(block)
        host = Host(now=self.clock)
        self.definitions = read(process(*nodes), *drawing.children, host=host)
        self.left = Counter()
        begun = ProcessRun.begin(self.definitions, "p", {"total": 0, "case_id": "C-1"})
        self._keep(begun)

    def _keep(self, run):
        run.settle()
        self.stored = run.snapshot()
        self.run = ProcessRun.restore(self.definitions, self.stored)
        self.left += Counter(
            one.element
            for one in run.passed()
            if one.passage is Passage.LEFT and WATCHED.fullmatch(one.element)
        )

    def waits(self):
        """Everything that is awaited, as the oracle names it: element and items around."""
        return {
            self._name(one): (kind, one)
            for kind in KINDS
            for one in getattr(self.run, f"waiting_{kind}")()
        }

    def _name(self, one):
        seen = self.run.visible_at(one.token)
        return one.element, frozenset(
            (name, int(value)) for name, value in seen.items() if name.startswith("item")
        )

    def answer(self, wait):
        kind, one = self.waits()[wait]
        if kind == "tasks":
            self.run.complete(one.token, {})
        elif kind == "jobs":
            self.run.finish_job(one.token, {})
        elif kind == "messages":
            self.run.deliver(one.token, {})
        else:
            self.clock.moment = max(self.clock.moment, one.due)
            self.run.fire(one.token)
        self._keep(self.run)


def follow(block, data):
    walk, play = Walk(block), Play(block)

    while not walk.is_finished:
        assert set(play.waits()) == set(walk.waits)
        waits = sorted(walk.waits, key=lambda wait: (wait[0], sorted(wait[1])))
        chosen = data.draw(st.sampled_from(waits), label="answered")
        walk.answer(chosen)
        play.answer(chosen)

    assert play.run.is_finished
    assert play.left == walk.left
    assert play.run.variables == from_python(walk.variables.own)


def following(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@following(100)
@given(BLOCKS, st.data())
def test_a_sound_process_ends_as_its_tree_says(block, data):
    follow(block, data)


@pytest.mark.soak
@following(5_000)
@given(BLOCKS, st.data())
def test_thousands_of_sound_processes_end_as_their_trees_say(block, data):
    follow(block, data)

"""However a sound process is moved by hand, it never waits for what cannot come."""

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from bpmn.host import Host
from bpmn.moves import Entry, Move
from bpmn.spiff.errors import BudgetExceeded, ElementFailed, MoveRefused
from bpmn.spiff.run import ProcessRun
from tests.bpmn.spiff.drawing import Clock, process, read
from tests.conformance.sound_processes import BLOCKS, Drawing

MOST_ANSWERS = 60
KINDS = ("tasks", "timers", "jobs", "messages")


class Player:
    """A drawn process that lives in its snapshots and is answered as it comes."""

    def __init__(self, block):
        self.clock = Clock()
        drawing = Drawing()
        drawn = process(*drawing.process(block))
        self.definitions = read(drawn, *drawing.children, host=Host(now=self.clock))
        self._keep(ProcessRun.begin(self.definitions, "p", {"total": 0, "case_id": "C-1"}))

    def _keep(self, run):
        run.settle()
        self.stored = run.snapshot()

    @property
    def run(self):
        return ProcessRun.restore(self.definitions, self.stored)

    def waits(self):
        run = self.run
        return [(kind, one) for kind in KINDS for one in getattr(run, f"waiting_{kind}")()]

    def answer(self, kind, one):
        run = self.run
        if kind == "tasks":
            run.complete(one.token, {})
        elif kind == "jobs":
            run.finish_job(one.token, {})
        elif kind == "messages":
            run.deliver(one.token, {})
        else:
            self.clock.moment = max(self.clock.moment, one.due)
            run.fire(one.token)
        self._keep(run)

    def move(self, wanted):
        """Move it and tell whether that was allowed; a refused move leaves it as it was."""
        run = self.run
        try:
            run.move(wanted)
            self._keep(run)
        except (MoveRefused, ElementFailed, BudgetExceeded):
            return False
        return True


def play(player, data, most):
    for _ in range(most):
        waits = player.waits()
        if not waits:
            return
        player.answer(*data.draw(st.sampled_from(waits), label="answered"))


def some_move(player, data):
    positions = player.run.positions()
    entries = [
        Entry(element, name)
        for name, info in player.definitions.processes.items()
        for element in info.elements
    ]
    tokens = st.lists(st.sampled_from([one.token for one in positions]), max_size=3, unique=True)
    placed = st.lists(st.sampled_from(entries), max_size=2)
    return Move(
        tuple(data.draw(tokens, label="cancelled")), tuple(data.draw(placed, label="created"))
    )


def move_and_play(block, data):
    player = Player(block)
    play(player, data, data.draw(st.integers(0, 6), label="answers before"))
    if player.run.is_finished:
        return

    moved = player.move(some_move(player, data))

    event("moved" if moved else "refused")
    try:
        play(player, data, MOST_ANSWERS)
    except (ElementFailed, BudgetExceeded):  # variables that a skipped part would have set
        event("lacks a variable")
        return
    assert player.run.is_finished or player.waits()


MEETING = {"parallel", "inclusive", "split"}
FORKED = BLOCKS.filter(lambda block: any(one.kind in MEETING for one in block.inside()))
"""Processes in which ways part and meet again."""


def moving(examples):
    return settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[
            HealthCheck.too_slow,
            HealthCheck.data_too_large,
            HealthCheck.filter_too_much,
        ],
    )


@moving(150)
@given(FORKED, st.data())
def test_a_moved_process_never_waits_for_what_cannot_come(block, data):
    move_and_play(block, data)


@pytest.mark.soak
@moving(5_000)
@given(FORKED, st.data())
def test_thousands_of_moved_processes_never_wait_for_what_cannot_come(block, data):
    move_and_play(block, data)

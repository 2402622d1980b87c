"""The harness tells faster from slower, and says when it cannot."""

import json
import random

import pytest

from bench.harness import Benchmark, Budget, Clock, Contender, measure, run


class Machine:
    """A clock that work moves; a neighbour slows it down for a while, now and then."""

    def __init__(self, *, neighbour=False):
        self.now = 0.0
        self._neighbour = neighbour

    @property
    def clock(self):
        return Clock(wall=self.read, cpu=self.read)

    def read(self):
        return self.now

    def working(self, seconds):
        def work():
            self.now += seconds * self._slowness()

        return work

    def _slowness(self):
        return random.Random(int(self.now * 2)).choice([1, 6]) if self._neighbour else 1


def benchmark(machine, seconds, **more):
    contender = Contender("ours", machine.working(seconds), Budget(at_least=0.6, ambition=0.8))
    return Benchmark("example", Contender("bare", machine.working(0.01)), [contender], **more)


def test_a_contender_half_as_fast_as_the_baseline_has_the_ratio_one_half():
    machine = Machine()

    result = measure(benchmark(machine, 0.02), seconds=10, clock=machine.clock)

    assert result["ratios"]["ours"]["median"] == pytest.approx(0.5, abs=0.03)
    assert result["missed"] == ["ours"]
    assert result["judged"]


def test_a_budget_that_is_kept_is_not_missed():
    machine = Machine()

    result = measure(benchmark(machine, 0.012), seconds=10, clock=machine.clock)

    assert result["missed"] == []


def test_a_restless_machine_judges_nothing():
    machine = Machine(neighbour=True)

    result = measure(benchmark(machine, 0.02), seconds=8, clock=machine.clock)

    assert not result["judged"]


def test_a_wrong_answer_fails_however_fast():
    machine = Machine()

    def check():
        raise AssertionError("a task was completed twice")

    with pytest.raises(AssertionError, match="twice"):
        measure(benchmark(machine, 0.01, check=check), seconds=4, clock=machine.clock)


def test_the_last_line_is_json(capsys, monkeypatch):
    monkeypatch.setattr("bench.harness.SHORT_SECONDS", 0.1)
    monkeypatch.setattr("bench.harness.ROUND_SECONDS", 0.001)
    quick = Benchmark("example", Contender("bare", lambda: None), [])

    code = run(quick, [])

    assert code == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["bench"] == "example"

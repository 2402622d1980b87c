"""Whatever state an earlier format stored is read for ever, and comes to the same end."""

from functools import cache

import pytest

from bpmn.spiff.snapshots import FORMAT
from tests.workflows.processes.stored_states import PATHS, Ground, end_of, stored

ENOUGH = 200


@cache
def _ground(path, bundle):
    return Ground(stored(path)[1][bundle])


def _walks(path):
    return [(_ground(path, walk.bundle), walk) for walk in stored(path)[0]]


def test_every_format_so_far_has_its_states():
    kept = {path: stored(path)[0] for path in PATHS}

    assert [{walk.format for walk in walks} for walks in kept.values()] == [
        {number} for number in range(1, FORMAT + 1)
    ]
    assert all(sum(len(walk.states) for walk in walks) >= ENOUGH for walks in kept.values())


@pytest.mark.whole
@pytest.mark.proves("R18")
@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_from_each_state_a_process_comes_to_the_same_end(path):
    for ground, walk in _walks(path):
        for number, state in enumerate(walk.states):
            run = ground.restore(state)
            for step in walk.steps[number:]:
                ground.take(run, step)

            assert end_of(run) == walk.end


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.name)
def test_on_its_way_a_process_is_stored_as_that_format_would_be_read(path):
    """Step by step, through the store: what the next state was then, it is now."""
    for ground, walk in _walks(path):
        pairs = zip(walk.states, walk.states[1:], walk.steps, strict=False)
        for state, following, step in pairs:
            run = ground.restore(state)
            ground.take(run, step)

            assert run.snapshot() == ground.restore(following).snapshot()


def test_the_format_in_use_writes_what_it_wrote_when_it_was_new():
    """A change that fails here needs a format of its own: a new number, a reader and new states."""
    for ground, walk in _walks(PATHS[-1]):
        for state in walk.states:
            assert ground.restore(state).snapshot() == state

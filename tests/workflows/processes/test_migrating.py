"""Many cases of the shipped processes go over to the next version exactly as was foretold."""

import random
from collections import Counter

import pytest

from engine import migrations, steps
from engine.projections import SERVICE, TIMER
from engine.transfers import Outcome
from tests.engine.town import as_told
from tests.workflows.processes.crowd import Crowd, next_version
from tests.workflows.processes.driving import bundle


@pytest.mark.proves("foretold")
@pytest.mark.usefixtures("afternoon")
@pytest.mark.parametrize("count", [30, pytest.param(500, marks=pytest.mark.soak)])
def test_the_dry_run_of_mixed_cases_tells_exactly_what_happens(database, count, publish):
    crowd = Crowd(database, random.Random(count))
    crowd.publish_bundle(bundle())
    begun = sorted(crowd.gather(count))
    crowd.let_some_end(begun)
    target = crowd.publish_bundle(next_version())
    before, drafts = {one: crowd.portrait(one) for one in begun}, crowd.drafts()
    states = _states(crowd, before.values(), drafts)
    plan = crowd.plan(target)

    told = {one: migrations.foretell(crowd.transactions, plan, one) for one in begun}
    assert {one: crowd.portrait(one) for one in begun} == before
    _, done = crowd.migrate(target)

    active = [one for one in begun if told[one].outcome is not Outcome.ENDED]
    assert [as_told(told[one]) for one in active] == [as_told(one) for one in done]
    for one in begun:
        _holds(crowd, told[one], before[one], target)
    assert crowd.drafts() == drafts
    assert crowd.differences() == []
    outcomes = Counter(one.outcome.value for one in told.values())
    assert set(outcomes) == {"moves", "stays", "ended"}
    assert min(states.values()) > 0, states
    publish({"database": database.dialect.name, "instances": count, **outcomes, **states})


def _holds(crowd, told, before, target):
    """Look whether an instance stands where it was said that it would, with all that it had."""
    after = crowd.portrait(told.instance_id)
    if told.outcome is not Outcome.MOVES:
        assert after == before
        return
    assert after[0][0] == target.id
    with crowd.transactions.begin() as uow:
        stands = {
            one.token: (one.process, one.element)
            for one in steps.look(uow, told.instance_id).positions()
        }
    assert all(stands.get(place.token) == place.after for place in told.places)
    assert _kept(before) <= _kept(after)


def _kept(portrait):
    """Whose tasks they are, under which id, and for when timers are armed."""
    _, tasks, jobs, _ = portrait
    people = {(task_id, token, assignee) for task_id, token, *_, assignee, _ in tasks}
    return people | {(token, due) for kind, token, due, _ in jobs if kind == TIMER}


def _states(crowd, portraits, drafts):
    """Count in how many different kinds of states the cases were."""
    kinds = Counter(job[0] for *_, jobs, _ in portraits for job in jobs)
    return {
        "timers": kinds[TIMER],
        "services": kinds[SERVICE],
        "messages": sum(len(waits) for *_, waits in portraits),
        "claimed": sum(task[5] is not None for _, tasks, *_ in portraits for task in tasks),
        "drafts": len(drafts),
        "called": sum('"triage"' in row[3] for row, *_ in portraits),
        "suspended": crowd.suspended,
        "failed": crowd.faults,
    }

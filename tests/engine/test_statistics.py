"""Statistics are what the history adds up to: always, exactly, and after the history is gone."""

import math
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import event, select, text

from bpmn.host import BERLIN
from bpmn.moves import Entry, Move
from engine import counting, instances, modifying, statistics, steps, suspending
from engine.durations import bucket_of, middle_of, quantile
from engine.models import Instance, InstanceState
from engine.modifying import Modification
from engine.statistic_table import CycleCount, StayCount
from engine.stay_queries import stays_of
from engine.stay_table import Ended, Stay
from tests.engine.town import CHILD, NEW, NEW_CHILD, OLD, Town

MORNING = datetime(2027, 1, 29, 9, 0, tzinfo=UTC)
RESTS = [
    "check",
    "remind",
    "left",
    "right",
    "on_the_right",
    "letter",
    "join",
    "talk",
    "race",
    "each",
    "close",
]
PLACES = ("", *RESTS)


@pytest.fixture
def traveller():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def town(database, traveller):
    town = Town(database)
    town.dice = random.Random(7)
    return town


def live(town, traveller, begun, days):
    """Let instances wander while time goes by, some suspended, moved or cancelled on their way."""
    for _ in range(days):
        traveller.shift(timedelta(hours=town.dice.randrange(1, 60), milliseconds=1))
        for instance_id in begun:
            _happen(town, instance_id)


def _happen(town, instance_id):
    fate = town.dice.random()
    with town.transactions.begin() as uow:
        instance = steps.lock(uow, instance_id)
        state, suspended = instance.state, instance.suspended_at
    if state is not InstanceState.ACTIVE:
        return
    with town.transactions.begin() as uow:
        if suspended:
            suspending.resume(uow, instance_id)
        elif fate < 0.02:
            instances.cancel(uow, instance_id, "olga")
        elif fate < 0.08:
            suspending.suspend(uow, instance_id)
        elif fate < 0.12:
            _move(uow, instance_id)
        elif verbs := town.possible_now(uow, instance_id):
            steps.advance(uow, instance_id, town.dice.choice(verbs))


def _move(uow, instance_id):
    run = steps.look(uow, instance_id)
    tasks = [task for task in run.waiting_tasks() if task.element == "check"]
    if tasks:
        move = Move((tasks[0].token,), (Entry("check"),))
        modifying.modify(uow, instance_id, Modification(move), "olga")


def recomputed(town, begun):
    """Work the statistics out anew, from nothing but the rows of the history."""
    heat, took, cycles = Counter(), Counter(), Counter()
    with town.transactions.reading() as session:
        rows = session.execute(select(Instance).where(Instance.id.in_(begun))).scalars().all()
        for instance in rows:
            stays = stays_of(session, [instance.id])[instance.id]
            for stay in stays:
                node = (stay.deployment_id, stay.process, stay.element)
                heat[*node, stay.ended] += 1
                if stay.ended is Ended.COMPLETED:
                    took[node] += round((stay.left_at - stay.entered_at).total_seconds() * 1000)
            if instance.state is InstanceState.FINISHED:
                cycles += _ways(instance, stays)
    return heat, took, cycles


def _ways(instance, stays):
    """Every two places where the instance rested, and the milliseconds in between."""
    found = Counter()
    month = instance.ended_at.astimezone(BERLIN).strftime("%Y-%m")
    rested = [s for s in stays if s.process == instance.process and s.left_step > s.step]
    first = {"": instance.started_at}
    for stay in rested:
        first[stay.element] = min(first.get(stay.element, stay.entered_at), stay.entered_at)
    done = [(s.element, s.left_at) for s in rested if s.ended is Ended.COMPLETED]
    for source, since in first.items():
        ends = {"": instance.ended_at}
        for target, at in sorted(done, key=lambda each: each[1]):
            if at >= since:
                ends.setdefault(target, at)
        for target, at in ends.items():
            key = (instance.deployment_id, source, target, month)
            found[*key, "count"] += 1
            found[*key, "ms"] += round((at - since).total_seconds() * 1000)
    return +found


def answered(town, deployments):
    """What the queries say, in the same shape."""
    heat, took, cycles = Counter(), Counter(), Counter()
    with town.transactions.reading() as session:
        for node, found in statistics.heat_map(session).items():
            heat[*node, None] = found.here
            heat.update({(*node, ended): count for ended, count in found.ended.items()})
            took[node] = found.took.milliseconds
            assert found.took.count == found.ended.get(Ended.COMPLETED, 0)
        for deployment in deployments:
            scope = statistics.Scope(deployment_id=deployment)
            for source in PLACES:
                for target in PLACES:
                    ways = statistics.cycle_times(session, "p", scope, (source, target))
                    for month, spread in ways.items():
                        key = (deployment, source, target, f"{month:%Y-%m}")
                        cycles[*key, "count"] = spread.count
                        cycles[*key, "ms"] = spread.milliseconds
    return +heat, +took, +cycles


def count_everything(town):
    with town.transactions.begin() as uow:
        left = list(uow.connection.scalars(select(Stay.instance_id).distinct()))
        counting.count(uow, left)


def test_statistics_are_the_history_recomputed_counted_or_not_and_outlive_it(town, traveller):
    old = town.publish(OLD, CHILD)
    begun = [town.start(number) for number in range(14)]
    live(town, traveller, begun, 10)
    count_everything(town)
    new = town.publish(NEW, NEW_CHILD)
    town.migrate(new)
    live(town, traveller, begun, 14)
    begun += [town.start(number) for number in range(14, 18)]
    live(town, traveller, begun, 3)

    expected = recomputed(town, begun)
    assert sum(count for key, count in expected[2].items() if key[-1] == "count") > 50
    assert {key[-1] for key in expected[0]} >= {Ended.MIGRATED, Ended.CANCELLED, Ended.MOVED, None}
    told = answered(town, [old.id, new.id])
    assert told == expected

    count_everything(town)
    assert answered(town, [old.id, new.id]) == expected

    expected = (_as_if_cancelled(expected[0]), *expected[1:])
    for number, _ in enumerate(begun):
        with town.transactions.begin() as uow:
            instances.erase(uow, town.case(number))
    with town.transactions.reading() as session:
        assert session.scalars(select(Stay.instance_id)).all() == []
    assert answered(town, [old.id, new.id]) == expected


def _as_if_cancelled(heat):
    found = Counter()
    for (*node, ended), count in heat.items():
        found[*node, ended or Ended.CANCELLED] += count
    return found


def test_much_that_is_not_counted_yet_is_read_in_pages(town, monkeypatch):
    deployment = town.publish(OLD, CHILD).id
    begun = town.wander(12)
    for instance_id in begun:
        while verbs := town.possible(instance_id):
            town.step(instance_id, verbs[0])
    whole = answered(town, [deployment])
    values = []

    def note(_connection, _cursor, _statement, parameters, *_):
        values.append(len(parameters))

    monkeypatch.setattr(statistics, "PAGE", 3)
    event.listen(town.transactions.engine, "before_cursor_execute", note)
    paged = answered(town, [deployment])

    assert sum(whole[2].values()) > 0
    assert paged == whole
    assert max(values) < 10


def test_no_row_of_the_statistics_names_an_instance_or_a_person():
    named = {column.name for table in (StayCount, CycleCount) for column in table.__table__.columns}

    assert named == {
        "deployment_id", "process", "element", "source", "target", "month", "ended", "bucket",
        "count", "milliseconds",
    }  # fmt: skip


def test_workers_count_by_themselves_and_each_stay_once(town, traveller):
    town.publish(OLD, CHILD)
    town.wander(8)
    with town.transactions.begin() as uow:
        counting.begin(uow)
    traveller.shift(counting.EVERY)

    for _ in range(3):
        town.worker.run_due()
        traveller.shift(counting.EVERY)

    with town.transactions.reading() as session:
        left = session.scalars(select(Stay).where(Stay.left_at.is_not(None))).all()
        counted = session.scalars(select(StayCount.count)).all()
    assert all(stay.counted for stay in left)
    assert sum(counted) == len(left)


def test_a_step_touches_no_row_of_the_statistics(town):
    town.publish(OLD, CHILD)
    town.wander(3)

    with town.transactions.reading() as session:
        assert (
            session.execute(text("SELECT 1 FROM stay_count UNION SELECT 1 FROM cycle_count")).all()
            == []
        )


def test_what_stays_is_counted_by_age_and_listed_oldest_first(town, traveller):
    town.publish(OLD, CHILD)
    first = town.start(0)
    traveller.shift(timedelta(days=5))
    second = town.start(1)
    with town.transactions.begin() as uow:
        suspending.suspend(uow, first)

    with town.transactions.reading() as session:
        ages = {node[2]: counts for node, counts in statistics.ageing(session).items()}
        found = statistics.oldest(session)
    assert ages == {"check": (1, 0, 1, 0, 0, 0)}
    assert [(one.instance_id, one.suspended) for one in found] == [(first, True), (second, False)]
    assert found[0].since == MORNING


def test_a_quantile_is_never_off_by_more_than_is_said():
    dice = random.Random(1)
    for _ in range(200):
        times = sorted(int(1000 * 2 ** dice.uniform(0, 27)) for _ in range(dice.randrange(1, 60)))
        counts = Counter(map(bucket_of, times))
        for share in (0.5, 0.9):
            true = times[math.ceil(len(times) * share) - 1]
            told = quantile(counts, share) / timedelta(milliseconds=1)
            assert abs(math.log(told / true)) <= math.log(2) / 8 + 1e-9


def test_less_than_a_second_is_nothing():
    assert {bucket_of(ms) for ms in (0, 1, 999)} == {0}
    assert middle_of(0) == timedelta()
    assert quantile({}, 0.5) is None

"""Instances go over to another deployment as was foretold, and keep what they have."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bpmn.migration import Wishes
from engine import fault_queries, migration_work, migrations, steps, suspending, tasks, transfers
from engine.errors import DatabaseBusy, NoSuchMigration
from engine.fault_table import FaultState
from engine.migration_table import ItemState
from engine.models import Job
from engine.transfers import Outcome
from tests.bpmn.spiff.drawing import end, flows, job, person, process, start
from tests.engine.desk import raising
from tests.engine.town import CHILD, LONG, NEW, NEW_CHILD, OLD, SHORT, as_told


@pytest.mark.parametrize("count", [100, pytest.param(500, marks=pytest.mark.soak)])
def test_the_dry_run_of_many_states_tells_exactly_what_happens(town, count):
    town.publish(OLD, CHILD)
    begun = sorted(town.wander(count))
    target = town.publish(NEW, NEW_CHILD)
    before = {one: town.portrait(one) for one in begun}
    plan = town.plan(target)

    told = [migrations.foretell(town.transactions, plan, one) for one in begun]
    assert {one: town.portrait(one) for one in begun} == before
    _, done = town.migrate(target)

    assert [one for one in map(as_told, told) if one["outcome"] != Outcome.ENDED] == list(
        map(as_told, done)
    )
    outcomes = Counter(one.outcome for one in told)
    assert min(outcomes[Outcome.MOVES], outcomes[Outcome.STAYS]) > count // 10, outcomes
    assert any(one.notices for one in told if one.outcome is Outcome.MOVES)
    assert town.differences() == []
    assert [town.portrait(one) for one in begun if _stayed(one, told)] == [
        before[one] for one in begun if _stayed(one, told)
    ]


def _stayed(instance_id, told):
    return any(one.instance_id == instance_id and one.outcome is not Outcome.MOVES for one in told)


def test_what_a_person_had_of_a_task_stays_hers(town, traveller):
    town.publish(SHORT)
    instance_id = town.start()
    (task,) = town.tasks(instance_id)
    with town.transactions.begin() as uow:
        tasks.claim(uow, task.id, "anna")
    traveller.shift(timedelta(days=1))

    _, (done,) = town.migrate(town.publish(LONG))

    (after,) = town.tasks(instance_id)
    assert done.outcome is Outcome.MOVES
    assert (after.id, after.assignee, after.created_at) == (task.id, "anna", task.created_at)
    assert after.deployment_id != task.deployment_id


def test_a_task_with_another_id_and_label_is_the_same_task(town):
    town.publish(SHORT)
    instance_id = town.start()
    (task,) = town.tasks(instance_id)
    target = town.publish(
        process(start(), person("z", label="New name"), person("b"), end(), flows("s>z>b>e"))
    )

    town.migrate(target, Wishes(elements={("p", "a"): "z"}))

    (after,) = town.tasks(instance_id)
    assert (after.id, after.element, after.name) == (task.id, "z", "New name")


def test_a_suspended_instance_goes_over_and_stays_suspended(town):
    town.publish(OLD, CHILD)
    instance_id = town.start()
    with town.transactions.begin() as uow:
        suspending.suspend(uow, instance_id)

    town.migrate(town.publish(NEW, NEW_CHILD))

    *_, jobs, _ = town.portrait(instance_id)
    assert [due for _, _, due, _ in jobs] == [None] * len(jobs)
    with town.transactions.begin() as uow:
        suspending.resume(uow, instance_id)
    assert town.differences() == []


def test_work_of_another_kind_is_owed_anew(town):
    town.publish(process(start(), job("w", "old"), end(), flows("s>w>e")))
    instance_id = town.start()

    town.migrate(town.publish(process(start(), job("w", "send"), end(), flows("s>w>e"))))

    *_, jobs, _ = town.portrait(instance_id)
    assert [payload["type"] for *_, payload in jobs] == ["send"]
    assert town.worker.run_due() == 1
    assert town.differences() == []


def test_a_fault_is_closed_when_its_work_is_owed_anew(town):
    town.publish(process(start(), job("w", "unknown"), end(), flows("s>w>e")))
    instance_id = town.start()
    town.worker.run_due()

    town.migrate(town.publish(process(start(), job("w", "send"), end(), flows("s>w>e"))))
    town.worker.run_due()

    assert town.portrait(instance_id)[0][2] == "finished"


def test_a_migration_that_was_ended_in_the_middle_goes_on_where_it_was(town):
    town.publish(SHORT)
    begun = sorted(town.start(number) for number in range(10))
    migration_id = town.start_migration(town.plan(town.publish(LONG)))
    for instance_id in begun[:4]:
        migrations.bring(town.transactions, migration_id, instance_id)

    assert town.counts(migration_id) == {ItemState.MOVED: 4, ItemState.WAITING: 6}
    done = town.finish(migration_id)

    assert [one.instance_id for one in done] == begun[4:]
    assert town.counts(migration_id) == {ItemState.MOVED: 10}


def test_an_instance_that_others_hold_for_long_stops_no_other_and_is_next_again(town, monkeypatch):
    town.publish(SHORT)
    held, *others = sorted(town.start(number) for number in range(3))
    plan = town.plan(town.publish(LONG))
    migration_id = town.start_migration(plan)

    def hold(uow, instance_id):
        if instance_id == held:
            raise DatabaseBusy
        return lock(uow, instance_id)

    with monkeypatch.context() as patched:
        lock = steps.lock
        patched.setattr(steps, "lock", hold)
        foretold = migrations.foretell(town.transactions, plan, held)
        done = town.finish(migration_id)

    assert foretold == done[0]
    assert (foretold.outcome, foretold.process) == (Outcome.FAILS, "p")
    assert "very busy" in str(foretold.notices[0].sentence)
    assert [one.outcome for one in done[1:]] == [Outcome.MOVES] * len(others)
    assert [one.instance_id for one in town.finish(migration_id)] == [held]


def test_done_twice_it_is_done_once(town):
    town.publish(SHORT)
    instance_id = town.start()
    migration_id, _ = town.migrate(town.publish(LONG))
    before = town.portrait(instance_id)

    assert migrations.bring(town.transactions, migration_id, instance_id) is None
    assert town.portrait(instance_id) == before


def test_workers_carry_it_out_as_well(town, traveller):
    town.publish(SHORT)
    for number in range(5):
        town.start(number)
    migration_id = town.start_migration(town.plan(town.publish(LONG)))
    town.worker = town.worker_for_migrations()

    with town.transactions.begin() as uow:
        migration_work.owe(uow, migration_id, "anna")
        migration_work.owe(uow, migration_id, "anna")
    traveller.shift(timedelta(seconds=1))

    assert town.worker.run_due() == 5
    assert town.counts(migration_id) == {ItemState.MOVED: 5}


def test_of_a_big_migration_workers_owe_one_page_after_the_other(town, traveller, monkeypatch):
    monkeypatch.setattr(migrations, "PAGE", 4)
    town.publish(SHORT)
    for number in range(9):
        town.start(number)
    migration_id = town.start_migration(town.plan(town.publish(LONG)))
    town.worker = town.worker_for_migrations()

    with town.transactions.begin() as uow:
        migration_work.owe(uow, migration_id, "anna")
    with town.transactions.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 4 + 1
    for _ in range(3):
        traveller.shift(timedelta(seconds=1))
        town.worker.run_due()

    assert town.counts(migration_id) == {ItemState.MOVED: 9}
    with town.transactions.reading() as session:
        assert session.scalar(select(func.count()).select_from(Job)) == 0


def test_who_goes_on_with_a_migration_has_what_failed_tried_again(town, traveller, monkeypatch):
    town.publish(SHORT)
    town.start()
    migration_id = town.start_migration(town.plan(town.publish(LONG)))
    town.worker = town.worker_for_migrations()
    with town.transactions.begin() as uow:
        migration_work.owe(uow, migration_id, "anna")
    with monkeypatch.context() as broken:
        broken.setattr(migrations, "transfer", raising(ZeroDivisionError()))
        town.worker.run_due()
    with town.transactions.reading() as session:
        (fault,) = fault_queries.open_faults(session)

    with town.transactions.begin() as uow:
        migration_work.owe(uow, migration_id, "anna")
    traveller.shift(timedelta(seconds=1))
    town.worker.run_due()

    assert town.counts(migration_id) == {ItemState.MOVED: 1}
    with town.transactions.reading() as session:
        done = fault_queries.fault(session, fault.id)
        assert fault_queries.open_faults(session) == []
    assert (done.state, done.closed_by) == (FaultState.RETRIED, "anna")


def test_only_what_is_meant_goes_over(town):
    one = town.publish(SHORT)
    first, second, third = (town.start(number) for number in range(3))
    target = town.publish(LONG)

    town.migrate(target, instances=(second,))
    town.migrate(target, cases=(town.case_of(third),), process="p", source=one.number)
    town.migrate(target, process="other")

    there = [town.portrait(each)[0][0] == target.id for each in (first, second, third)]
    assert there == [False, True, True]


def test_there_is_no_such_migration(town):
    with town.transactions.reading() as session, pytest.raises(NoSuchMigration):
        migrations.found(session, migrations.new_id())


def test_an_instance_that_follows_it_already_is_left_alone(town):
    target = town.publish(SHORT)
    instance_id = town.start()

    with town.transactions.begin() as uow:
        done = transfers.transfer(uow, instance_id, target, Wishes())

    assert done.outcome is Outcome.THERE
    assert [str(one.sentence) for one in done.notices] == [
        "This process follows these diagrams already."
    ]

"""A signal is heard by who waits for it, on whichever diagrams: a kept one by nobody else."""

import pytest
from sqlalchemy import select, update

from engine import (
    fault_queries,
    instances,
    jobs,
    migration_queries,
    migrations,
    signals,
)
from engine.models import Job
from tests.bpmn.spiff.drawing import after, boundary, catch, end, flows, person, process, start
from tests.engine.town import as_told

STORM, CALM = (f'<bpmn:signal id="{name}" name="{name}"/>' for name in ("storm", "calm"))
LOST = ("p", "wait", "The signal “storm” has come for “wait” and is not heard over there.")


def waiting(name, *path, then="b"):
    inside = f'<bpmn:signalEventDefinition signalRef="{name}"/>'
    way = flows(f"s>wait>{then}>e")
    return process(start(), catch("wait", inside), *(path or (person("b"),)), end(), way)


def throw(town, name, **variables):
    with town.transactions.begin() as uow:
        signals.send(uow, name, variables=variables)


def heard(town, instance_id):
    """Name the variables that came with signals."""
    with town.transactions.begin() as uow:
        return sorted(instances.variables(uow, instance_id).keys() - {"case_id"})


def places(town, instance_id):
    return [task.element for task in town.tasks(instance_id)]


def open_faults(town):
    with town.transactions.reading() as session:
        return fault_queries.open_faults(session)


@pytest.fixture
def suspended(town):
    """An instance that waits for `storm` and is suspended; one has been thrown."""
    town.publish(waiting("storm"), STORM)
    instance_id = town.start()
    town.suspend(instance_id)
    throw(town, "storm", wind="strong")
    return instance_id


def test_a_kept_signal_is_not_taken_for_another_one(town, suspended):
    target = town.publish(waiting("calm"), CALM)

    told = migrations.foretell(town.transactions, town.plan(target), suspended)
    _, (done,) = town.migrate(target)
    town.resume(suspended)

    assert as_told(told) == as_told(done)
    assert LOST in as_told(done)["notices"]
    assert (places(town, suspended), heard(town, suspended)) == ([], [])
    throw(town, "calm", sun="bright")
    town.worker.run_due()
    assert (places(town, suspended), heard(town, suspended)) == (["b"], ["sun"])
    assert open_faults(town) == []


def test_the_signal_for_which_it_waits_over_there_is_the_one_that_is_heard(town, suspended):
    town.migrate(town.publish(waiting("calm"), CALM))
    throw(town, "calm", sun="bright")

    town.resume(suspended)

    assert (places(town, suspended), heard(town, suspended)) == (["b"], ["sun"])


def test_who_returns_hears_what_had_come_before_it_went_and_nothing_else(town, suspended):
    migration_id, _ = town.migrate(town.publish(waiting("calm"), CALM))
    throw(town, "calm", sun="bright")
    with town.transactions.begin() as uow:
        migrations.turn_back(uow, migration_id)
    town.finish(migration_id)

    town.resume(suspended)

    assert (places(town, suspended), heard(town, suspended)) == (["b"], ["wind"])
    assert told_of(town, migration_id) == [
        ("p", "wait", "The signal “calm” has come for “wait” and is not heard after the return.")
    ]


def test_who_returns_tells_of_no_signal_that_it_hears_still(town, suspended):
    target = town.publish(waiting("storm", person("other"), then="other"), STORM)
    migration_id, _ = town.migrate(target)
    throw(town, "storm", sun="bright")
    with town.transactions.begin() as uow:
        migrations.turn_back(uow, migration_id)
    town.finish(migration_id)

    assert told_of(town, migration_id) == []


def told_of(town, migration_id):
    """Name what is told of the one instance of a migration."""
    with town.transactions.reading() as session:
        (item,) = migration_queries.items(session, migration_id, None, None, 2)
    return [(one.process, one.element, str(one.sentence)) for one in migrations.told(item)]


def test_a_kept_signal_is_heard_where_the_same_one_is_awaited(town, suspended):
    _, (done,) = town.migrate(town.publish(waiting("storm", person("other"), then="other"), STORM))

    town.resume(suspended)

    assert done.notices == ()
    assert (places(town, suspended), heard(town, suspended)) == (["other"], ["wind"])


def test_a_signal_for_a_place_that_is_gone_is_told_of(town):
    inside = '<bpmn:signalEventDefinition signalRef="storm"/>'
    watched = (boundary("wait", "a", inside), end("e2"), flows("wait>e2"))
    old, new = (
        process(start(), person("a"), end(), flows("s>a>e"), *more) for more in (watched, ())
    )
    town.publish(old, STORM)
    instance_id = town.start()
    town.suspend(instance_id)
    throw(town, "storm")

    _, (done,) = town.migrate(town.publish(new))
    town.resume(instance_id)

    assert LOST in as_told(done)["notices"]
    assert places(town, instance_id) == ["a"]


def test_a_signal_on_its_way_is_not_taken_for_another_one(town):
    town.publish(waiting("storm"), STORM)
    instance_id = town.start()
    throw(town, "storm", wind="strong")

    _, (done,) = town.migrate(town.publish(waiting("calm"), CALM))
    town.worker.run_due()

    assert LOST in as_told(done)["notices"]
    assert (places(town, instance_id), heard(town, instance_id)) == ([], [])


def test_a_signal_that_could_not_be_taken_is_not_taken_for_another_one(town):
    town.publish(waiting("storm", catch("x", after("=nothing")), then="x"), STORM)
    instance_id = town.start()
    throw(town, "storm", wind="strong")
    town.worker.run_due()
    assert len(open_faults(town)) == 1

    _, (done,) = town.migrate(town.publish(waiting("calm"), CALM))
    assert open_faults(town) == []
    town.worker.run_due()

    assert LOST in as_told(done)["notices"]
    assert (places(town, instance_id), heard(town, instance_id)) == ([], [])
    assert open_faults(town) == []


@pytest.fixture
def unnamed(town, suspended):
    """An instance with a signal that was kept before its name was kept with it."""
    with town.transactions.begin() as uow:
        (payload,) = uow.connection.scalars(select(Job.payload))
        facts = {fact: payload[fact] for fact in ("token", "variables")}
        uow.connection.execute(update(Job).values(payload=facts))
    return suspended


def test_a_signal_that_was_kept_before_its_name_was_kept_with_it_is_heard(town, unnamed):
    town.resume(unnamed)

    assert (places(town, unnamed), heard(town, unnamed)) == (["b"], ["wind"])


def test_of_such_a_signal_nothing_is_told_where_it_is_heard_after_a_migration(town, unnamed):
    _, (done,) = town.migrate(town.publish(waiting("calm"), CALM))

    town.resume(unnamed)

    assert LOST not in as_told(done)["notices"]
    assert (places(town, unnamed), heard(town, unnamed)) == (["b"], ["wind"])


def test_where_no_signal_is_lost_nothing_is_written(town, suspended):
    with town.transactions.begin() as uow:
        jobs.owe(uow, jobs.Debt("poke"))
        signals.drop(uow, suspended, [])

        assert len(uow.debts) == 1

"""A signal is for the place that waited as it was thrown: moved away from there, it is lost, and told."""

from dataclasses import replace

import pytest
from sqlalchemy import delete, select, update

from bpmn.moves import Entry, Move
from engine import fault_queries, modifying, signals, steps
from engine.errors import InstanceMovedOn
from engine.models import Job
from engine.modifying import Modification
from engine.reconciling import differences
from tests.bpmn.spiff.drawing import after, catch, end, flows, person, process, start

STORM = '<bpmn:signal id="storm" name="storm"/>'
WAIT = catch("wait", '<bpmn:signalEventDefinition signalRef="storm"/>')
WAITING = process(start(), WAIT, person("b"), end(), flows("s>wait>b>e"))
STUCK = process(start(), WAIT, catch("x", after("=nothing")), end(), flows("s>wait>x>e"))


def throw(town):
    with town.transactions.begin() as uow:
        signals.send(uow, "storm")


def wanted(town, instance_id, create):
    with town.transactions.begin() as uow:
        (token,) = [one.token for one in steps.look(uow, instance_id).positions()]
    return Modification(Move((token,), (Entry(create),)))


def preview(town, instance_id, create):
    modification = wanted(town, instance_id, create)
    with town.transactions.begin() as uow:
        return modifying.preview(uow, instance_id, modification)


def modify(town, instance_id, create):
    modification = wanted(town, instance_id, create)
    with town.transactions.begin() as uow:
        return modifying.modify(uow, instance_id, modification)


def owed(town, instance_id):
    with town.transactions.begin() as uow:
        assert differences(uow, instance_id) == []
        return len(uow.connection.exec_driver_sql("SELECT id FROM job").all())


def lost(forecast):
    return [(one.element, one.signal) for one in forecast.unheard]


@pytest.fixture
def suspended(town):
    """An instance that waits for `storm` and is suspended; one has been thrown."""
    town.publish(WAITING, STORM)
    instance_id = town.start()
    town.suspend(instance_id)
    throw(town)
    return instance_id


@pytest.mark.parametrize("create", ["wait", "b"])
def test_a_signal_that_the_move_drops_is_told_beforehand(town, suspended, create):
    told = preview(town, suspended, create)
    assert owed(town, suspended) == 1

    done = modify(town, suspended, create)

    assert told == done
    assert lost(told) == [("wait", "storm")]
    assert owed(town, suspended) == 0


def test_a_signal_that_was_kept_before_its_name_was_kept_with_it_goes_with_its_place(
    town, suspended
):
    with town.transactions.begin() as uow:
        (payload,) = uow.connection.scalars(select(Job.payload))
        unnamed = {fact: payload[fact] for fact in ("token", "variables")}
        uow.connection.execute(update(Job).values(payload=unnamed))

    told = modify(town, suspended, "wait")

    assert lost(told) == [("wait", "storm")]
    assert owed(town, suspended) == 0


def test_the_move_of_a_version_drops_only_what_was_told_of_it(town):
    town.publish(WAITING, STORM)
    instance_id = town.start()
    town.suspend(instance_id)
    sure = known(wanted(town, instance_id, "wait"), preview(town, instance_id, "wait"))
    throw(town)

    with pytest.raises(InstanceMovedOn), town.transactions.begin() as uow:
        modifying.modify(uow, instance_id, sure)

    assert owed(town, instance_id) == 1
    sure = known(sure, preview(town, instance_id, "wait"))
    with town.transactions.begin() as uow:
        modifying.modify(uow, instance_id, sure)
    assert owed(town, instance_id) == 0


def test_the_move_of_a_version_is_refused_when_what_was_told_is_gone(town, suspended):
    sure = known(wanted(town, suspended, "wait"), preview(town, suspended, "wait"))
    with town.transactions.begin() as uow:
        uow.connection.execute(delete(Job))

    with pytest.raises(InstanceMovedOn), town.transactions.begin() as uow:
        modifying.modify(uow, suspended, sure)


def known(modification, forecast):
    """Name the version for which this was foretold, and what it drops."""
    return replace(modification, version=forecast.version, unheard=forecast.dropped)


def test_a_place_that_is_taken_anew_waits_for_the_next_signal(town, suspended):
    modify(town, suspended, "wait")

    town.resume(suspended)
    assert town.tasks(suspended) == []
    throw(town)
    town.worker.run_due()

    assert [task.element for task in town.tasks(suspended)] == ["b"]


def test_a_signal_thrown_after_the_move_is_kept(town, suspended):
    modify(town, suspended, "wait")
    throw(town)

    town.resume(suspended)

    assert [task.element for task in town.tasks(suspended)] == ["b"]


def test_nothing_is_told_where_no_signal_has_come(town):
    town.publish(WAITING, STORM)
    instance_id = town.start()

    assert lost(modify(town, instance_id, "wait")) == []


def test_the_fault_of_a_signal_is_closed_when_the_process_is_moved_away(town):
    town.publish(STUCK, STORM)
    instance_id = town.start()
    throw(town)
    town.worker.run_due()

    told = modify(town, instance_id, "wait")

    assert lost(told) == [("wait", "storm")]
    with town.transactions.reading() as session:
        assert fault_queries.open_faults(session) == []
    assert owed(town, instance_id) == 0

"""Who goes over waits for what the new diagram waits for, under its key, and for nothing else."""

import pytest

from engine import messages, migrations
from engine.transfers import Outcome
from tests.bpmn.spiff.drawing import catch, end, flows, message, person, process, start, zeebe
from tests.engine.town import as_told


def letter(reference, name, key):
    inside = f"<bpmn:extensionElements>{zeebe('subscription', correlationKey=key)}"
    return f'<bpmn:message id="{reference}" name="{name}">{inside}</bpmn:extensionElements></bpmn:message>'


OLD, SAME, BAD = (
    letter(*values)
    for values in (
        ("old", "offer", '="k-" + case_id'),
        ("same", "reply", '="k-" + case_id'),
        ("bad", "reply", "=nowhere"),
    )
)
NEW_NAME, NEW_KEY = letter("name", "reply", "=case_id"), letter("key", "offer", "=case_id")


def waiting(reference):
    path = flows("s>wait>b>e")
    return process(start(), catch("wait", message(reference)), person("b"), end(), path)


def waits(town, instance_id):
    return [(name, key) for _, name, key in town.portrait(instance_id)[3]]


@pytest.mark.parametrize(
    ("new", "reference", "name"), [(NEW_NAME, "name", "reply"), (NEW_KEY, "key", "offer")]
)
def test_a_message_is_awaited_under_the_key_of_the_new_diagram(town, new, reference, name):
    town.publish(waiting("old"), OLD)
    instance_id = town.start()
    target = town.publish(waiting(reference), new)

    told = migrations.foretell(town.transactions, town.plan(target), instance_id)
    _, (done,) = town.migrate(target)

    case = str(town.case(0))
    assert as_told(told) == as_told(done)
    assert ("p", "wait", "“wait” now waits under the key of the new diagram.") in as_told(done)[
        "notices"
    ]
    assert waits(town, instance_id) == [(name, case)]
    assert town.differences() == []
    with town.transactions.begin() as uow:
        messages.publish(uow, name, case)
    town.worker.run_due()
    assert [task.element for task in town.tasks(instance_id)] == ["b"]


def test_a_message_that_lay_there_under_the_new_key_comes(town):
    town.publish(waiting("old"), OLD)
    instance_id = town.start()
    with town.transactions.begin() as uow:
        messages.publish(uow, "offer", str(town.case(0)))
    town.worker.run_due()

    town.migrate(town.publish(waiting("key"), NEW_KEY))
    town.worker.run_due()

    assert [task.element for task in town.tasks(instance_id)] == ["b"]


@pytest.mark.parametrize(("new", "reference"), [(NEW_NAME, "name"), (NEW_KEY, "key")])
def test_who_returns_waits_under_the_key_of_before(town, new, reference):
    town.publish(waiting("old"), OLD)
    instance_id = town.start()
    migration_id, _ = town.migrate(town.publish(waiting(reference), new))

    with town.transactions.begin() as uow:
        migrations.turn_back(uow, migration_id)
    town.finish(migration_id)

    assert waits(town, instance_id) == [("offer", f"k-{town.case(0)}")]
    assert town.differences() == []


def test_a_formula_that_stays_keeps_the_key_that_it_gave(town):
    town.publish(waiting("old"), OLD)
    instance_id = town.start()
    town.step(instance_id, lambda run: run.assign({"case_id": "other"}))

    _, (done,) = town.migrate(town.publish(waiting("same"), SAME))

    assert [str(one.sentence) for one in done.notices] == ["“wait” now waits for “reply”."]
    assert waits(town, instance_id) == [("reply", f"k-{town.case(0)}")]


def test_a_key_that_cannot_be_told_over_there_hinders(town):
    town.publish(waiting("old"), OLD)
    instance_id = town.start()
    before = town.portrait(instance_id)
    target = town.publish(waiting("bad"), BAD)

    told = migrations.foretell(town.transactions, town.plan(target), instance_id)
    _, (done,) = town.migrate(target)

    assert as_told(told) == as_told(done)
    assert (done.outcome, [one.element for one in done.notices]) == (Outcome.STAYS, ["wait"])
    assert town.portrait(instance_id) == before

"""What keeps failing is one fault that counts; what fails elsewhere is another."""

from datetime import timedelta
from uuid import UUID

import pytest

from bpmn.errors import Invalid
from bpmn.wording import say
from engine import fault_queries, instances, steps
from engine.events import FaultRaised
from engine.failures import StepFailed
from engine.fault_queries import FaultFilter
from tests.engine.desk import CASE, raising
from tests.engine.mending import retry
from tests.engine.stages import Boom, Service, Task, Timer


def test_faults_that_are_alike_are_counted_together_and_found_again(desk):
    desk.publish(count=(Service("count"),), bad=(Task("report"), Boom))
    for _ in range(3):
        desk.start("count")
    desk.start("bad")
    desk.run_due()
    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    with desk.transactions.reading() as session:
        groups = fault_queries.groups_of(session)
        wanted = FaultFilter(process="count", element="count")
        found = fault_queries.open_faults(session, wanted)
        meant = fault_queries.groups_of(session, wanted)

    assert [(group.element, group.error, group.count) for group in groups] == [
        ("count", "NoHandler", 3),
        ("report", "ZeroDivisionError", 1),
    ]
    assert [fault.error for fault in found] == ["NoHandler"] * 3
    assert meant == groups[:1]


def test_a_step_that_fails_for_a_person_changes_nothing_and_leaves_a_fault(desk):
    desk.publish(bad=(Task("report"), Boom))
    instance_id = desk.start("bad")

    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    assert list(desk.open_tasks()) == ["report"]
    assert [(fault.instance_id, fault.error) for fault in desk.faults()] == [
        (instance_id, "ZeroDivisionError")
    ]


def test_a_step_that_keeps_failing_is_one_fault_that_counts(desk):
    desk.publish(bad=(Task("report"), Boom))
    desk.start("bad")

    for _ in range(3):
        with pytest.raises(StepFailed):
            desk.complete(desk.task())

    assert [fault.attempts for fault in desk.faults()] == [3]
    assert len(_told(desk)) == 1


def test_a_process_that_keeps_failing_to_start_is_one_fault(desk):
    desk.publish(bad=(Boom,))

    for _ in range(3):
        with pytest.raises(StepFailed):
            desk.start("bad")

    assert [fault.attempts for fault in desk.faults()] == [3]


def test_the_fault_of_many_that_could_not_begin_belongs_to_none_of_them(desk):
    desk.publish(bad=(Boom,))
    for case in (CASE, UUID(int=7)):
        with pytest.raises(StepFailed), desk.transactions.begin() as uow:
            instances.start(uow, "bad", {}, case)

    with desk.transactions.begin() as uow:
        instances.erase(uow, CASE)

    assert [(fault.attempts, fault.business_key) for fault in desk.faults()] == [(2, None)]


def test_processes_of_two_deployments_that_could_not_begin_are_two_faults(desk):
    published = [desk.publish(bad=(Boom,), other=(Task(name),)) for name in ("one", "two")]
    for deployment in published:
        with pytest.raises(StepFailed), desk.transactions.begin() as uow:
            instances.start(uow, "bad", {}, CASE, deployment)

    assert {fault.deployment_id for fault in desk.faults()} == {one.id for one in published}


def test_the_same_failure_in_two_processes_is_two_faults(desk):
    desk.publish(bad=(Task("report"), Boom))
    for instance_id in (desk.start("bad"), desk.start("bad")):
        with pytest.raises(StepFailed), desk.transactions.begin() as uow:
            steps.advance(uow, instance_id, lambda run: run.complete(0, {}))

    assert len(desk.faults()) == 2


def test_a_failure_after_its_fault_was_closed_is_a_new_one(desk):
    desk.publish(bad=(Task("report"), Boom))
    desk.start("bad")
    for _ in range(2):
        with pytest.raises(StepFailed):
            desk.complete(desk.task())
        retry(desk)

    with pytest.raises(StepFailed):
        desk.complete(desk.task())

    assert [fault.attempts for fault in desk.faults()] == [1]
    assert len(_told(desk)) == 3


def test_jobs_that_fail_alike_have_a_fault_each(desk):
    desk.owe("unheard of")
    desk.owe("unheard of")

    desk.run_due()

    assert [fault.attempts for fault in desk.faults()] == [1, 1]


def test_a_fault_is_gone_when_its_process_has_left_the_work_by_another_way(desk):
    desk.publish(count=((Service("count"), Timer(timedelta(days=3))), Task("remind")))
    desk.start("count")
    desk.run_due()
    assert len(desk.faults()) == 1

    desk.wait(days=3)

    assert list(desk.open_tasks()) == ["remind"]
    with desk.transactions.reading() as session:
        assert fault_queries.open_faults(session) == []
        assert fault_queries.groups_of(session) == []
        assert fault_queries.count_open(session) == 0


def test_an_empty_name_means_no_fault_and_not_every_fault(desk):
    desk.owe("unheard of")
    desk.run_due()

    with desk.transactions.reading() as session:
        assert fault_queries.open_faults(session, FaultFilter(process="")) == []
        assert len(fault_queries.open_faults(session, FaultFilter())) == 1


def test_a_fault_is_kept_whatever_characters_its_facts_hold(desk):
    desk.publish(count=(Service("count"),))
    desk.services["count"] = raising(Invalid(say("“%(text)s” is wrong.", text="a\0b")))
    desk.start("count")

    desk.run_due()

    assert [fault.facts for fault in desk.faults()] == [{"text": "a�b"}]


def _told(desk):
    return [event for event in desk.events if isinstance(event, FaultRaised)]

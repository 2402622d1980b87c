"""The reconciler on its rounds: what does not fit together is found without anybody asking."""

import pytest
from sqlalchemy import delete, update

from engine import inspecting, queries, reconciling
from engine.errors import DatabaseBusy
from engine.models import Instance, UserTask
from tests.engine.desk import raising
from tests.engine.stages import Task


@pytest.fixture(autouse=True)
def without_haste(monkeypatch):
    """A spell ends with its page, however slow the machine is."""
    monkeypatch.setattr(inspecting, "SPELL", 3600)


def on_rounds(desk):
    with desk.transactions.begin() as uow:
        inspecting.begin(uow)


def spoil(desk, statement):
    with desk.transactions.begin() as uow:
        uow.connection.execute(statement)


def test_a_sound_installation_has_no_faults_after_any_number_of_rounds(desk):
    desk.publish(review=(Task("read"),))
    for _ in range(3):
        desk.start("review")
    on_rounds(desk)

    for _ in range(3):
        desk.wait(minutes=5)

    assert desk.faults() == []
    assert [job.kind for job in desk.jobs_left()] == [inspecting.INSPECTION]


def test_a_task_that_was_lost_is_told_once_with_its_place(desk):
    desk.publish(review=(Task("read"),))
    sound, broken = desk.start("review"), desk.start("review")
    spoil(desk, delete(UserTask).where(UserTask.instance_id == broken))
    on_rounds(desk)

    for _ in range(3):
        desk.wait(minutes=5)

    (fault,) = desk.faults()
    assert (fault.instance_id, fault.error) == (broken, "RowsDiffer")
    assert fault.facts["places"].startswith("task ")
    assert sound != broken


def test_a_process_that_cannot_be_read_does_not_end_the_round(desk):
    desk.publish(review=(Task("read"),))
    unreadable, broken = desk.start("review"), desk.start("review")
    spoil(desk, update(Instance).where(Instance.id == unreadable).values(snapshot="{"))
    spoil(desk, delete(UserTask).where(UserTask.instance_id == broken))
    on_rounds(desk)

    desk.wait(minutes=5)

    assert {fault.instance_id: fault.error for fault in desk.faults()} == {
        unreadable: "JSONDecodeError",
        broken: "RowsDiffer",
    }


def test_a_busy_database_is_no_fault_of_the_process_that_was_looked_at(desk, monkeypatch):
    desk.publish(review=(Task("read"),))
    broken = desk.start("review")
    spoil(desk, delete(UserTask).where(UserTask.instance_id == broken))
    on_rounds(desk)

    with monkeypatch.context() as busy:
        busy.setattr(reconciling, "differences", raising(DatabaseBusy()))
        desk.wait(minutes=5)
    assert desk.faults() == []
    desk.wait_for_next_job()

    assert [fault.error for fault in desk.faults()] == ["RowsDiffer"]


def test_a_round_goes_on_where_the_last_one_ended(desk, monkeypatch):
    monkeypatch.setattr(inspecting, "PAGE", 2)
    desk.publish(review=(Task("read"),))
    broken = [desk.start("review") for _ in range(5)]
    spoil(desk, delete(UserTask))
    on_rounds(desk)

    told = []
    for _ in range(3):
        desk.wait(minutes=5)
        told.append(len(desk.faults()))

    assert told == [2, 4, 5]
    assert {fault.instance_id for fault in desk.faults()} == set(broken)


def test_everything_is_looked_at_within_an_hour_however_much_there_is(desk, monkeypatch):
    monkeypatch.setattr(inspecting, "PAGE", 1)
    desk.publish(review=(Task("read"),))
    for _ in range(40):
        desk.start("review")
    spoil(desk, delete(UserTask))
    on_rounds(desk)

    desk.wait(minutes=5)
    for _ in range(40):
        desk.wait(seconds=90)

    assert len(desk.faults()) == 40


def test_all_are_counted_once_in_a_round(desk, monkeypatch):
    monkeypatch.setattr(inspecting, "PAGE", 1)
    desk.publish(review=(Task("read"),))
    for _ in range(4):
        desk.start("review")
    on_rounds(desk)
    count, counts = queries.count_active_instances, []
    monkeypatch.setattr(
        queries, "count_active_instances", lambda source: counts.append(1) or count(source)
    )

    for _ in range(5):
        desk.wait(minutes=5)
    assert len(counts) == 1
    for _ in range(5):
        desk.wait(minutes=5)

    assert len(counts) == 2


def test_a_round_that_takes_long_is_broken_off_and_goes_on_later(desk, monkeypatch):
    monkeypatch.setattr(inspecting, "SPELL", -1)
    desk.publish(review=(Task("read"),))
    for _ in range(3):
        desk.start("review")
    spoil(desk, delete(UserTask))
    on_rounds(desk)

    told = []
    for _ in range(3):
        desk.wait(minutes=5)
        told.append(len(desk.faults()))

    assert told == [1, 2, 3]

"""What has failed and is behind its process, or owed anew, waits for no operator any more."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select

from bpmn.moves import Entry, Move
from engine import fault_queries, instances, messages, modifying, queries, steps, tasks
from engine.errors import FaultAlreadyClosed
from engine.failures import StepFailed
from engine.fault_table import Fault, FaultState
from engine.faults import assign, skip
from engine.models import Job, Message
from engine.modifying import Modification
from tests.bpmn.spiff.drawing import (
    call,
    catch,
    document,
    end,
    flows,
    message,
    node,
    person,
    process,
    start,
    timer,
)
from tests.engine.desk import START, raising
from tests.engine.house import CASE, MORNING, House
from tests.engine.mending import retry
from tests.engine.stages import REMIND, Boom, StageRun, Task

PAUSE = catch("pause", timer("timeDuration", "=wait"))
"""Cannot be entered as long as nobody has set `wait`."""
HEARING = process(
    start(), person("hear"), PAUSE, person("close"), end(), flows("s>hear>pause>close>e")
)
WAITING = process(start(), call("talk", "inner"), person("close"), end(), flows("s>talk>close>e"))
INNER = process(
    start("s2"),
    catch("letter", message()),
    PAUSE,
    end("e2"),
    flows("s2>letter>pause>e2"),
    name="inner",
)


@pytest.fixture
def house(database):
    with time_machine.travel(MORNING, tick=False):
        yield House(database, {})


def fail_at_hearing(house):
    with pytest.raises(StepFailed):
        house.complete("hear")
    (fault,) = open_faults(house)
    return fault


def fail_at_letter(house):
    house.publish(document(WAITING, INNER))
    house.begin()
    house.worker.run_due()
    send_letter(house)
    (fault,) = open_faults(house)
    assert fault.job_kind == "correlation"


def send_letter(house):
    with house.transactions.begin() as uow:
        messages.publish(uow, "letter", str(CASE))
    house.worker.run_due()


def open_faults(house):
    with house.transactions.reading() as session:
        return fault_queries.open_faults(session)


def states(house):
    with house.transactions.reading() as session:
        return session.scalars(select(Fault.state).order_by(Fault.id)).all()


def left(house, table):
    with house.transactions.reading() as session:
        return session.scalars(select(table)).all()


def move_away(house):
    """Take every token away and have somebody close."""
    with house.transactions.begin() as uow:
        run = steps.look(uow, house.instance_id)
        tokens = tuple(one.token for one in run.positions() if one.inside is None)
        move = Move(cancel=tokens, create=(Entry("close"),))
        modifying.modify(uow, house.instance_id, Modification(move), "olga")
    house.worker.run_due()


def test_a_step_that_its_person_repeats_with_success_waits_for_no_operator(house):
    house.publish(document(HEARING))
    house.begin()
    fault = fail_at_hearing(house)
    with house.transactions.begin() as uow:
        assign(uow, fault.id, {"wait": timedelta(hours=1)})

    house.complete("hear")

    assert states(house) == [FaultState.RESOLVED]


def test_a_step_that_fails_again_when_repeated_still_waits(house):
    house.publish(document(HEARING))
    house.begin()
    fail_at_hearing(house)

    assert fail_at_hearing(house).attempts == 2


def test_what_failed_for_a_person_is_settled_when_the_process_is_moved_away(house):
    house.publish(document(HEARING))
    house.begin()
    fail_at_hearing(house)

    move_away(house)

    assert (house.waits, states(house)) == (["close"], [FaultState.RESOLVED])


def test_what_failed_at_one_of_two_places_alike_stays_when_the_other_goes_on(house):
    twice = (node("parallelGateway", "split"), call("one", "twin"), call("two", "twin"))
    outer = process(start(), *twice, end("e1"), end("e2"), flows("s>split>one>e1;split>two>e2"))
    twin = process(
        start("t"), person("hear"), PAUSE, end("e3"), flows("t>hear>pause>e3"), name="twin"
    )
    house.publish(document(outer, twin))
    house.begin()
    with house.transactions.reading() as session:
        asked = {task.token: task.id for task in queries.open_tasks_of(session, CASE)}
    for task_id in asked.values():
        with pytest.raises(StepFailed), house.transactions.begin() as uow:
            tasks.complete(uow, task_id, {}, "anna")
    mended, other = open_faults(house)
    with house.transactions.begin() as uow:
        assign(uow, mended.id, {"wait": timedelta(hours=1)})

    with house.transactions.begin() as uow:
        tasks.complete(uow, asked[mended.token], {}, "anna")

    assert [fault.id for fault in open_faults(house)] == [other.id]


def test_a_message_that_failed_is_there_for_others_when_its_call_is_moved_away(house):
    fail_at_letter(house)

    move_away(house)
    assert states(house) == [FaultState.RESOLVED]
    assert left(house, Job) == []
    house.publish(document(process(start(), catch("c", message()), end(), flows("s>c>e"))))
    house.begin()
    house.worker.run_due()

    assert left(house, Message) == []


def test_a_message_that_failed_is_there_for_others_when_its_process_is_cancelled(house):
    fail_at_letter(house)
    other = house.instance_id
    house.publish(document(process(start(), catch("c", message()), end(), flows("s>c>e"))))
    house.begin()

    with house.transactions.begin() as uow:
        instances.cancel(uow, other, "olga")
    house.worker.run_due()

    assert states(house) == [FaultState.CANCELLED]
    assert (left(house, Job), left(house, Message)) == ([], [])


def test_a_timer_that_nobody_waits_for_any_more_is_settled(desk, monkeypatch):
    desk.publish(remind=REMIND)
    desk.start("remind")
    monkeypatch.setattr(StageRun, "fire", raising(ZeroDivisionError()))
    desk.wait(days=3)
    (fault,) = desk.faults()

    desk.complete(desk.task())

    assert states(desk) == [FaultState.RESOLVED]
    with pytest.raises(FaultAlreadyClosed), desk.transactions.begin() as uow:
        skip(uow, fault.id, "olga")


def test_a_timer_that_is_armed_anew_waits_for_its_date_and_for_no_operator(desk, monkeypatch):
    desk.publish(remind=REMIND)
    desk.start("remind")
    with monkeypatch.context() as broken:
        broken.setattr(StageRun, "fire", raising(ZeroDivisionError()))
        desk.wait(days=3)
    assert len(desk.faults()) == 1

    with desk.transactions.begin() as uow:
        tasks.postpone(uow, desk.task(), START)

    assert states(desk) == [FaultState.RESOLVED]
    desk.wait(days=3)
    assert list(desk.open_tasks()) == ["remind"]


def test_values_are_not_set_for_what_has_been_dealt_with(desk):
    desk.publish(bad=(Task("report"), Boom))
    instance_id = desk.start("bad")
    with pytest.raises(StepFailed):
        desk.complete(desk.task())
    (fault,) = desk.faults()
    retry(desk)

    with pytest.raises(FaultAlreadyClosed), desk.transactions.begin() as uow:
        assign(uow, fault.id, {"people": 3})

    with desk.transactions.begin() as uow:
        assert instances.variables(uow, instance_id) == {}

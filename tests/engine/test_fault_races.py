"""A process that goes on or ends just as a fault of it is written down leaves nobody waiting."""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from sqlalchemy import delete, select, text

from engine import failures, inspecting, instances, tasks, worker
from engine.failures import StepFailed
from engine.fault_table import Fault, FaultState
from engine.models import Instance, InstanceState, UserTask
from engine.worker import Worker
from tests.engine.stages import Message, StageRun, Task

WAITERS = text("""
    SELECT count(*) FROM pg_stat_activity
    WHERE datname = current_database() AND wait_event_type = 'Lock'
""")


def cancel(uow, instance_id):
    instances.cancel(uow, instance_id, "olga")


def erase(uow, instance_id):
    uow.connection.execute(delete(Instance).where(Instance.id == instance_id))


@pytest.fixture(autouse=True)
def _refusals(monkeypatch):
    """Have a process that is `unwilling` take no message, and none take `wrong` answers."""
    deliver, complete = StageRun.deliver, StageRun.complete

    def deliver_to_the_willing(run, *given):
        if "unwilling" in run.variables:
            raise ZeroDivisionError
        deliver(run, *given)

    def complete_rightly(run, token, answers):
        if "wrong" in answers:
            raise ZeroDivisionError
        complete(run, token, answers)

    monkeypatch.setattr(StageRun, "deliver", deliver_to_the_willing)
    monkeypatch.setattr(StageRun, "complete", complete_rightly)


def start_both(desk):
    """Have one wait for a message that it will not take, and another behind it."""
    first = desk.start("wait", unwilling=True)
    desk.pass_time(seconds=1)
    second = desk.start("wait")
    desk.run_due()
    return first, second


def task_of(desk, instance_id):
    with desk.transactions.reading() as session:
        return session.scalar(select(UserTask.id).where(UserTask.instance_id == instance_id))


def states(desk):
    with desk.transactions.reading() as session:
        return session.scalars(select(Fault.state).order_by(Fault.id)).all()


@contextmanager
def meanwhile(desk, monkeypatch, act, module=worker):
    """Have somebody act as a fault is written: they wait until that is stored."""
    raise_fault = failures.raise_fault
    acts = []

    with ThreadPoolExecutor(1) as somebody:

        def raise_beside_an_act(*given):
            told = raise_fault(*given)
            acts.append(somebody.submit(act))
            wait_for_a_waiter(desk)
            return told

        monkeypatch.setattr(module, "raise_fault", raise_beside_an_act)
        try:
            yield
        finally:
            (done,) = acts
            done.result()


def wait_for_a_waiter(desk):
    """Wait until somebody waits for this transaction; on SQLite they do not even begin."""
    if desk.database.dialect.name == "sqlite":
        return
    for _ in range(2_000):
        with desk.database.connect() as connection:
            if connection.scalar(WAITERS):
                return
        time.sleep(0.005)  # a real server, and a clock that stands still
    pytest.fail("Nobody waits.")


@pytest.mark.parametrize("end", [cancel, erase])
def test_a_message_whose_receiver_ends_before_its_fault_is_written_finds_another(
    desk, monkeypatch, end
):
    desk.publish(wait=(Message("go"), Task("leave")))
    first, _ = start_both(desk)
    fail = Worker._fail

    def fail_after_its_end(worker, job, error):
        with desk.transactions.begin() as uow:
            end(uow, first)
        fail(worker, job, error)

    monkeypatch.setattr(Worker, "_fail", fail_after_its_end)
    desk.message("go")
    desk.run_due()

    assert (list(desk.open_tasks()), desk.jobs_left()) == (["leave"], [])
    assert desk.faults() == []


def test_a_message_whose_receiver_ends_as_its_fault_is_written_finds_another(desk, monkeypatch):
    desk.publish(wait=((Message("go"), Task("report")),))
    first, second = start_both(desk)
    report = task_of(desk, first)

    with meanwhile(desk, monkeypatch, lambda: desk.complete(report)):
        desk.message("go")
        desk.run_due()
    desk.run_due()

    assert desk.state(second) is InstanceState.FINISHED
    assert (states(desk), desk.jobs_left()) == ([FaultState.RESOLVED], [])


def on_rounds(desk):
    """Have every process looked at once."""
    with desk.transactions.begin() as uow:
        inspecting.begin(uow)
    desk.wait(minutes=5)


def test_a_step_that_succeeds_as_the_fault_of_another_try_is_written_settles_it_within_a_round(
    desk, monkeypatch
):
    desk.publish(review=(Task("report"), Task("leave")))
    desk.start("review")
    task_id = desk.task()

    with (
        pytest.raises(StepFailed),
        meanwhile(desk, monkeypatch, lambda: desk.complete(task_id), failures),
    ):
        desk.complete(task_id, wrong=True)
    on_rounds(desk)

    assert (list(desk.open_tasks()), states(desk)) == (["leave"], [FaultState.RESOLVED])


def test_a_fault_written_when_the_process_has_gone_on_is_settled_within_a_round(desk):
    desk.publish(review=(Task("report"), Task("leave")))
    desk.start("review")
    task_id = desk.task()
    with pytest.raises(StepFailed) as failed, desk.transactions.attempt() as uow:
        tasks.complete(uow, task_id, {"wrong": True}, "ben")
    desk.complete(task_id)
    with desk.transactions.begin() as uow:
        failed.value.note(uow)
    assert states(desk) == [FaultState.OPEN]

    on_rounds(desk)

    assert states(desk) == [FaultState.RESOLVED]


def test_a_fault_of_what_still_stands_there_stays_however_many_rounds_there_are(desk):
    desk.publish(review=(Task("report"), Task("leave")))
    desk.start("review")
    with pytest.raises(StepFailed):
        desk.complete(desk.task(), wrong=True)

    for _ in range(2):
        on_rounds(desk)

    assert states(desk) == [FaultState.OPEN]

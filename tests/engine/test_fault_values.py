"""A value that an operator sets comes to where the failed work sees it, whatever kind of work."""

from datetime import timedelta

import pytest
import time_machine

from engine import clock, fault_queries, faults, messages, signals
from engine.failures import StepFailed
from tests.bpmn.spiff.drawing import (
    call,
    catch,
    document,
    end,
    flows,
    job,
    message,
    person,
    process,
    start,
    timer,
)
from tests.engine.house import BERLIN, CASE, MORNING, House

PAUSE = catch("pause", timer("timeDuration", "=wait"))
"""Cannot be entered as long as nobody has set `wait`."""
SIGNAL = '<bpmn:signal id="sig" name="town closed"/></bpmn:definitions>'
HEARD = catch("step", '<bpmn:signalEventDefinition signalRef="sig"/>')


def complete(house):
    with pytest.raises(StepFailed):
        house.complete("step")
    return lambda: house.complete("step")


def send_letter(house):
    with house.transactions.begin() as uow:
        messages.publish(uow, "letter", str(CASE))


def send_signal(house):
    with house.transactions.begin() as uow:
        signals.send(uow, "town closed")


def serve(_house):
    """The worker serves by itself."""


@pytest.fixture
def house(database):
    with time_machine.travel(MORNING, tick=False):
        yield House(database, {"work": lambda *_: {}})


@pytest.mark.parametrize(
    ("step", "fail"),
    [
        (person("step"), complete),
        (catch("step", message()), send_letter),
        (HEARD, send_signal),
        (job("step"), serve),
    ],
    ids=["person", "message", "signal", "service"],
)
def test_a_value_set_for_what_failed_in_a_called_process_is_that_of_the_call(house, step, fail):
    outer = process(start(), call("talk", "inner"), end(), flows("s>talk>e"))
    inner = process(start("s2"), step, PAUSE, end("e2"), flows("s2>step>pause>e2"), name="inner")
    drawn = document(outer, inner).decode().replace("</bpmn:definitions>", SIGNAL)
    house.publish(drawn.encode())
    house.begin()
    house.worker.run_due()
    again = fail(house)
    house.worker.run_due()
    with house.transactions.reading() as session:
        (fault,) = fault_queries.open_faults(session)

    with house.transactions.begin() as uow:
        faults.assign(uow, fault.id, {"wait": timedelta(hours=1)})
        faults.retry(uow, fault.id, "olga")
    if again:
        again()
    house.worker.run_due()

    assert house.due == [(clock.now() + timedelta(hours=1)).astimezone(BERLIN).replace(tzinfo=None)]

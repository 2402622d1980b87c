"""Real diagrams through the whole engine: what the process waits for is what the rows say."""

from datetime import datetime, timedelta

import pytest
import time_machine

from bpmn.host import BERLIN
from engine import clock, instances, messages, queries
from engine.errors import BpmnError
from engine.models import InstanceState, Job
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    catch,
    each,
    end,
    error,
    flows,
    job,
    message,
    person,
    start,
    timer,
    zeebe,
)
from tests.engine.house import CASE, MORNING, House


@pytest.fixture
def traveller():
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def house(database, traveller):
    services = {"work": lambda _uow, call: {"seen": call.variables["number"]}, "fail": _fail}
    house = House(database, services)
    yield house
    if house.instance_id:
        assert house.differences() == []


def test_a_daily_reminder_comes_every_day_at_nine_also_when_summer_time_begins(house, traveller):
    cycle = timer("timeCycle", "R/2027-03-27T09:00/P1D")
    house.start(
        start(), person("a"), boundary("t", "a", cycle, interrupting=False), person("r"), end(),
        flows("s>a>e; t>r>e"),
    )  # fmt: skip
    reminders = []

    for day in (27, 28, 29):
        reminders += house.due
        traveller.move_to(datetime(2027, 3, day, 9, tzinfo=BERLIN))
        house.worker.run_due()

    assert reminders == [datetime(2027, 3, day, 9) for day in (27, 28, 29)]  # noqa: DTZ001
    assert house.waits == ["a", "r", "r", "r"]


def test_a_timer_looked_at_too_early_is_still_there(house, traveller):
    house.start(
        start(), person("a"), boundary("t", "a", after("P3D")), person("r"), end(),
        flows("s>a>e; t>r>e"),
    )  # fmt: skip
    due = house.due
    with house.transactions.begin() as uow:
        uow.connection.execute(Job.__table__.update().values(due_at=clock.now()))

    house.worker.run_due()

    assert (house.waits, house.due) == (["a"], due)


def test_a_service_hands_its_results_to_the_process(house):
    house.start(start(), job("j"), person("a"), end(), flows("s>j>a>e"), number=7)

    house.worker.run_due()

    with house.transactions.begin() as uow:
        assert instances.variables(uow, house.instance_id)["seen"] == 7
    assert house.waits == ["a"]


def test_a_service_that_fails_in_the_notation_goes_by_its_boundary(house):
    house.start(
        start(), job("j", "fail"), boundary("b", "j", error()), person("a"), person("r"), end(),
        flows("s>j>a>e; b>r>e"),
    )  # fmt: skip

    house.worker.run_due()

    assert house.waits == ["r"]


def test_a_message_reaches_the_case_it_is_for(house):
    house.start(start(), catch("m", message()), person("a"), end(), flows("s>m>a>e"))
    with house.transactions.begin() as uow:
        messages.publish(uow, "letter", "another case")
        messages.publish(uow, "letter", str(CASE))

    house.worker.run_due()

    assert house.waits == ["a"]


def test_tasks_for_many_go_on_together_and_join(house):
    house.start(
        start(), person("a", inside=each("=parties", "party")), person("r"), end(),
        flows("s>a>r>e"), parties=["one", "two", "three"],
    )  # fmt: skip

    for _ in range(3):
        assert "r" not in house.waits
        house.complete("a")

    assert house.waits == ["r"]


def test_due_dates_and_candidates_of_a_diagram_stand_in_the_task(house):
    settings = zeebe("assignmentDefinition", candidateGroups="role_qm,role_bm")
    settings += zeebe("taskSchedule", dueDate='=now() + duration("P3D")')
    house.start(start(), person("a", settings), end(), flows("s>a>e"))

    with house.transactions.reading() as session:
        (task,) = queries.open_tasks_of(session, CASE)
        candidates = {name for _, name in queries.candidates_of(session, task.id)}
    assert task.due_at == MORNING + timedelta(days=3)
    assert candidates == {"role_qm", "role_bm"}


def test_a_cancelled_process_waits_for_nothing(house):
    house.start(start(), person("a"), boundary("t", "a", after("P3D")), end(), flows("s>a>e; t>e"))

    with house.transactions.begin() as uow:
        instances.cancel(uow, house.instance_id)

    assert (house.waits, house.due, house.state) == ([], [], InstanceState.CANCELLED)


def _fail(_uow, _call):
    raise BpmnError("E1")

from datetime import UTC, datetime

import pytest

from workflows import inbox
from workflows.cases.operations import arrange_appointment
from workflows.today import MOST, Because, today


@pytest.fixture
def morning(agency):
    def morning(actor):
        with agency.transactions.begin() as uow:
            return today(uow, actor)

    return morning


def test_what_is_new_for_the_group_is_shown(agency, morning):
    reported = agency.report()

    screen = morning(agency.vera)

    assert [(item.because, item.case_number) for item in screen.items] == [
        (Because.NEW, reported.number)
    ]
    assert morning(agency.jonas).items == ()


def test_at_most_seven_things_are_shown_and_the_rest_is_counted(agency, morning):
    for _ in range(MOST + 2):
        agency.report()

    screen = morning(agency.vera)

    assert (len(screen.items), screen.more) == (MOST, 2)


def test_the_overdue_comes_first(agency, morning, afternoon):
    first = agency.report()
    task = agency.task(first.case_id, "report_review")
    with agency.transactions.begin() as uow:
        inbox.claim(uow, agency.vera, task.id)
    afternoon.move_to(datetime(2027, 5, 7, 7, tzinfo=UTC))
    agency.report()

    screen = morning(agency.vera)

    assert screen.items[0].because is Because.OVERDUE
    assert screen.items[0].case_number == first.number


def test_a_call_names_the_party_its_language_and_its_way(agency, morning, afternoon):
    case_id = agency.report().case_id
    agency.triage(case_id)
    agency.assign(case_id)

    step = morning(agency.elena).items[0].step

    assert str(step) == "Reach: Party A, speaks bg"


def test_appointments_of_the_day_are_shown(agency, morning):
    case_id = agency.report().case_id
    agency.triage(case_id)
    agency.assign(case_id)
    at = datetime(2027, 5, 4, 16, tzinfo=UTC)
    with agency.transactions.begin() as uow:
        arrange_appointment(uow, agency.elena, case_id, at, "Treff")

    because = [item.because for item in morning(agency.elena).items]

    assert Because.APPOINTMENT in because


def test_the_coordination_is_warned_before_the_school_calendar_ends(agency, morning, afternoon):
    before = morning(agency.katrin).warning
    afternoon.move_to(datetime(2027, 10, 1, 8, tzinfo=UTC))

    assert before is None
    assert "08.01.2028" in str(morning(agency.katrin).warning)
    assert morning(agency.vera).warning is None

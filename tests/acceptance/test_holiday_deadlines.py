"""Scenario 9: deadlines respect holidays, weekends and the night."""

from datetime import datetime

import pytest

from tests.acceptance import steps
from tests.office import ELENA, KATRIN, VERA
from workflows.calendar import ZONE


def wall(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.fixture
def waiting(office_at):
    """A case reported on the eve of Ascension Day; the mediator has not yet called anybody."""
    with office_at("2027-05-05 11:00") as office:
        vera = office.person(VERA)
        case = office.report(by=VERA, parties=(("Anna Ahorn", "de", False),))
        steps.triage(office, case, vera, languages=("de", "de"))
        vera.does(case, "Weg bestätigen", route="clarification")
        steps.assign(case, vera, office.person(ELENA))
        yield office, case


def test_a_deadline_skips_ascension_day_and_the_weekend(waiting):
    office, case = waiting

    assert office.open_tasks(case) == {"Erstkontakt A": wall("2027-05-10 23:59")}


def test_a_report_on_a_saturday_is_counted_over_whit_monday(office_at):
    with office_at("2027-05-15 12:00") as office:
        vera = office.person(VERA)
        case = office.report(by=VERA)
        steps.triage(office, case, vera)
        vera.does(case, "Weg bestätigen", route="clarification")

        first_contact = next(d for d in vera.file(case).deadlines if d.task_id is None)
        assert first_contact.due_at == wall("2027-05-19 23:59")


def test_reminders_come_on_open_mornings_and_none_on_closed_days(waiting):
    office, case = waiting
    office.until("2027-05-05 18:00")
    reminders = {}

    for day in range(6, 12):
        before = len(office.letters())
        office.until(f"2027-05-{day:02} 07:59")
        assert len(office.letters()) == before, "nobody is written to at night"
        office.until(f"2027-05-{day:02} 08:00")
        reminders[day] = len(office.letters()) > before
        office.until(f"2027-05-{day:02} 23:00")

    assert [day for day, came in reminders.items() if came] == [7, 10, 11]
    assert any(case.number in letter.subject for letter in office.letters())


def test_an_overdue_step_reaches_the_coordination_on_the_next_open_morning(waiting):
    office, case = waiting
    katrin = office.person(KATRIN)

    office.until("2027-05-11 07:59")
    before = list(office.open_tasks(case))
    office.until("2027-05-11 08:00")

    assert before == ["Erstkontakt A"]
    assert "Überfälligen Schritt klären" in katrin.tasks()


def test_whoever_acts_in_time_is_left_in_peace(waiting):
    office, case = waiting
    office.until("2027-05-07 12:00")
    office.person(ELENA).does(
        case,
        "Erstkontakt A",
        reached="yes",
        contact_b=False,
        contact__party=str(office.person(ELENA).file(case).parties[0].id),
        contact__at="2027-05-07T11:00",
        contact__channel="phone",
        contact__language="de",
        contact__safe_channel="phone",
    )

    office.until("2027-05-11 09:00")

    assert "Überfälligen Schritt klären" not in office.person(KATRIN).tasks()

from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from bpmn.feel.values import YearsMonths
from workflows import calendar, working_days
from workflows.calendar import BeyondSchoolTable, Kind

BERLIN = ZoneInfo("Europe/Berlin")


def at(year, month, day, hour=0, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN)


def call(name, *arguments):
    return working_days.functions()[name].call(*arguments)


def test_scenario_1_ascension_is_no_working_day():
    received = at(2027, 5, 4, 15, 30)

    assert calendar.next_due(received, 2) == at(2027, 5, 7, 23, 59)


def test_scenario_1_follow_ups_after_six_weeks_and_three_months():
    agreed = date(2027, 6, 1)

    assert calendar.follow_up_date(agreed, days=42) == date(2027, 7, 13)
    assert calendar.follow_up_date(agreed, months=3) == date(2027, 9, 1)


def test_scenario_9_reminders_and_escalation_leave_out_holiday_and_weekend():
    received = at(2027, 5, 5, 10)

    due = calendar.next_due(received, 2)

    assert due == at(2027, 5, 10, 23, 59)
    assert calendar.reminders(due, received) == (at(2027, 5, 7, 8), at(2027, 5, 10, 8))
    assert calendar.escalation_at(due) == at(2027, 5, 11, 8)


def test_scenario_9_a_report_on_saturday_before_whit_monday():
    assert calendar.next_due(at(2027, 5, 15, 12), 2) == at(2027, 5, 19, 23, 59)


def test_scenario_10_school_days_know_the_school_free_tuesday():
    reported = at(2027, 5, 14, 9)

    assert calendar.next_due(reported, 2, Kind.SCHOOL) == at(2027, 5, 20, 23, 59)
    assert calendar.next_due(reported, 2, Kind.OFFICE) == at(2027, 5, 19, 23, 59)


def test_scenario_10_a_follow_up_in_the_summer_holidays_moves_back():
    agreed = date(2027, 6, 7)

    dates = [
        calendar.follow_up_date(agreed, kind=Kind.SCHOOL, **later)
        for later in ({"days": 14}, {"days": 42}, {"months": 3})
    ]

    assert dates == [date(2027, 6, 21), date(2027, 7, 16), date(2027, 9, 7)]


def test_a_follow_up_on_a_weekend_moves_to_monday():
    assert calendar.follow_up_date(date(2027, 6, 5), days=7) == date(2027, 6, 14)


def test_a_reminder_that_is_already_past_is_skipped():
    due = at(2027, 5, 10, 23, 59)

    assert calendar.reminders(due, at(2027, 5, 7, 9)) == (at(2027, 5, 10, 8),)
    assert calendar.reminders(due, at(2027, 5, 10, 9)) == ()


def test_instants_late_in_the_evening_count_for_the_day_in_berlin():
    late = datetime(2027, 5, 4, 22, 30, tzinfo=ZoneInfo("UTC"))

    assert calendar.next_due(late, 1) == at(2027, 5, 7, 23, 59)


def test_due_dates_hold_the_wall_clock_across_the_change_to_summer_time():
    due = calendar.next_due(at(2027, 3, 25, 12), 1)

    assert due.isoformat() == "2027-03-30T23:59:00+02:00"


@pytest.mark.parametrize("year", [2026, 2027])
def test_the_office_knows_the_eleven_holidays_of_the_land(year):
    days = [date(year, 1, 1) + timedelta(days=n) for n in range(365)]

    closed = [day for day in days if day.weekday() < 5 and not calendar.is_open(day)]

    assert date(year, 12, 24) in closed
    assert {
        2026: date(2026, 6, 4),
        2027: date(2027, 5, 27),
    }[year] in closed


def test_nothing_is_guessed_beyond_the_school_table():
    with pytest.raises(BeyondSchoolTable):
        calendar.next_due(date(2028, 1, 7), 3, Kind.SCHOOL)

    assert call("next due", date(2028, 1, 7), Decimal(3), "school") is None
    assert calendar.school_table_ends_soon(date(2027, 10, 1)) == date(2028, 1, 8)
    assert calendar.school_table_ends_soon(date(2027, 5, 1)) is None


def test_expressions_reach_the_calendar():
    received = at(2027, 5, 5, 10)

    assert call("next due", received, Decimal(2), "office") == at(2027, 5, 10, 23, 59)
    assert call("add working days", date(2027, 5, 5), Decimal(2), "office") == date(2027, 5, 10)
    assert call("add working days", date(2027, 5, 10), Decimal(-2), "office") == date(2027, 5, 5)
    assert call("follow up date", date(2027, 6, 1), YearsMonths(3), "office") == date(2027, 9, 1)
    assert call("follow up date", date(2027, 6, 7), timedelta(days=42), "school") == date(
        2027, 7, 16
    )
    assert call("is working day", date(2027, 5, 6), "office") is False


@pytest.mark.parametrize(
    "arguments",
    [
        ("2027-05-05", Decimal(2), "office"),
        (date(2027, 5, 5), Decimal("1.5"), "office"),
        (date(2027, 5, 5), Decimal("NaN"), "office"),
        (date(2027, 5, 5), Decimal("1E9"), "office"),
        (date(2027, 5, 5), Decimal(2), "moon"),
        (date(9999, 12, 30), Decimal(5), "office"),
        (None, None, None),
    ],
)
def test_expressions_get_null_for_what_the_calendar_cannot_use(arguments):
    assert call("next due", *arguments) is None

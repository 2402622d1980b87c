from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmn.feel import YearsMonths
from bpmn.timers import (
    LAST_MINUTE,
    Cycle,
    NotATime,
    Span,
    cycle_of,
    moment_of,
    on_the_wall,
    read_cycle,
    read_moment,
    read_span,
    span_of,
)

BERLIN = ZoneInfo("Europe/Berlin")


def berlin(*parts):
    return datetime(*parts, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P14D", Span(days=14)),
        ("P2W", Span(days=14)),
        ("P1Y2M", Span(months=14)),
        ("PT36H", Span(exact=timedelta(hours=36))),
        ("P1DT0.5S", Span(days=1, exact=timedelta(milliseconds=500))),
        ("PT0S", Span()),
        ("P10Y", Span(months=120)),
    ],
)
def test_durations_are_read(text, span):
    assert read_span(text) == span


@pytest.mark.proves("R23")
@pytest.mark.whole
@pytest.mark.parametrize(
    "text",
    ["", "P", "PT", "5M", "-P1D", "P1DT", "P0.5M", "P1W2D", "P11Y", "P99999999Y", "PT1H\n", "P１D"],
)
def test_other_durations_are_refused_at_once(text):
    with pytest.raises(NotATime):
        read_span(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "R",
        "R/",
        "R0/P1D",
        "R/PT14M",
        "R/PT0S",
        "0 9 * * *",
        "R3/P1D/P1D",
        "R-1/P1D",
        "R1e9/P1D",
    ],
)
def test_other_cycles_are_refused(text):
    with pytest.raises(NotATime):
        read_cycle(text, BERLIN)


@pytest.mark.parametrize(
    "text",
    ["", "2027-13-01", "2027-02-30T09:00", "tomorrow", "09:00", "2027-01-15T25:00", "0000-01-01"],
)
def test_other_moments_are_refused(text):
    with pytest.raises(NotATime):
        read_moment(text, BERLIN)


@pytest.mark.proves("R23")
@pytest.mark.whole
def test_local_times_use_the_offset_of_their_own_day():
    assert read_moment("2027-01-15T09:00", BERLIN) == datetime(2027, 1, 15, 8, tzinfo=UTC)
    assert read_moment("2027-07-15T09:00", BERLIN) == datetime(2027, 7, 15, 7, tzinfo=UTC)


def test_a_time_in_the_gap_becomes_its_end_and_a_doubled_one_its_first():
    assert on_the_wall(datetime.fromisoformat("2027-03-28T02:30"), BERLIN) == berlin(2027, 3, 28, 3)
    assert on_the_wall(datetime.fromisoformat("2027-03-28T02:00"), BERLIN) == berlin(2027, 3, 28, 3)
    assert on_the_wall(datetime.fromisoformat("2026-10-25T02:30"), BERLIN) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )


def test_days_are_days_of_the_calendar_and_hours_are_hours():
    start = berlin(2027, 3, 27, 9)

    assert read_span("P1D").after(start, BERLIN) == berlin(2027, 3, 28, 9)
    assert read_span("PT24H").after(start, BERLIN) == berlin(2027, 3, 28, 10)


def test_months_end_where_the_month_ends_and_do_not_drift():
    began = berlin(2027, 1, 31, 9)
    monthly = read_cycle("R/P1M", BERLIN)

    days = [monthly.moment(number, began, BERLIN).astimezone(BERLIN).date() for number in (1, 2, 3)]

    assert days == [date(2027, 2, 28), date(2027, 3, 31), date(2027, 4, 30)]


def test_a_cycle_with_a_start_begins_there():
    cycle = read_cycle("R2/2027-01-15T09:00/P1W", BERLIN)
    began = berlin(2027, 1, 11, 12)

    assert cycle.moment(1, began, BERLIN) == berlin(2027, 1, 15, 9)
    assert cycle.moment(2, began, BERLIN) == berlin(2027, 1, 22, 9)
    assert cycle.moment(3, began, BERLIN) is None


def test_a_long_missed_cycle_is_found_again_without_counting_every_round():
    cycle = read_cycle("R/1990-01-01/PT15M", BERLIN)
    now = berlin(2027, 6, 1, 12, 7)

    number = cycle.next_number(1, now, now, BERLIN)

    assert cycle.moment(number, now, BERLIN) == berlin(2027, 6, 1, 12, 15)


@given(
    st.sampled_from(
        [Span(days=1), Span(months=1), Span(exact=timedelta(minutes=15)), Span(days=7)]
    ),
    st.datetimes(
        datetime.fromisoformat("2025-01-01"),
        datetime.fromisoformat("2027-01-01"),
        timezones=st.just(BERLIN),
    ),
    st.integers(0, 3 * 365 * 24 * 60),
)
def test_the_next_round_is_the_first_after_now(span, began, minutes):
    cycle, now = Cycle(span), began + timedelta(minutes=minutes)

    number = cycle.next_number(1, began, now, BERLIN)

    assert cycle.moment(number, began, BERLIN) > now
    assert number == 2 or cycle.moment(number - 1, began, BERLIN) <= now


def test_values_of_formulas_are_taken_by_their_type():
    assert span_of(timedelta(days=3, hours=5)) == Span(days=3, exact=timedelta(hours=5))
    assert span_of(YearsMonths(3)) == Span(months=3)
    assert moment_of(date(2027, 1, 15), BERLIN, LAST_MINUTE) == berlin(2027, 1, 15, 23, 59)
    assert moment_of("2027-01-15", BERLIN, LAST_MINUTE) == berlin(2027, 1, 15, 23, 59)
    assert moment_of(datetime.fromisoformat("2027-01-15T09:00"), BERLIN) == berlin(2027, 1, 15, 9)
    assert cycle_of(timedelta(days=1), BERLIN) == Cycle(Span(days=1))


@pytest.mark.parametrize(
    "value",
    [
        None,
        date(1, 1, 1),
        datetime.fromisoformat("0001-01-01T00:00"),
        datetime.fromisoformat("0001-01-01T00:00+14:00"),
    ],
)
def test_other_values_are_no_moments(value):
    with pytest.raises(NotATime):
        moment_of(value, BERLIN)


@pytest.mark.parametrize(
    "value",
    [None, Decimal(5), timedelta(days=-1), YearsMonths(-1), YearsMonths(10**9), time(9), []],
)
def test_other_values_are_no_durations(value):
    with pytest.raises(NotATime):
        span_of(value)

"""Due instants equal a table that is made another way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bpmn.timers import read_cycle, read_moment, read_span
from tests.bpmn.walls import expected, first_shown, shown

ZONES = ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "UTC")
"""Ours; one that changes on other days; one by half an hour; one that once left out a day."""
TURNS = (
    "2026-10-25",
    "2027-03-14",
    "2027-03-28",
    "2027-10-31",
    "2027-12-31",
    "2028-02-29",
    "2028-04-02",
)
"""Both changes of a year, its end, a leap day, the changes of other zones."""
HOURS = (-49, -24, -23, -12, -3, 0, 1, 2, 2.5, 3, 9, 24)
SPANS = ("P1D", "P1W", "P1M", "P1Y", "P1DT1H", "PT24H", "PT15M", "P2DT30M", "P1M1D", "P29D", "PT0S")


def starts(zone):
    for day in TURNS:
        for hours in HOURS:
            yield first_shown(datetime.fromisoformat(day), zone) + timedelta(hours=hours)


@pytest.mark.proves("R10")
@pytest.mark.whole
@pytest.mark.parametrize("name", ZONES)
def test_the_instants_of_spans_and_cycles_equal_the_table(name):
    zone = ZoneInfo(name)
    compared = 0

    for start in starts(zone):
        for text in SPANS:
            span = read_span(text)
            assert span.after(start, zone) == expected(start, span, 1, zone), (start, text)
            compared += 1
            if text == "PT0S":
                continue
            cycle = read_cycle(f"R3/{text}", zone)
            for number in (1, 2, 3):
                found = cycle.moment(number, start, zone)
                assert found == expected(start, span, number, zone), (start, text, number)
                compared += 1

    assert compared > 3_000


@pytest.mark.proves("R10")
@pytest.mark.whole
@pytest.mark.parametrize("name", ZONES)
def test_the_instants_of_local_moments_equal_the_table(name):
    zone = ZoneInfo(name)
    minutes = range(0, 24 * 60, 10)
    walls = [datetime.fromisoformat(day) + timedelta(minutes=m) for day in TURNS for m in minutes]

    found = [read_moment(wall.isoformat(timespec="minutes"), zone) for wall in walls]

    assert len(found) > 1_000
    assert found == [first_shown(wall, zone) for wall in walls]


@pytest.mark.proves("R10")
@pytest.mark.whole
@pytest.mark.parametrize("name", ZONES)
def test_a_daily_cycle_shows_the_same_time_on_the_wall_all_year(name):
    zone = ZoneInfo(name)
    began = first_shown(datetime.fromisoformat("2027-01-01T02:30"), zone)
    daily = read_cycle("R/P1D", zone)

    instants = [daily.moment(number, began, zone) for number in range(1, 366)]

    assert instants == sorted(set(instants))
    walls = [shown(instant, zone) for instant in instants]
    assert sum(wall.time().isoformat("minutes") != "02:30" for wall in walls) <= 1
    assert len({wall.date() for wall in walls}) == len(walls)

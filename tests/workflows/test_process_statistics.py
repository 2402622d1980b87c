"""How processes go is told to the coordination exactly, to process managers without small numbers."""

from datetime import date

import pytest

from bpmn.errors import Refusal
from workflows import statistics
from workflows.access import Role
from workflows.statistics import Asked


@pytest.fixture
def ko(agency):
    return agency.hire("Konrad", Role.COORDINATION)


@pytest.fixture
def pm(agency):
    return agency.hire("Paula", Role.PROCESS_MANAGEMENT)


def ask(agency, what, actor, *given):
    with agency.transactions.reading() as reading:
        return what(reading, actor, *given)


def start_of(agency, actor):
    found = ask(agency, statistics.heat_map, actor, Asked(process="neighbourhood_conflict"))
    return next(row for row in found if row.kind == "startEvent")


def test_numbers_below_five_are_exact_for_the_coordination_alone(agency, ko, pm):
    for _ in range(4):
        agency.report()
    assert (start_of(agency, ko).entered, start_of(agency, pm).entered) == (4, None)

    agency.report()
    assert (start_of(agency, ko).entered, start_of(agency, pm).entered) == (5, 5)
    assert start_of(agency, pm).here == 0


def test_middle_values_of_fewer_than_ten_are_for_the_coordination_alone(agency, ko, pm):
    for _ in range(9):
        agency.report()
    assert start_of(agency, ko).took.median is not None
    assert start_of(agency, pm).took.median is None

    agency.report()
    assert start_of(agency, pm).took.median == 0


def test_what_stays_longest_is_listed_for_whoever_may_see_each_case(agency, ko, pm):
    agency.report()
    seen = {actor.name: ask(agency, statistics.ageing, actor, Asked()) for actor in (ko, pm)}
    olga = agency.hire("Olga", Role.ADMINISTRATION)

    assert seen[ko.name].oldest
    assert ask(agency, statistics.ageing, olga, Asked()).oldest
    assert seen[pm.name].oldest == ()
    assert {one for place in seen[pm.name].places for one in place.counts} == {0, None}


@pytest.mark.parametrize(
    "role", [one for one in Role if one not in {Role.COORDINATION, Role.PROCESS_MANAGEMENT}]
)
def test_others_get_no_numbers(agency, role):
    actor = agency.hire("Somebody", role)

    for what in (statistics.heat_map, statistics.cycle_times):
        with pytest.raises(Refusal):
            ask(agency, what, actor, Asked(process="neighbourhood_conflict"))


def test_a_period_that_ends_before_it_begins_and_an_unknown_version_are_refused(agency, ko):
    backwards = Asked(since=date(2027, 5, 1), until=date(2027, 4, 1))
    for asked in (backwards, Asked(deployment=77)):
        with pytest.raises(Refusal):
            ask(agency, statistics.heat_map, ko, asked)

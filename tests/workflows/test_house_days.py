from datetime import date

import pytest

from bpmn.errors import Forbidden, Unknown
from workflows import calendar
from workflows.access import CONSOLE, Actor, Role
from workflows.calendar import HouseDays


@pytest.fixture(autouse=True)
def _known_house_days(monkeypatch):
    monkeypatch.setattr(calendar, "_known", calendar._Known(HouseDays()))


def follow(transactions):
    with transactions.reading() as session:
        calendar.follow(session)


def test_a_new_installation_is_closed_on_christmas_eve_and_new_years_eve(transactions):
    with transactions.begin() as uow:
        calendar.begin(uow)

    follow(transactions)

    assert not calendar.is_open(date(2027, 12, 24))
    assert not calendar.is_open(date(2029, 12, 31))
    assert calendar.is_open(date(2027, 12, 23))


def test_a_house_day_moves_due_dates_until_it_is_removed(transactions):
    with transactions.begin() as uow:
        house_day = calendar.add_house_day(uow, CONSOLE, date(2027, 5, 7), "Betriebsausflug")
    assert calendar.add_working_days(date(2027, 5, 4), 2) == date(2027, 5, 10)

    with transactions.begin() as uow:
        calendar.remove_house_day(uow, CONSOLE, house_day)

    assert calendar.add_working_days(date(2027, 5, 4), 2) == date(2027, 5, 7)


def test_house_days_are_kept_by_those_who_may(transactions):
    manager = Actor(CONSOLE.person_id, "Vera", frozenset({Role.QUARTER_MANAGEMENT}))

    with transactions.begin() as uow, pytest.raises(Forbidden):
        calendar.add_house_day(uow, manager, date(2027, 5, 7), "Betriebsausflug")
    with transactions.begin() as uow, pytest.raises(Unknown):
        calendar.remove_house_day(uow, CONSOLE, CONSOLE.person_id)


def test_a_house_day_of_a_transaction_that_fails_closes_nothing(transactions):
    def fail():
        with transactions.begin() as uow:
            calendar.add_house_day(uow, CONSOLE, date(2027, 5, 7), "Betriebsausflug")
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    assert calendar.is_open(date(2027, 5, 7))


def test_a_house_day_that_another_process_enters_is_known_within_a_minute(
    transactions, monkeypatch
):
    keeper, seconds = calendar.Keeper(transactions), 0.0
    monkeypatch.setattr(calendar, "monotonic", lambda: seconds)
    keeper.follow()
    with transactions.begin() as uow:
        calendar.add_house_day(uow, CONSOLE, date(2027, 5, 7), "Betriebsausflug")
    monkeypatch.setattr(calendar, "_known", calendar._Known(HouseDays()))

    keeper.follow()
    at_once = calendar.is_open(date(2027, 5, 7))
    seconds = 60.0
    keeper.follow()

    assert at_once
    assert not calendar.is_open(date(2027, 5, 7))

from datetime import UTC, datetime

import pytest
import time_machine
from argon2 import PasswordHasher

from workflows.access import CONSOLE, Role
from workflows.people import NewPerson, add_organisation, add_person, add_quarter, passwords
from workflows.people.models import OrganisationKind

PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch):
    """What argon2 costs is a matter of its parameters, not of these tests."""
    monkeypatch.setattr(
        passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    passwords._nobodys_hash.cache_clear()


@pytest.fixture
def clock():
    with time_machine.travel(datetime(2027, 5, 4, 9, tzinfo=UTC), tick=False) as traveller:
        yield traveller


@pytest.fixture
def city(transactions):
    with transactions.begin() as uow:
        return add_organisation(uow, CONSOLE, "Stadt Musterstadt", OrganisationKind.CITY)


@pytest.fixture
def north(transactions):
    with transactions.begin() as uow:
        return add_quarter(uow, CONSOLE, "Nordwinkel")


@pytest.fixture
def hire(transactions, city):
    """Give somebody an account; the login is the first name at example.org."""

    def hire(name, *roles, quarters=(), organisation=city):
        login = f"{name.split()[0].lower()}@example.org"
        new = NewPerson(login, name, organisation, frozenset(roles), frozenset(quarters))
        with transactions.begin() as uow:
            return add_person(uow, CONSOLE, new, PASSWORD)

    return hire


@pytest.fixture
def vera(hire, north):
    return hire("Vera Beispiel", Role.QUARTER_MANAGEMENT, quarters=[north])

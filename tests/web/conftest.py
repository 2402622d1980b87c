"""An installation on SQLite with one person a role, and browsers to visit it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask

from tests.web import every_component
from tests.web.desk import desk_in
from tests.web.entrance import PASSWORD, Visitor
from tests.web.terminal import a_terminal
from web.app import create_app
from web.commands.installation import OPERATOR
from workflows import application as root
from workflows import founding, people
from workflows.access import Role
from workflows.people.models import OrganisationKind
from workflows.settings import Settings


@dataclass(frozen=True)
class House:
    """The installation and who works there."""

    application: root.Application
    flask: Flask
    quarter_id: UUID

    def visitor(self) -> Visitor:
        return Visitor(self.flask.test_client())

    def visit(self, role: Role) -> Visitor:
        """Return a browser in which the person of this role is signed in."""
        visitor = self.visitor()
        assert visitor.sign_in(login_of(role)).status_code == 302
        return visitor


def login_of(role: Role) -> str:
    return f"{role.value.removeprefix('role_')}@example.org"


@pytest.fixture(scope="session")
def house(tmp_path_factory):
    """One installation for all tests of the entrances; tests leave no traps behind."""
    house = make_house(tmp_path_factory.mktemp("house"))
    yield house
    house.application.close()


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    house = make_house(tmp_path_factory.mktemp("archive"))
    every_component.publish(house.application)
    yield house
    house.application.close()


@pytest.fixture
def handschlag(monkeypatch, capsys, tmp_path):
    """Call a command in a fresh folder; answers exit code, output and errors."""
    with a_terminal(monkeypatch, capsys, tmp_path / "data") as call:
        yield call


@pytest.fixture
def installation(handschlag, tmp_path):
    """An installation in which nothing can be done but what commands ask for."""
    handschlag("migrate")
    found = root.build(Settings(data_dir=tmp_path / "data"))
    yield found
    found.close()


@pytest.fixture
def case(archive):
    """A reported case whose first task asks everything, taken by the person who is signed in."""
    return desk_in(archive)


def make_house(directory: Path, **settings: Any) -> House:
    application = root.build(Settings(data_dir=directory, demo=True, **settings))
    founding.prepare(application)
    quarter_id = _staff(application)
    flask = create_app(application)
    flask.testing = False
    return House(application, flask, quarter_id)


def _staff(application: root.Application) -> UUID:
    with application.transactions.begin() as uow:
        city = people.add_organisation(uow, OPERATOR, "Stadt", OrganisationKind.CITY)
        quarter = people.add_quarter(uow, OPERATOR, "Nordwinkel")
        for role in Role:
            person = people.NewPerson(login_of(role), role.name, city, {role}, {quarter})
            people.add_person(uow, OPERATOR, person, PASSWORD)
    return quarter


@pytest.fixture(scope="module")
def call(house):
    """Call the API with the token of the person of a role, the administration's by default."""
    tokens = {}
    with house.application.transactions.begin() as uow:
        for role in Role:
            person = people.person_id_of(uow.session, login_of(role))
            tokens[role] = people.add_token(uow, OPERATOR, person, "program")
    client = house.flask.test_client()

    def call(method, path, role=Role.ADMINISTRATION, **options):
        headers = {"Authorization": f"Bearer {tokens[role]}", **options.pop("headers", {})}
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    return call

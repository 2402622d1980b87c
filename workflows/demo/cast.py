"""The people of a demo installation: fictional, and with passwords of this installation alone."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import orjson

from engine import clock
from engine.unit_of_work import UnitOfWork
from workflows import people
from workflows.access import CONSOLE, Role
from workflows.calendar import ZONE
from workflows.people import NewPerson, Skill
from workflows.people.models import OrganisationKind, Regime
from workflows.people.passwords import make_password

QUARTERS = ("Nordwinkel", "Südufer", "Lindenhöhe", "Hafenrain")
CITY = "Stadt Musterstadt"
ORGANISATIONS = (
    (CITY, OrganisationKind.CITY, Regime.GDPR),
    ("Brückenhaus e. V.", OrganisationKind.WELFARE, Regime.GDPR),
    ("Katharinenhilfe", OrganisationKind.WELFARE, Regime.KDG),
    ("Haus Morgenlicht", OrganisationKind.WELFARE, Regime.DSG_EKD),
    ("Wohnbau Südufer", OrganisationKind.HOUSING, Regime.GDPR),
    ("Schiedsamt Musterstadt", OrganisationKind.OTHER, Regime.GDPR),
    ("Antidiskriminierungsberatung Musterstadt", OrganisationKind.OTHER, Regime.GDPR),
    ("Gesamtschule Lindenhöhe", OrganisationKind.SCHOOL, Regime.GDPR),
    ("Bezirksdienst Nord", OrganisationKind.POLICE, Regime.GDPR),
)
PLACES = (
    ("Nachbarschaftstreff Nordwinkel", "Nordwinkel"),
    ("Bücherei Südufer", "Südufer"),
    ("Stadtteilhaus Lindenhöhe", "Lindenhöhe"),
    ("Altes Zollhaus", "Hafenrain"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One of the demo's people."""

    name: str
    role: Role
    quarters: tuple[str, ...] = ()
    organisation: str = CITY
    capacity: int | None = None
    languages: tuple[Skill, ...] = ()
    away: tuple[int, int] | None = None
    """First and last day of an absence, in days from today."""

    @property
    def login(self) -> str:
        return f"{self.name.lower().replace(' ', '.')}@musterstadt.example"


def _fluent(tag: str, read: int = 3, write: int = 3) -> Skill:
    return Skill(tag, 3, 3, read, write)


_QM, _SKM, _KO = Role.QUARTER_MANAGEMENT, Role.CULTURAL_MEDIATOR, Role.COORDINATION
_GERMAN = Skill("de", 3, 3, 2, 2)

CAST = (
    Part("Vera Nordmann", _QM, ("Nordwinkel", "Lindenhöhe")),
    Part("Jonas Uferfeld", _QM, ("Südufer", "Hafenrain"), "Brückenhaus e. V."),
    Part("Elena Dimova", _SKM, QUARTERS, capacity=4, languages=(_fluent("bg"), _GERMAN)),
    Part(
        "Dilan Berzani",
        _SKM,
        ("Nordwinkel", "Südufer"),
        capacity=3,
        languages=(_fluent("kmr", 2, 1), Skill("tr", 3, 3, 3, 2), _GERMAN),
    ),
    Part(
        "Soran Hamidi",
        _SKM,
        ("Südufer", "Hafenrain"),
        capacity=3,
        languages=(_fluent("ckb"), Skill("ar", 2, 3, 2, 1), _GERMAN),
        away=(0, 20),
    ),
    Part(
        "Ioana Marin",
        _SKM,
        ("Lindenhöhe", "Nordwinkel"),
        "Katharinenhilfe",
        capacity=5,
        languages=(_fluent("ro"), Skill("rom", 3, 3, 0, 0, "Kalderasch"), _GERMAN),
    ),
    Part(
        "Nadiya Kovalenko",
        _SKM,
        QUARTERS,
        "Haus Morgenlicht",
        capacity=4,
        languages=(_fluent("uk"), _fluent("ru"), _GERMAN),
    ),
    Part(
        "Miriam Schulte",
        Role.EDUCATION_MEDIATOR,
        ("Lindenhöhe",),
        capacity=4,
        languages=(_fluent("de"), Skill("ro", 2, 2, 1, 1)),
    ),
    Part("Carla Weber", Role.CASE_MANAGEMENT, QUARTERS, "Brückenhaus e. V."),
    Part("Katrin Sommer", _KO, QUARTERS),
    Part("Tarek Linden", _KO, QUARTERS),
    Part("Paula Richter", Role.PROCESS_MANAGEMENT),
    Part("Anton Kessler", Role.ADMINISTRATION),
    Part("Lena Grothe", Role.STEERING_GROUP),
    Part("Dagmar Stein", Role.DATA_PROTECTION),
)


@dataclass(frozen=True, slots=True)
class Town:
    """What was entered, by name."""

    quarters: Mapping[str, UUID]
    organisations: Mapping[str, UUID]


def found_town(uow: UnitOfWork) -> Town:
    """Enter quarters, organisations and places."""
    quarters = {name: people.add_quarter(uow, CONSOLE, name) for name in QUARTERS}
    uow.session.flush()  # places refer to quarters by id alone
    organisations = {
        name: people.add_organisation(uow, CONSOLE, name, kind, (regime, None))
        for name, kind, regime in ORGANISATIONS
    }
    for name, quarter in PLACES:
        people.add_place(uow, CONSOLE, name, quarters[quarter])
    uow.session.flush()  # people refer to organisations by id alone
    return Town(quarters, organisations)


def hire(uow: UnitOfWork, town: Town, part: Part, password: str) -> None:
    """Give one of the cast an account and, as a mediator, a profile."""
    quarters = frozenset(town.quarters[name] for name in part.quarters)
    organisation = town.organisations[part.organisation]
    new = NewPerson(part.login, part.name, organisation, frozenset({part.role}), quarters)
    person_id = people.add_person(uow, CONSOLE, new, password)
    if part.capacity is not None:
        people.set_capacity(uow, CONSOLE, person_id, part.capacity)
        people.set_languages(uow, CONSOLE, person_id, part.languages)
    if part.away is not None:
        first, last = (_today() + timedelta(days=days) for days in part.away)
        people.add_absence(uow, CONSOLE, person_id, first, last)


def renew_passwords(uow: UnitOfWork) -> dict[str, str]:
    """Give the cast new passwords, where the file with the old ones was lost."""
    passwords = make_passwords()
    for login, password in passwords.items():
        person_id = people.person_id_of(uow.session, login)
        if person_id is not None:
            people.set_password(uow, CONSOLE, person_id, password)
    return passwords


def make_passwords() -> dict[str, str]:
    """Draw a password for every login of the cast."""
    return {part.login: make_password() for part in CAST}


def write_logins(path: Path, passwords: Mapping[str, str]) -> None:
    """Leave role, login, password and person where only the owner of the installation can look."""
    rows = [
        {
            "role": part.role.value,
            "name": part.login,
            "password": passwords[part.login],
            "person": part.name,
        }
        for part in CAST
    ]
    draft = path.with_name(f".{path.name}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(orjson.dumps(rows, option=orjson.OPT_INDENT_2) + b"\n")
    draft.replace(path)


def _today() -> date:
    return clock.now().astimezone(ZONE).date()

from datetime import date

import pytest
from sqlalchemy import text

from bpmn.errors import Forbidden
from tests.workflows.people.conftest import PASSWORD
from workflows import people
from workflows.access import CONSOLE, Role
from workflows.people import NewPerson, Skill, add_person
from workflows.people.errors import (
    AbsenceRefused,
    LoginMalformed,
    LoginTaken,
    PasswordTooWeak,
    SkillRefused,
)


def test_a_password_is_stored_as_argon2id_alone(vera, database):
    assert vera
    with database.connect() as connection:
        stored = connection.execute(text("SELECT password_hash FROM person")).scalar_one()

    assert stored.startswith("$argon2id$")
    assert PASSWORD not in stored


@pytest.mark.usefixtures("vera")
def test_a_login_belongs_to_one_person(transactions, city):
    new = NewPerson("VERA@example.org", "Vera Zwei", city, frozenset())

    with transactions.begin() as uow, pytest.raises(LoginTaken):
        add_person(uow, CONSOLE, new, PASSWORD)


@pytest.mark.parametrize("login", ["", "vera", "vera@", "a b@example.org", "a@b@c", "a\n@b.org"])
def test_a_login_is_an_address_that_mail_reaches(transactions, city, login):
    with transactions.begin() as uow, pytest.raises(LoginMalformed):
        add_person(uow, CONSOLE, NewPerson(login, "Vera", city, frozenset()), PASSWORD)


def test_a_short_password_is_refused(transactions, city):
    with transactions.begin() as uow, pytest.raises(PasswordTooWeak):
        add_person(uow, CONSOLE, NewPerson("v@example.org", "Vera", city, frozenset()), "short")


def test_only_the_administration_keeps_accounts(transactions, vera, city):
    with transactions.reading() as session:
        actor = people.actor(session, vera)
    new = NewPerson("otto@example.org", "Otto", city, frozenset({Role.ADMINISTRATION}))

    with transactions.begin() as uow, pytest.raises(Forbidden):
        add_person(uow, actor, new, PASSWORD)


def test_letters_reach_the_holders_of_a_role_in_a_quarter(transactions, hire, vera, north):
    hire("Otto Beispiel", Role.QUARTER_MANAGEMENT)

    with transactions.reading() as session:
        here = people.addressees(session, Role.QUARTER_MANAGEMENT, north)
        everywhere = people.addressees(session, Role.QUARTER_MANAGEMENT)

    assert [(reader.person_id, reader.email) for reader in here] == [(vera, "vera@example.org")]
    assert [reader.name for reader in everywhere] == ["Otto Beispiel", "Vera Beispiel"]


def test_a_mediator_is_proposed_with_skills_capacity_and_absences(transactions, hire, north):
    dilan = hire("Dilan Muster", Role.CULTURAL_MEDIATOR, quarters=[north])
    with transactions.begin() as uow:
        people.set_capacity(uow, CONSOLE, dilan, 4)
        people.set_languages(
            uow, CONSOLE, dilan, [Skill("ckb", 3, 3, 1, 1), Skill("de", 2, 3, 2, 2)]
        )
        people.add_absence(uow, CONSOLE, dilan, date(2027, 5, 3), date(2027, 5, 31))

    with transactions.reading() as session:
        (away,) = people.mediators(session, date(2027, 5, 31))
        (there,) = people.mediators(session, date(2027, 6, 1))

    assert (away.absent, away.absent_until) == (True, date(2027, 5, 31))
    assert (there.absent, there.weekly_capacity, there.quarters) == (False, 4, {north})
    assert there.languages["ckb"] == Skill("ckb", 3, 3, 1, 1)


def test_everybody_enters_absences_of_her_own_and_of_nobody_else(transactions, hire, vera):
    otto = hire("Otto Beispiel", Role.CULTURAL_MEDIATOR)
    with transactions.reading() as session:
        actor = people.actor(session, otto)
    days = (date(2027, 5, 3), date(2027, 5, 4))

    with transactions.begin() as uow:
        people.add_absence(uow, actor, otto, *days)
        with pytest.raises(Forbidden):
            people.add_absence(uow, actor, vera, *days)
        with pytest.raises(AbsenceRefused):
            people.add_absence(uow, actor, otto, *reversed(days))


def test_a_skill_beyond_the_scale_is_refused(transactions, vera):
    with transactions.begin() as uow, pytest.raises(SkillRefused):
        people.set_languages(uow, CONSOLE, vera, [Skill("ro", 4, 0, 0, 0)])


@pytest.mark.usefixtures("vera")
def test_the_list_of_people_shows_where_they_belong(transactions, north):
    with transactions.reading() as session:
        (view,) = people.people(session)
        quarters = people.quarters(session)

    assert (view.organisation, view.quarters) == ("Stadt Musterstadt", {north})
    assert quarters == {north: "Nordwinkel"}

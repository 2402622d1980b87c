from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import text

from tests.workflows.people.conftest import PASSWORD
from workflows.access import CONSOLE, Role
from workflows.people import (
    add_organisation,
    add_token,
    change_belonging,
    close_session,
    disable,
    note,
    recognise,
    resume,
    revoke_token,
    rotate,
    set_password,
    sign_in,
)
from workflows.people.errors import SessionEnded, TokenRefused
from workflows.people.models import ApiToken, OrganisationKind, Regime

LOGIN = "vera@example.org"


@pytest.fixture
def token(transactions, clock, vera):
    return sign_in(transactions, LOGIN, PASSWORD).token


def visit(transactions, token):
    with transactions.reading() as session:
        found = resume(session, token)
    if found.is_to_note:
        with transactions.begin() as uow:
            note(uow, found)
    return found.visitor


def has_ended(transactions, token):
    try:
        visit(transactions, token)
    except SessionEnded:
        return True
    return False


def test_a_session_knows_the_person_and_what_she_may(transactions, token, vera):
    visitor = visit(transactions, token)

    assert visitor.actor.person_id == vera
    assert visitor.actor.has(Role.QUARTER_MANAGEMENT)
    assert visitor.language == "de"


def test_a_session_ends_after_thirty_idle_minutes(transactions, token, clock):
    clock.shift(timedelta(minutes=29))
    assert not has_ended(transactions, token)

    clock.shift(timedelta(minutes=29))
    assert not has_ended(transactions, token)

    clock.shift(timedelta(minutes=30))
    assert has_ended(transactions, token)


def test_a_session_ends_after_ten_hours_however_busy(transactions, token, clock):
    for _ in range(29):
        clock.shift(timedelta(minutes=20))
        assert not has_ended(transactions, token)

    clock.shift(timedelta(minutes=20))

    assert has_ended(transactions, token)


def test_a_visit_within_a_minute_of_the_last_writes_nothing(transactions, token, clock):
    clock.shift(timedelta(seconds=59))

    with transactions.reading() as session:
        assert not resume(session, token).is_to_note


def test_signing_out_ends_the_session(transactions, token):
    for _ in range(2):
        with transactions.begin() as uow:
            close_session(uow, token)

    assert has_ended(transactions, token)


def test_a_rotated_token_replaces_the_old_one(transactions, token):
    with transactions.begin() as uow:
        fresh = rotate(uow, token)

    assert has_ended(transactions, token)
    assert not has_ended(transactions, fresh)


@pytest.mark.parametrize(
    "act",
    [
        lambda uow, vera: change_belonging(uow, CONSOLE, vera, {Role.COORDINATION}, set()),
        lambda uow, vera: disable(uow, CONSOLE, vera),
        lambda uow, vera: set_password(uow, CONSOLE, vera, "another good password"),
    ],
)
def test_a_change_of_rights_ends_every_session(transactions, token, vera, act):
    with transactions.begin() as uow:
        act(uow, vera)

    assert has_ended(transactions, token)


def test_people_of_a_partner_come_in_until_its_agreement_ends(transactions, hire, clock):
    with transactions.begin() as uow:
        law = (Regime.KDG, date(2027, 5, 5))
        partner = add_organisation(uow, CONSOLE, "Hilfswerk", OrganisationKind.WELFARE, law)
    hire("Carla Beispiel", Role.CASE_MANAGEMENT, organisation=partner)
    clock.move_to(datetime(2027, 5, 5, 21, 50, tzinfo=UTC))
    token = sign_in(transactions, "carla@example.org", PASSWORD).token
    assert not has_ended(transactions, token)

    clock.shift(timedelta(minutes=10))

    with transactions.reading() as session, pytest.raises(SessionEnded):
        resume(session, token)


def test_tokens_are_not_stored(transactions, token, vera, database):
    with transactions.begin() as uow:
        program = add_token(uow, CONSOLE, vera, "Auswertung")

    with database.connect() as connection:
        stored = [
            bytes(value)
            for table in ("web_session", "api_token")
            for value in connection.execute(text(f"SELECT token_hash FROM {table}")).scalars()
        ]

    assert len(stored) == 2
    assert token.encode() not in stored
    assert program.encode() not in stored


def test_a_program_acts_with_the_rights_of_its_person(transactions, vera):
    with transactions.begin() as uow:
        token = add_token(uow, CONSOLE, vera, "Auswertung")

    with transactions.reading() as session:
        assert recognise(session, token).actor.person_id == vera


def test_a_token_fails_when_it_has_expired(transactions, vera, clock):
    with transactions.begin() as uow:
        token = add_token(uow, CONSOLE, vera, "Auswertung", days=7)
    clock.shift(timedelta(days=7))

    with transactions.reading() as session, pytest.raises(TokenRefused):
        recognise(session, token)


def test_a_token_fails_when_it_is_revoked_or_its_person_disabled(transactions, vera):
    with transactions.begin() as uow:
        revoked, orphaned = (add_token(uow, CONSOLE, vera, name) for name in ("a", "b"))
    with transactions.begin() as uow:
        row = uow.session.query(ApiToken).filter_by(name="a").one()
        revoke_token(uow, CONSOLE, row.id)
        disable(uow, CONSOLE, vera)

    for token in (revoked, orphaned, "hs_nonsense", "nonsense"):
        with transactions.reading() as session, pytest.raises(TokenRefused):
            recognise(session, token)

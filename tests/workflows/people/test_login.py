from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.workflows.people.conftest import PASSWORD
from workflows.access import CONSOLE, Role
from workflows.people import disable, login, sign_in
from workflows.people.errors import LoginRefused, LoginThrottled

LOGIN = "vera@example.org"


def fail(transactions, times, name=LOGIN, source="10.0.0.1"):
    for _ in range(times):
        with pytest.raises(LoginRefused):
            sign_in(transactions, name, "not the password", source)


def test_who_knows_the_password_comes_in_with_roles_and_quarters(transactions, vera, north):
    signed_in = sign_in(transactions, " Vera@Example.org ", PASSWORD, "10.0.0.1")

    assert signed_in.actor.person_id == vera
    assert signed_in.actor.roles == {Role.QUARTER_MANAGEMENT}
    assert signed_in.actor.quarters == {north}


@pytest.mark.usefixtures("vera")
def test_wrong_password_and_unknown_login_sound_the_same(transactions):
    with pytest.raises(LoginRefused) as wrong:
        sign_in(transactions, LOGIN, "not the password")
    with pytest.raises(LoginRefused) as unknown:
        sign_in(transactions, "nobody@example.org", PASSWORD)

    assert str(wrong.value) == str(unknown.value)


def test_a_disabled_account_stays_outside(transactions, vera):
    with transactions.begin() as uow:
        disable(uow, CONSOLE, vera)

    with pytest.raises(LoginRefused):
        sign_in(transactions, LOGIN, PASSWORD)


@pytest.mark.usefixtures("vera")
def test_guessing_is_slowed_down_and_the_right_password_waits_too(transactions, clock):
    fail(transactions, 5)

    with pytest.raises(LoginThrottled) as refusal:
        sign_in(transactions, LOGIN, PASSWORD, "10.0.0.1")

    assert refusal.value.seconds == 31
    clock.shift(timedelta(seconds=31))
    sign_in(transactions, LOGIN, PASSWORD, "10.0.0.1")


@pytest.mark.usefixtures("vera")
def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(transactions, clock):
    fail(transactions, 5)
    waits = []
    for _ in range(7):
        with pytest.raises(LoginThrottled) as refusal:
            sign_in(transactions, LOGIN, PASSWORD, "10.0.0.1")
        waits.append(refusal.value.seconds - 1)
        clock.shift(timedelta(seconds=refusal.value.seconds))
        fail(transactions, 1)

    assert waits == [30, 60, 120, 240, 480, 900, 900]


@pytest.mark.usefixtures("vera")
def test_one_address_cannot_try_many_logins_but_is_not_shut_out_for_long(
    transactions, clock, monkeypatch
):
    monkeypatch.setattr(login, "PER_SOURCE", replace(login.PER_SOURCE, free=3))
    for number in range(3):
        fail(transactions, 1, f"person{number}@example.org")

    with pytest.raises(LoginThrottled) as refusal:
        sign_in(transactions, LOGIN, PASSWORD, "10.0.0.1")
    sign_in(transactions, LOGIN, PASSWORD, "10.0.0.2")

    assert refusal.value.seconds == 31
    clock.shift(timedelta(seconds=31))
    sign_in(transactions, LOGIN, PASSWORD, "10.0.0.1")


@pytest.mark.usefixtures("vera", "clock")
def test_coming_in_forgets_the_failures(transactions):
    fail(transactions, 4)
    sign_in(transactions, LOGIN, PASSWORD, "10.0.0.1")

    fail(transactions, 5)


@pytest.mark.usefixtures("vera")
def test_failures_are_forgotten_after_an_hour(transactions, clock):
    fail(transactions, 5)
    clock.shift(timedelta(hours=1, seconds=1))

    sign_in(transactions, LOGIN, PASSWORD, "10.0.0.1")


@pytest.mark.usefixtures("vera", "clock")
def test_guesses_at_the_same_moment_are_all_counted(transactions):
    def guess(number):
        try:
            sign_in(transactions, LOGIN, "not the password", "10.0.0.1")
        except (LoginRefused, LoginThrottled) as refusal:
            return type(refusal)

    with ThreadPoolExecutor(8) as pool:
        refusals = Counter(pool.map(guess, range(16)))

    assert refusals == {LoginRefused: 5, LoginThrottled: 11}

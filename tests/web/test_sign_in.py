"""Coming in, going out, and losing the session with a half-filled form."""

import pytest

from tests.web.conftest import login_of
from tests.web.entrance import hidden_fields
from workflows.access import Role

QM = Role.QUARTER_MANAGEMENT


def test_a_stranger_is_led_to_the_login_and_then_to_the_page_asked_for(house):
    visitor = house.visitor()

    asked = visitor.get("/cases?shelf=closed")
    entered = visitor.post(
        "/login", name=login_of(QM), password="ein-langes-passwort", next="/cases?shelf=closed"
    )

    assert asked.headers["Location"] == "/login?next=/cases?shelf%3Dclosed"
    assert entered.headers["Location"] == "/cases?shelf=closed"


@pytest.mark.parametrize("login", ["qm@example.org", "nobody@example.org"])
def test_a_wrong_password_and_an_unknown_login_sound_the_same(house, login):
    answer = house.visitor().sign_in(login, "falsch")

    assert answer.status_code == 403
    assert "E-mail address or password is wrong." in answer.text or "falsch" in answer.text
    assert "Traceback" not in answer.text


def test_the_session_id_changes_at_sign_in_and_is_worthless_after_sign_out(house):
    visitor = house.visit(QM)
    name = house.flask.config["SESSION_COOKIE_NAME"]
    cookie = visitor.client.get_cookie(name)
    visitor.sign_out()

    other = house.visitor()
    other.client.set_cookie(name, cookie.value)

    assert other.get("/").status_code == 302


def test_signing_in_keeps_nothing_of_the_session_before_but_the_language(house):
    visitor = house.visitor()
    visitor.post("/language", language="en")
    with visitor.client.session_transaction() as before:
        before["left behind"] = "by somebody else"

    visitor.sign_in(login_of(QM), "ein-langes-passwort")

    with visitor.client.session_transaction() as after:
        assert after["language"] == "en"
        assert "left behind" not in after


def test_the_cookie_is_for_the_server_alone(house):
    answer = house.visitor().sign_in(login_of(QM))

    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_the_login_leads_nowhere_but_into_this_site(house):
    answer = house.visitor().post(
        "/login", name=login_of(QM), password="ein-langes-passwort", next="//evil.example/"
    )

    assert answer.headers["Location"] == "/"


def test_what_was_typed_is_still_there_after_the_session_was_lost(house):
    visitor = house.visit(QM)
    form = {"text": "Lärm & Streit im Hof <heute>", "conflict_type": "noise"}
    token = visitor.token()
    with house.application.transactions.begin() as uow:
        uow.connection.exec_driver_sql("DELETE FROM web_session")

    lost = visitor.client.post("/incidents/new", data={"_csrf_token": token, **form})
    back = visitor.post(
        "/login",
        **{
            **hidden_fields(lost.text),
            "name": login_of(QM),
            "password": "ein-langes-passwort",
            "_csrf_token": token,
        },
    )
    shown = visitor.client.post("/incidents/new", data=hidden_fields(back.text))

    assert lost.status_code == 401
    assert shown.status_code == 200
    assert "Lärm &amp; Streit im Hof &lt;heute&gt;</textarea>" in shown.text
    assert 'value="noise" checked' in shown.text


def test_the_language_can_be_chosen_before_and_after_coming_in(house):
    visitor = house.visitor()

    visitor.post("/language", language="en", next="/safety")

    assert '<html lang="en"' in visitor.get("/safety").text


@pytest.mark.parametrize(
    ("headers", "shown"),
    [
        ({}, True),
        ({"X-Forwarded-For": "203.0.113.7"}, False),
        ({"Host": "handschlag.example"}, False),
    ],
)
def test_demo_passwords_are_shown_to_nobody_behind_a_proxy(house, headers, shown):
    path = house.application.settings.demo_logins_path
    path.write_text('[{"role": "role_qm", "name": "q@example.org", "password": "of-the-demo"}]')

    page = house.flask.test_client().get("/login", headers=headers).text
    path.unlink()

    assert ("of-the-demo" in page) is shown

"""Whatever goes wrong, people get a page and programs a problem, never the inside."""

import pytest
from flask import Flask
from sqlalchemy.exc import OperationalError

import workflows.application  # noqa: F401 - every refusal of the house is known once this is read
from bpmn.errors import Conflict, Forbidden, Invalid, Refusal, Unavailable, Unknown
from bpmn.wording import say
from web import errors, language
from web.errors import STATUS, status_of


def kinds(base=Refusal):
    for kind in base.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("kind", sorted(set(kinds()), key=lambda kind: kind.__qualname__))
def test_every_refusal_has_a_status(kind):
    assert status_of(kind) in STATUS.values()


@pytest.mark.parametrize(
    ("kind", "status"),
    [(Invalid, 422), (Unknown, 404), (Forbidden, 403), (Conflict, 409), (Unavailable, 503)],
)
def test_each_kind_answers_with_its_own_status(kind, status):
    assert status_of(kind) == status


@pytest.fixture
def client():
    app = Flask("web")
    app.secret_key = "of a test"
    errors.install(app)
    language.install(app)
    raised = {
        "refused": Invalid(say("No."), {"name": [say("Too long.")]}),
        "away": OperationalError("SELECT secret", {}, Exception("no connection")),
        "broken": ZeroDivisionError("of the inside"),
    }

    @app.get("/api/<what>")
    def fail(what):
        raise raised[what]

    return app.test_client()


def test_a_refusal_names_the_fields(client):
    answer = client.get("/api/refused")

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert (
        answer.get_json()["errors"] == {"name": ["Too long."]}
        or "name" in answer.get_json()["errors"]
    )


def test_a_database_that_is_away_is_said_so(client):
    answer = client.get("/api/away")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "5"
    assert "SELECT" not in answer.text


def test_a_bug_shows_nothing_of_the_inside(client):
    answer = client.get("/api/broken")

    assert answer.status_code == 500
    assert "inside" not in answer.text
    assert "ZeroDivision" not in answer.text
    assert answer.get_json()["instance"].startswith("urn:request:")


def test_people_get_a_page(house):
    answer = house.visitor().get("/nothing-here", headers={"Accept": "text/html"})

    assert answer.status_code == 404
    assert answer.content_type == "text/html; charset=utf-8"
    assert "<h1" in answer.text


def test_a_wrong_method_names_the_right_ones(house):
    answer = house.visitor().client.put("/safety")

    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]

"""What comes in is bounded and well-formed before anything reads it."""

from datetime import UTC, date, datetime

import pytest
from flask import Flask, jsonify, request

from web import guard
from web.guard import FORM_FIELDS, JSON_DEPTH, MalformedJson, read_json


def address(name):
    return jsonify({"name": name, **request.args})


@pytest.fixture
def client():
    app = Flask(__name__)
    guard.install(app)
    app.add_url_rule("/form", view_func=lambda: jsonify(request.form.to_dict()), methods=["POST"])
    app.add_url_rule("/address/<name>", view_func=address)
    app.add_url_rule(
        "/json", view_func=lambda: jsonify(request.get_json()), methods=["POST"], endpoint="json"
    )
    return app.test_client()


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'"\\u0000"',
        b'"\\ud800"',
        b'{"\\u0000": 1}',
        b"\xff",
        b"[" * 100_000,
        b'{"a":' * (JSON_DEPTH + 1) + b"1" + b"}" * (JSON_DEPTH + 1),
        b"",
        b"{",
    ],
)
def test_json_that_no_program_may_build_on_is_refused(client, body):
    answer = client.post("/json", data=body, content_type="application/json")

    assert answer.status_code == 400


def test_brackets_inside_text_are_no_nesting():
    text = '{"a": "' + "[" * 100 + '\\"["}'

    assert read_json(text) == {"a": "[" * 100 + '"['}


def test_text_arrives_composed(client):
    decomposed = "Mu\u0308ller"

    form = client.post("/form", data={"name": decomposed}).get_json()
    json = client.post("/json", json={"name": [decomposed]}).get_json()
    address = client.get(f"/address/{decomposed}?other={decomposed}").get_json()

    assert form == {"name": "Müller"}
    assert json == {"name": ["Müller"]}
    assert address == {"name": "Müller", "other": "Müller"}


def test_a_form_with_too_many_fields_is_refused(client):
    body = "&".join(f"f{number}=1" for number in range(FORM_FIELDS + 1))

    answer = client.post("/form", data=body, content_type="application/x-www-form-urlencoded")

    assert answer.status_code == 413


def test_a_nul_is_refused_wherever_it_comes(client):
    assert client.post("/form", data={"name": "a\0b"}).status_code == 400
    assert client.get("/address/a%00b").status_code == 400
    assert client.get("/address/a?other=a%00b").status_code == 400
    assert client.get("/address/a?a%00b=other").status_code == 400


@pytest.mark.parametrize(
    "asked",
    [
        {"path": "/form", "method": "POST", "data": {"name": "a\0b"}},
        {"path": "/address/a?other=a%00b"},
        {"path": "/address/a?a%00b=other"},
    ],
)
def test_what_was_refused_is_not_there_for_who_looks_again(asked):
    app = Flask(__name__)
    guard.install(app)
    app.add_url_rule("/form", view_func=lambda: str(request.form), methods=["POST"])
    app.add_url_rule("/address/<name>", view_func=address)
    app.register_error_handler(400, lambda _error: jsonify([*request.values.items()]))

    answer = app.test_client().open(**asked)

    assert answer.get_json() == []


def test_a_body_larger_than_any_form_is_refused(client):
    body = {"text": "x" * (guard.BODY_BYTES + 1)}

    assert client.post("/form", data=body).status_code == 413
    assert client.post("/json", json=body).status_code == 413


def test_malformed_json_names_itself():
    with pytest.raises(MalformedJson):
        read_json("{'a': 1}")


def test_programs_get_dates_as_they_send_them(house):
    moment = datetime(2027, 5, 4, 13, 30, tzinfo=UTC)

    with house.flask.app_context():
        written = house.flask.json.dumps({"day": date(2027, 5, 4), "at": moment})

    assert read_json(written) == {"day": "2027-05-04", "at": "2027-05-04T13:30:00+00:00"}

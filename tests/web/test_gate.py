"""Nobody comes in by a way that nobody thought of."""

import pytest
from flask import Flask

from web import permissions
from web.permissions import Entry, UndeclaredRouteError
from workflows.access import Role

PUBLIC = {
    "description.docs",
    "description.openapi",
    "health.live",
    "health.metrics",
    "health.ready",
    "login.enter",
    "login.leave",
    "login.show",
    "login.speak",
    "safety.card",
    "static",
}
SAMPLE = {"uuid": "00000000-0000-4000-8000-000000000000", "any": "remove", "default": "x.bpmn"}


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield method, rule


def path_of(rule):
    values = {
        name: next(iter(getattr(converter, "items", None) or [SAMPLE["uuid"]]))
        for name, converter in rule._converters.items()
    }
    return rule.build(values)[1]


def test_a_route_without_a_declaration_stops_the_start():
    app = Flask(__name__)
    app.add_url_rule("/back-door", view_func=lambda: "")

    with pytest.raises(UndeclaredRouteError, match="static"):
        permissions.check_declared(app)


def test_only_these_routes_are_open_to_everybody(house):
    opened = {
        endpoint
        for endpoint in house.flask.view_functions
        if permissions.entry_of(house.flask, endpoint) is Entry.PUBLIC
    }

    assert opened == PUBLIC


def test_a_stranger_gets_nothing_from_any_other_route(house):
    visitor = house.visitor()
    token = visitor.token()
    for method, rule in routes(house.flask):
        if rule.endpoint in PUBLIC:
            continue

        answer = visitor.client.open(path_of(rule), method=method, headers={"X-CSRFToken": token})

        assert answer.status_code in {302, 401}, rule
        if answer.status_code == 302:
            assert answer.headers["Location"].startswith("/login"), rule


def test_every_change_needs_the_token_of_the_page(house):
    visitor = house.visit(Role.COORDINATION)
    for method, rule in routes(house.flask):
        if method == "GET":
            continue

        without = visitor.client.open(path_of(rule), method=method)
        forged = visitor.client.open(
            path_of(rule), method=method, headers={"X-CSRFToken": "forged"}
        )

        assert (without.status_code, forged.status_code) == (403, 403), rule


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": "https://evil.example"},
        {"Origin": "http://localhost.evil.example"},
    ],
)
def test_what_another_site_sends_is_refused_even_with_a_token(house, headers):
    visitor = house.visit(Role.COORDINATION)

    answer = visitor.client.post(
        "/language", data={"_csrf_token": visitor.token(), "language": "en"}, headers=headers
    )

    assert answer.status_code == 403


def test_an_old_page_keeps_what_was_typed(house):
    visitor = house.visit(Role.COORDINATION)

    answer = visitor.client.post("/incidents/new", data={"_csrf_token": "old", "text": "Streit"})

    assert answer.status_code == 403
    assert '<input type="hidden" name="text" value="Streit">' in answer.text


def test_a_token_that_nobody_gave_out_opens_nothing(house):
    answer = house.flask.test_client().get(
        "/api/v1/tasks", headers={"Authorization": "Bearer hs_guess"}
    )

    assert answer.status_code == 401
    assert answer.content_type == "application/problem+json"


def test_every_answer_carries_the_strict_headers(house):
    visitor = house.visitor()
    for path in ("/login", "/nothing-here", "/health/live", "/api/v1/tasks"):
        headers = visitor.get(path).headers

        assert "script-src 'self'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cache-Control"] == "no-store"


def test_no_page_holds_an_inline_script_or_style(house):
    visitor = house.visit(Role.COORDINATION)
    for path in ("/safety", "/api/docs", "/incidents/new", "/mailbox"):
        page = visitor.get(path).text

        assert "<style" not in page
        assert " style=" not in page
        assert "onclick" not in page
        assert "<script>" not in page

"""Programs do what people do, by the same rules."""

from uuid import uuid4

import pytest

from tests.web.conftest import login_of
from web.commands.installation import OPERATOR
from workflows import people
from workflows.access import Role

QM = Role.QUARTER_MANAGEMENT


@pytest.fixture(scope="module")
def api(house):
    """Call the API as the quarter management's program."""
    with house.application.transactions.begin() as uow:
        person = people.person_id_of(uow.session, login_of(QM))
        token = people.add_token(uow, OPERATOR, person, "test")
    client = house.flask.test_client()

    def call(method, path, **options):
        headers = {"Authorization": f"Bearer {token}", **options.pop("headers", {})}
        return client.open(f"/api/v1{path}", method=method, headers=headers, **options)

    return call


def incident(house, **changed):
    return {
        "conflict_type": "noise",
        "quarter_id": str(house.quarter_id),
        "text": "Laute Musik",
        **changed,
    }


def test_an_incident_becomes_a_case_with_a_first_task(api, house):
    reported = api("POST", "/incidents", json=incident(house))
    house.application.worker().run_due()
    case = api("GET", f"/cases/{reported.get_json()['case_id']}").get_json()
    tasks = api("GET", f"/tasks?shelf=group&case_id={case['id']}").get_json()

    assert reported.status_code == 201
    assert case["number"] == reported.get_json()["number"]
    assert [task["name"] for task in tasks["items"]] == ["Meldung prüfen"]


def test_the_same_key_reports_once(api, house):
    headers = {"Idempotency-Key": uuid4().hex}

    first = api("POST", "/incidents", json=incident(house), headers=headers)
    second = api("POST", "/incidents", json=incident(house), headers=headers)

    assert first.get_json() == second.get_json()


def test_the_same_key_adds_once(api, house):
    case = api("POST", "/incidents", json=incident(house)).get_json()["case_id"]
    headers = {"Idempotency-Key": uuid4().hex}

    first = api("POST", f"/cases/{case}/notes", json={"text": "Einmal"}, headers=headers)
    second = api("POST", f"/cases/{case}/notes", json={"text": "Einmal"}, headers=headers)

    assert first.get_json() == second.get_json()


def test_a_task_is_claimed_and_completed(api, house):
    reported = api("POST", "/incidents", json=incident(house)).get_json()
    house.application.worker().run_due()
    listed = api("GET", f"/tasks?shelf=group&case_id={reported['case_id']}").get_json()
    task = listed["items"][0]["id"]

    claimed = api("POST", f"/tasks/{task}/claim")
    opened = api("GET", f"/tasks/{task}").get_json()
    wrong = api("POST", f"/tasks/{task}/completion", json={"answers": {"context": "moon"}})
    answers = {
        "context": "neighbourhood",
        "quarter": str(house.quarter_id),
        "jurisdiction": "yes",
        "incident": {"summary": "Zwei Haushalte."},
    }
    done = api("POST", f"/tasks/{task}/completion", json={"answers": answers})
    again = api("POST", f"/tasks/{task}/completion", json={"answers": answers})

    assert claimed.status_code == 204
    assert {question["key"] for question in opened["questions"]} >= set(answers) - {"incident"}
    assert wrong.status_code == 422
    assert "context" in wrong.get_json()["errors"]
    assert done.status_code == 200
    assert again.status_code == 409


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"conflict_type": "war"}, "conflict_type"),
        ({"quarter_id": "nowhere"}, "quarter_id"),
        ({"text": "x" * 5_000}, "text"),
        ({"text": None}, "text"),
        ({"received_at": "yesterday"}, "received_at"),
        ({"parties": [{"name": 7}]}, "parties.0.name"),
    ],
)
def test_a_wrong_field_is_named(api, house, body, field):
    answer = api("POST", "/incidents", json=incident(house, **body))

    assert answer.status_code == 422
    assert answer.content_type == "application/problem+json"
    assert field in answer.get_json()["errors"]


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[" * 50_000, "application/json", 400),
        (b'{"text": NaN}', "application/json", 400),
        (b'{"text": "\\u0000"}', "application/json", 400),
        (b"text=1", "text/plain", 422),
        (b"x" * 600_000, "application/json", 413),
        (b"[]", "application/json", 422),
    ],
)
def test_what_is_no_proper_json_is_refused(api, body, kind, status):
    answer = api("POST", "/incidents", data=body, content_type=kind)

    assert answer.status_code == status
    assert answer.content_type == "application/problem+json"


def test_what_does_not_exist_is_unknown(api):
    for path in (f"/cases/{uuid4()}", f"/tasks/{uuid4()}"):
        assert api("GET", path).status_code == 404


def test_the_description_names_every_route_of_the_api(house):
    document = house.flask.test_client().get("/api/openapi.json").get_json()
    routes = {
        rule.rule.replace("<uuid:", "{").replace("<", "{").replace(">", "}")
        for rule in house.flask.url_map.iter_rules()
        if rule.rule.startswith("/api/v1")
    }

    assert set(document["paths"]) == routes
    assert all(
        operation.get("summary")
        for path in document["paths"].values()
        for operation in path.values()
        if isinstance(operation, dict)
    )


def test_a_browser_session_may_use_the_api_but_changes_need_the_token_of_a_page(house):
    visitor = house.visit(QM)

    listed = visitor.get("/api/v1/tasks")
    without = visitor.client.post("/api/v1/incidents", json=incident(house))
    with_token = visitor.client.post(
        "/api/v1/incidents", json=incident(house), headers={"X-CSRFToken": visitor.token()}
    )

    assert (listed.status_code, without.status_code, with_token.status_code) == (200, 403, 201)

"""Whatever a program sends along with a question or an act is no more than the database takes."""

from base64 import urlsafe_b64encode

import pytest

from tests.web.conftest import make_house
from tests.web.test_tending_api import case_id  # noqa: F401 - a fixture

NOBODY = "00000000-0000-0000-0000-000000000000"
BECAUSE = {"reason": "Somebody tries."}
BEFORE_TIME = urlsafe_b64encode(f"0001-01-01T00:00:00+14:00|{NOBODY}".encode()).decode()
ODD = ["%ED%A0%80", "9999-12-31", BEFORE_TIME, str(10**20), f"-{10**20}"]
"""Half a character, the ends of time, and more than a column holds."""


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def house(request, tmp_path_factory):
    """An installation on each kind of database in turn."""
    folder = tmp_path_factory.mktemp("house")
    if request.param == "sqlite":
        house = make_house(folder)
        yield house
        house.application.close()
        return
    with request.getfixturevalue("postgresql_cluster").database() as url:
        house = make_house(folder, database_url=url.render_as_string(hide_password=False))
        yield house
        house.application.close()


@pytest.fixture
def questions(house, call, case_id):  # noqa: F811
    """Every argument of every question that a program may ask: what comes before its value."""
    known = {
        "case_id": case_id,
        "instance_id": call("GET", "/instances").get_json()["items"][0]["id"],
        "migration_id": call("POST", "/migrations", json=BECAUSE).get_json()["id"],
    }
    document = house.flask.test_client().get("/api/openapi.json").get_json()
    return [
        question
        for path, item in document["paths"].items()
        if "get" in item
        for question in _asked(
            path, [*item.get("parameters", ()), *item["get"].get("parameters", ())], known
        )
    ]


def _asked(path, parameters, known):
    places = {
        one["name"]: known.get(one["name"], NOBODY) for one in parameters if one["in"] == "path"
    }
    where = path.removeprefix("/api/v1").format(**places)
    query = [one for one in parameters if one["in"] == "query"]
    needed = [one["name"] for one in query if one.get("required")]
    for one in query:
        rest = "".join(f"{name}=triage&" for name in needed if name != one["name"])
        yield f"{where}?{rest}{one['name']}="


def test_a_nul_is_refused_in_every_argument(call, questions):
    assert len(questions) > 20

    codes = {question: call("GET", f"{question}a%00b").status_code for question in questions}

    assert set(codes.values()) == {400}, codes


def test_every_argument_is_answered_or_refused_whatever_it_is(call, questions):
    asked = [f"{question}{odd}" for question in questions for odd in ODD]

    codes = {one: call("GET", one).status_code for one in asked}

    assert set(codes.values()) <= {200, 403, 404, 422}, codes


@pytest.mark.parametrize(
    ("where", "body"),
    [
        ("/migrations", {"target": 10**20, **BECAUSE}),
        ("/migrations", {"source": -(10**20), **BECAUSE}),
        ("/migrations/preview", {"target": 2**31}),
        ("/instances/{}/modification/preview", {"cancel": [10**20]}),
        ("/instances/{}/modification/preview", {"create": [{"element": "x", "inside": 10**20}]}),
        ("/instances/{}/modification", {"version": 10**20, **BECAUSE}),
        ("/instances/{}/modification", {"version": 1.9, **BECAUSE}),
        ("/instances/{}/modification/preview", {"cancel": [1.9]}),
        ("/instances/{}/modification/preview", {"create": [{"element": "x", "inside": 1.9}]}),
        ("/migrations/preview", {"target": 0.5}),
        ("/migrations/preview", {"target": True}),
        ("/migrations", {"source": 1.0, **BECAUSE}),
    ],
)
@pytest.mark.usefixtures("case_id")
def test_a_number_that_is_not_whole_or_that_no_column_holds_is_refused_with_a_sentence(
    call, where, body
):
    instance = call("GET", "/instances").get_json()["items"][0]["id"]

    answer = call("POST", where.format(instance), json=body)

    assert answer.status_code == 422
    assert "Das muss eine ganze Zahl von 0 bis 2147483647 sein." in answer.text


def test_every_number_that_programs_send_says_how_large_it_may_be(house):
    document = house.flask.test_client().get("/api/openapi.json").get_json()
    sent = [
        part
        for item in document["paths"].values()
        for act in item.values()
        if isinstance(act, dict)
        for part in (act.get("requestBody", {}), act.get("parameters", []))
    ]

    found = [number for part in sent for number in _numbers(document, part)]

    assert len(found) > 5
    assert [number for number in found if not number.get("maximum", 2**31) < 2**31] == []


def _numbers(document, part):
    """Find every whole number in a part of the description."""
    if isinstance(part, list):
        part = dict(enumerate(part))
    if not isinstance(part, dict):
        return
    if "$ref" in part:
        yield from _numbers(
            document, document["components"]["schemas"][part["$ref"].split("/")[-1]]
        )
    if "integer" in part.get("type", ()):
        yield part
    for inner in part.values():
        yield from _numbers(document, inner)

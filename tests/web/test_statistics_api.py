"""Programs and the command line read histories and statistics with the rights of whoever asks."""

import json

import pytest

from tests.web.test_tending_api import case_id  # noqa: F401 - a fixture
from workflows.access import Role


def test_a_history_is_read_page_by_page_and_not_by_everybody(call, case_id):  # noqa: F811
    instance = call("GET", f"/instances?case_id={case_id}").get_json()["items"][0]["id"]

    page = call("GET", f"/instances/{instance}/history").get_json()
    refused = call("GET", f"/instances/{instance}/history", Role.STEERING_GROUP)
    strange = call("GET", f"/instances/{instance}/history?after=x")

    assert (page["items"][0]["kind"], page["items"][0]["ended"]) == ("startEvent", "completed")
    assert (refused.status_code, strange.status_code) == (403, 422)


def test_statistics_are_read_by_role(call, case_id):  # noqa: F811
    assert case_id
    paths = ("/statistics/heat-map", "/statistics/cycle-times?process=neighbourhood_conflict")
    for path in paths:
        told = call("GET", path, Role.COORDINATION)
        assert told.status_code == 200, told.get_json()
        assert call("GET", path, Role.QUARTER_MANAGEMENT).status_code == 403
    assert call("GET", "/statistics/heat-map", Role.COORDINATION).get_json()["items"]
    assert call("GET", "/statistics/ageing").get_json()["oldest"]
    assert call("GET", "/statistics/cycle-times", Role.COORDINATION).status_code == 422


@pytest.mark.parametrize("month", ["2027-01", "2027-01-31"])
def test_a_month_is_written_alike_for_programs_and_on_the_command_line(call, handschlag, month):
    asked = f"/statistics/heat-map?since={month}&until={month}"
    handschlag("migrate")

    assert call("GET", asked, Role.COORDINATION).status_code == 200
    assert handschlag("statistics", "heat-map", "--since", month, "--until", month)[0] == 0


@pytest.mark.parametrize("nonsense", ["2027", "2027-13", "31.01.2027", "x"])
def test_who_writes_no_month_reads_how_one_is_written(call, handschlag, nonsense):
    handschlag("migrate")

    asked, english = f"/statistics/heat-map?since={nonsense}", {"Accept-Language": "en"}
    answer = call("GET", asked, Role.COORDINATION, headers=english)
    code, _, told = handschlag("statistics", "heat-map", "--since", nonsense)

    how = "This must be a month, such as 2027-01, or a day of it: 2027-01-31."
    assert (answer.status_code, code) == (422, 2)
    assert answer.get_json()["errors"] == {"query.since": [how]}
    assert how in told


def test_the_command_line_tells_the_same(handschlag):
    handschlag("migrate")

    codes = [
        handschlag("statistics", "heat-map", "--json"),
        handschlag("statistics", "cycle-times", "neighbourhood_conflict", "--json"),
        handschlag("retention", "run", "--dry-run", "--json"),
    ]
    ageing = handschlag("statistics", "ageing", "--json")

    assert [code for code, *_ in codes] == [0, 0, 0]
    amount = {"instances": 0, "histories": 0, "complete": True}
    assert [json.loads(out) for _, out, _ in codes] == [[], [], amount]
    assert json.loads(ageing[1]) == {"places": [], "oldest": []}


def test_rules_of_retention_are_set_listed_and_taken_back(handschlag):
    handschlag("migrate")
    because = ("--reason", "The officer wants it.")

    nothing = handschlag("retention", "set", "--days", "3", *because)
    slips = [
        handschlag("retention", "set", "--process", "mediatoin", "--days", "180", *because)[0],
        handschlag("retention", "set", "--deployment", "99", "--forever", *because)[0],
    ]
    codes = [
        handschlag(
            "retention", "set", "--process", "neighbourhood_conflict", "--days", "180", *because
        )[0],
        handschlag("retention", "set", "--deployment", "1", "--forever", *because)[0],
        handschlag("retention", "unset", "--deployment", "1", *because)[0],
    ]

    assert (nothing[0], slips, codes) == (1, [1, 1], [0, 0, 0])
    assert json.loads(handschlag("retention", "list", "--json")[1]) == [
        {"process": None, "deployment": None, "days": 365},
        {"process": "neighbourhood_conflict", "deployment": None, "days": 180},
    ]

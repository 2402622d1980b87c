"""Programs bring processes over to other diagrams, with the rights of the administration."""

from datetime import timedelta

import pytest
import time_machine

from bpmn.bundle import Bundle
from engine import clock, deployments
from workflows.access import Role

BECAUSE = {"reason": "The diagrams are better now."}
NOBODY = "00000000-0000-7000-8000-00000000dead"
FILE = "neighbourhood_conflict.bpmn"


@pytest.fixture
def case_id(house, call):
    told = {"conflict_type": "noise", "quarter_id": str(house.quarter_id), "text": "Laute Musik"}
    reported = call("POST", "/incidents", Role.QUARTER_MANAGEMENT, json=told).get_json()
    house.application.worker().run_due()
    return reported["case_id"]


@pytest.fixture
def target(house, case_id):
    """A version in which a task has another label; the old one is current again afterwards."""
    assert case_id
    transactions = house.application.transactions
    with transactions.begin() as uow:
        old = deployments.bundle_of(uow.connection, deployments.current(uow.connection).id)
        drawn = old.files[FILE].replace("Meldung prüfen".encode(), b"Meldung lesen")
        new = deployments.publish(uow, Bundle({**old.files, FILE: drawn}), "test")
    yield new.number
    with transactions.begin() as uow:
        deployments.publish(uow, old, "test")


def _work(house):
    with time_machine.travel(clock.now() + timedelta(seconds=2), tick=False):
        house.application.worker().run_due()


def test_it_is_foretold_done_watched_and_undone(house, call, case_id, target):
    meant = {"case_ids": [case_id], "target": target}

    foretold = call("POST", "/migrations/preview", json=meant).get_json()
    begun = call("POST", "/migrations", json={**meant, **BECAUSE})
    _work(house)

    assert [row["outcome"] for row in foretold["items"]] == ["moves"]
    assert foretold["plan"]["instances"] == 1
    changes = foretold["plan"]["sources"][0]["changes"]
    assert [(change["element"], change["aspect"]) for change in changes] == [
        ("review_report", "label")
    ]
    assert begun.status_code == 202
    path = f"/migrations/{begun.get_json()['id']}"
    seen = call("GET", path).get_json()
    assert (seen["target"], seen["open"], seen["counts"]["moved"]) == (target, 0, 1)
    assert _instance(call, case_id)["deployment"] == target
    (row,) = call("GET", f"{path}/instances?state=moved").get_json()["items"]
    assert (row["case_id"], row["state"]) == (case_id, "moved")

    assert call("POST", f"{path}/undo", json=BECAUSE).status_code == 202
    assert call("POST", f"{path}/resume", json={}).status_code == 422
    assert call("POST", f"{path}/resume", json=BECAUSE).status_code == 202
    _work(house)

    assert _instance(call, case_id)["deployment"] == row["source"]
    assert call("GET", "/migrations").get_json()["items"][0]["counts"]["returned"] == 1
    assert _told_in(call, case_id) == [
        f"Process returned to version {row['source']} of the diagrams by the administration",
        f"Process brought over to version {target} of the diagrams by the administration",
    ]


def _told_in(call, case_id):
    """What the case tells of the administration, without names and reasons."""
    file = call("GET", f"/cases/{case_id}", Role.COORDINATION, headers={"Accept-Language": "en"})
    told = [entry for entry in file.get_json()["timeline"] if entry["kind"] == "audit"]
    assert all((entry["by"], entry["detail"]) == (None, []) for entry in told)
    return [entry["title"] for entry in told]


def test_the_same_key_begins_one_migration(call, case_id, target):
    body = {"case_ids": [case_id], "target": target, **BECAUSE}

    ids = {
        call("POST", "/migrations", json=body, headers={"Idempotency-Key": "m1"}).get_json()["id"]
        for _ in range(2)
    }

    assert len(ids) == 1


@pytest.mark.parametrize(("key", "status"), [("m2", 409), ("k" * 200, 202), ("k" * 201, 422)])
def test_a_key_is_bound_to_its_migration_and_of_a_bounded_length(
    call, case_id, target, key, status
):
    body = {"case_ids": [case_id], "target": target, **BECAUSE}
    call(
        "POST",
        "/migrations",
        json={**body, "process": "neighbourhood_conflict"},
        headers=_named("m2"),
    )

    assert call("POST", "/migrations", json=body, headers=_named(key)).status_code == status


@pytest.mark.usefixtures("target")
def test_a_wrong_mapping_is_refused(call, case_id):
    wish = {"process": "neighbourhood_conflict", "element": "assign", "becomes": "nowhere"}

    answer = call("POST", "/migrations/preview", json={"case_ids": [case_id], "elements": [wish]})

    assert answer.status_code == 422
    assert "nowhere" in answer.get_json()["detail"]


@pytest.mark.parametrize("named", ["instance_ids", "case_ids"])
@pytest.mark.usefixtures("target")
def test_an_empty_list_does_not_mean_all(call, named):
    before = call("GET", "/migrations").get_json()

    for path, body in (("/migrations/preview", {}), ("/migrations", BECAUSE)):
        assert call("POST", path, json={named: [], **body}).status_code == 422

    assert call("GET", "/migrations").get_json() == before


@pytest.mark.parametrize(
    "meant",
    [{"instance_ids": [NOBODY]}, {"case_ids": [NOBODY]}, {"process": "slip"}, {"source": 99}],
    ids=str,
)
@pytest.mark.usefixtures("target")
def test_what_has_never_been_is_not_migrated_silently(call, meant):
    for path, body in (("/migrations/preview", {}), ("/migrations", BECAUSE)):
        assert call("POST", path, json={**meant, **body}).status_code == 404


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.ADMINISTRATION}))
def test_nobody_but_the_administration_may(call, role):
    path = "/migrations/00000000-0000-0000-0000-000000000000"
    acts = [
        ("POST", "/migrations/preview", {}),
        ("POST", "/migrations", BECAUSE),
        ("GET", "/migrations", None),
        ("GET", path, None),
        ("GET", f"{path}/instances", None),
        ("POST", f"{path}/resume", BECAUSE),
        ("POST", f"{path}/undo", BECAUSE),
    ]

    codes = {call(method, where, role, json=body).status_code for method, where, body in acts}

    assert codes == {403}


def _named(key):
    return {"Idempotency-Key": key}


def _instance(call, case_id):
    (row,) = call("GET", f"/instances?case_id={case_id}").get_json()["items"]
    return row

"""Programs tend faults and processes, with the rights of the person whose token they carry."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import update

from bpmn.errors import Invalid
from bpmn.wording import say
from engine.handlers import Handlers
from engine.models import Instance
from engine.worker import Worker
from workflows.access import Role
from workflows.tending import instances

BECAUSE = {"reason": "The register was away."}


@pytest.fixture
def case_id(house, call):
    """A case whose first service has failed."""
    house.application.worker().run_due()  # what others have left
    told = {"conflict_type": "noise", "quarter_id": str(house.quarter_id), "text": "Laute Musik"}
    reported = call("POST", "/incidents", Role.QUARTER_MANAGEMENT, json=told).get_json()
    _fail(house)
    yield reported["case_id"]
    for fault in _faults(call):
        call("POST", f"/faults/{fault['id']}/cancel", json=BECAUSE)
    house.application.worker().run_due()


def test_a_fault_names_its_element_for_the_picture(call, case_id):
    fault = next(one for one in _faults(call) if one["case_id"] == case_id)

    assert fault["element"] == "find_duplicates"
    assert (fault["process"], fault["attempts"]) == ("neighbourhood_conflict", 1)
    assert (fault["sentence"], fault["state"]) == ("Wrong.", "open")
    assert call("GET", f"/faults/{fault['id']}").get_json() == fault


def test_a_fault_is_retried_once_under_the_same_key(house, call, case_id):
    (fault,) = _faults(call)
    headers = {"Idempotency-Key": uuid4().hex}

    codes = [
        call("POST", f"/faults/{fault['id']}/retry", json=BECAUSE, headers=headers).status_code
        for _ in range(2)
    ]
    other = call("POST", f"/faults/{fault['id']}/retry", json=BECAUSE)
    late = {**BECAUSE, "variables": {"route": "mediation"}}
    late_values = call("POST", f"/faults/{fault['id']}/variables", json=late)
    house.application.worker().run_due()

    assert (codes, other.status_code) == ([204, 204], 409)
    assert late_values.status_code == 409
    assert late_values.get_json()["detail"] == other.get_json()["detail"]
    assert "find_duplicates" not in _elements(call, case_id)
    assert _faults(call) == []


def test_a_service_is_skipped_with_results(call, case_id):
    (fault,) = _faults(call)
    body = {**BECAUSE, "results": {"duplicates": [], "day": {"feel": 'date("2027-04-01")'}}}

    assert call("POST", f"/faults/{fault['id']}/skip", json=body).status_code == 204

    seen = _instance(call, case_id)
    assert seen["faults"] == []
    assert "userTask" in [place["kind"] for place in seen["places"]]


def test_a_reason_is_asked_for_and_sentences_are_refused(call, case_id):
    (fault,) = _faults(call)

    without = call("POST", f"/faults/{fault['id']}/retry", json={})
    empty = call("POST", f"/faults/{fault['id']}/retry", json={"reason": " "})
    sentence = {**BECAUSE, "variables": {"quarter": "Frau Beispiel"}}
    telling = call("POST", f"/faults/{fault['id']}/variables", json=sentence)

    assert [each.status_code for each in (without, empty, telling)] == [422] * 3
    assert "reason" in without.get_json()["errors"]
    assert len(_faults(call)) == 1


def test_many_faults_are_tended_together(house, call, case_id):
    (fault,) = _faults(call)
    known = {"process": "neighbourhood_conflict", "element": "find_duplicates"}
    body = {**BECAUSE, "action": "retry", "ids": [fault["id"], str(uuid4())]}

    by_id = call("POST", "/faults/bulk", json=body).get_json()["outcomes"]
    alike = call("POST", "/faults/bulk", json={**BECAUSE, "action": "retry", "alike": known})
    house.application.worker().run_due()

    assert [each["refused"] is None for each in by_id] == [True, False]
    assert alike.get_json() == {"outcomes": []}
    assert "find_duplicates" not in _elements(call, case_id)


@pytest.mark.usefixtures("case_id")
def test_many_faults_tended_again_under_the_same_key_are_the_same_ones(house, call):
    headers = {"Idempotency-Key": uuid4().hex}
    alike = {**BECAUSE, "action": "retry", "alike": {"element": "find_duplicates"}}

    first = call("POST", "/faults/bulk", json=alike, headers=headers)
    _fail(house)
    again = call("POST", "/faults/bulk", json=alike, headers=headers)
    other = call("POST", "/faults/bulk", json={**alike, "action": "cancel"}, headers=headers)

    assert len(first.get_json()["outcomes"]) == 1
    assert again.get_json() == first.get_json()
    assert other.status_code == 409
    assert len(_faults(call)) == 1


@pytest.mark.usefixtures("case_id")
@pytest.mark.parametrize("reason", [" ", "x" * 501])
def test_many_faults_are_tended_for_a_reason_that_can_be_kept(call, reason):
    alike = {"element": "find_duplicates"}

    answer = call(
        "POST", "/faults/bulk", json={"reason": reason, "action": "retry", "alike": alike}
    )

    assert answer.status_code == 422
    assert len(_faults(call)) == 1


@pytest.mark.usefixtures("case_id")
@pytest.mark.parametrize("meant", [{}, {"ids": [], "alike": {}}])
def test_faults_meant_in_two_ways_or_none_are_not_touched(call, meant):
    (before,) = _faults(call)

    answer = call("POST", "/faults/bulk", json={**BECAUSE, "action": "retry", **meant})

    assert answer.status_code == 422
    assert "entweder mit ihrer Kennung" in answer.get_json()["detail"]
    assert _faults(call) == [before]


def test_what_operators_did_is_read_page_by_page(call, case_id, monkeypatch):
    monkeypatch.setattr(instances, "PAGE", 2)
    path = f"/instances/{_instance(call, case_id)['id']}"
    reasons = ["Stop.", "Go.", "Stop again.", "Go again.", "Stop at last."]
    for act, reason in zip(("suspend", "resume") * 2 + ("suspend",), reasons, strict=True):
        call("POST", f"{path}/{act}", json={"reason": reason})

    seen = _instance(call, case_id)
    told, after = [one["reason"] for one in seen["acts"]], seen["acts_next"]
    while after:
        page = call("GET", f"{path}/acts?after={after}").get_json()
        told += [one["reason"] for one in page["items"]]
        after = page["next"]

    assert told == reasons[::-1]
    assert call("GET", f"/instances/{uuid4()}/acts").status_code == 404


def test_a_process_is_suspended_and_resumed(call, case_id):
    instance = _instance(call, case_id)

    first = call("POST", f"/instances/{instance['id']}/suspend", json=BECAUSE)
    again = call("POST", f"/instances/{instance['id']}/suspend", json=BECAUSE)
    found = call("GET", "/instances?suspended=true").get_json()["items"]
    call("POST", f"/instances/{instance['id']}/resume", json=BECAUSE)

    assert (first.status_code, again.status_code) == (204, 409)
    assert [each["id"] for each in found] == [instance["id"]]
    seen = _instance(call, case_id)
    assert seen["suspended_at"] is None
    assert [(act["action"], act["reason"]) for act in seen["acts"]] == [
        ("resume_process", BECAUSE["reason"]),
        ("suspend_process", BECAUSE["reason"]),
    ]


def test_a_process_is_moved_as_the_preview_told(call, case_id):
    instance = _instance(call, case_id)
    token = next(one["token"] for one in instance["places"] if one["kind"] == "serviceTask")
    move = {"cancel": [token], "create": [{"element": "find_duplicates"}]}
    path = f"/instances/{instance['id']}/modification"

    told = call("POST", f"{path}/preview", json=move).get_json()
    body = {**move, **BECAUSE, "version": told["version"]}
    done = call("POST", path, json=body)
    late = call("POST", path, json=body)

    assert [each["element"] for each in told["cancelled"]] == ["find_duplicates"]
    assert [each["element"] for each in told["created"]] == ["find_duplicates"]
    assert (told["signals"], told["unheard"]) == ([], [])
    assert (done.status_code, late.status_code) == (204, 409)
    now = [place["token"] for place in _instance(call, case_id)["places"]]
    assert told["created"][0]["token"] in now
    assert _faults(call) == []


def test_an_unsound_move_is_refused_with_a_sentence(call, case_id):
    instance = _instance(call, case_id)
    move = {"create": [{"element": "nowhere"}]}

    refused = call("POST", f"/instances/{instance['id']}/modification/preview", json=move)

    assert refused.status_code == 422
    assert "nowhere" in refused.get_json()["detail"]


def test_a_preview_of_a_process_that_nobody_can_read_says_so_and_writes_nothing(
    house, call, case_id
):
    instance, before = _instance(call, case_id), _faults(call)
    with house.application.transactions.begin() as uow:
        torn = update(Instance).where(Instance.id == UUID(instance["id"]))
        uow.session.execute(torn.values(snapshot="torn"))

    path = f"/instances/{instance['id']}/modification/preview"
    answers = [call("POST", path, json={"variables": {"stage": 3}}) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "passt nicht" in answers[0].get_json()["detail"]
    assert _faults(call) == before


def test_a_cancelled_process_stands_nowhere(call, case_id):
    instance = _instance(call, case_id)

    call("POST", f"/instances/{instance['id']}/cancel", json=BECAUSE)

    seen = _instance(call, case_id)
    assert (seen["state"], seen["places"], seen["faults"]) == ("cancelled", [], [])


def test_what_does_not_exist_is_unknown(call):
    assert call("GET", f"/faults/{uuid4()}").status_code == 404
    assert call("GET", f"/instances/{uuid4()}").status_code == 404
    assert call("POST", f"/instances/{uuid4()}/suspend", json=BECAUSE).status_code == 404


@pytest.mark.parametrize("role", sorted(frozenset(Role) - {Role.ADMINISTRATION}))
def test_other_roles_may_neither_look_nor_act(call, case_id, role):
    (fault,) = _faults(call)
    instance = _instance(call, case_id)["id"]
    acts = [
        ("GET", "/faults", None),
        ("GET", f"/faults/{fault['id']}", None),
        ("POST", f"/faults/{fault['id']}/retry", BECAUSE),
        ("POST", f"/faults/{fault['id']}/skip", BECAUSE),
        ("POST", f"/faults/{fault['id']}/cancel", BECAUSE),
        ("POST", f"/faults/{fault['id']}/variables", {**BECAUSE, "variables": {}}),
        ("POST", "/faults/bulk", {**BECAUSE, "action": "retry", "ids": [fault["id"]]}),
        ("GET", "/instances", None),
        ("GET", f"/instances/{instance}", None),
        ("POST", f"/instances/{instance}/suspend", BECAUSE),
        ("POST", f"/instances/{instance}/resume", BECAUSE),
        ("POST", f"/instances/{instance}/cancel", BECAUSE),
        ("POST", f"/instances/{instance}/variables", {**BECAUSE, "variables": {}}),
        ("POST", f"/instances/{instance}/modification/preview", {}),
        ("POST", f"/instances/{instance}/modification", {**BECAUSE, "version": 1}),
    ]

    codes = {call(method, path, role, json=body).status_code for method, path, body in acts}

    assert codes == {403}
    assert len(_faults(call)) == 1


def _fail(house):
    """Let every service that is owed fail."""
    good = house.application.handlers
    Worker(
        house.application.transactions,
        Handlers(dict.fromkeys(good.services, _refuse), good.jobs),
    ).run_due()


def _faults(call):
    return call("GET", "/faults").get_json()["items"]


def _instance(call, case_id):
    listed = call("GET", f"/instances?case_id={case_id}").get_json()["items"]
    return call("GET", f"/instances/{listed[0]['id']}").get_json()


def _elements(call, case_id):
    return [place["element"] for place in _instance(call, case_id)["places"]]


def _refuse(*_):
    raise Invalid(say("Wrong."))

"""The data protection officer's programs say how long history is kept, and have it deleted."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from engine import clock, instances, retention
from engine.models import Instance
from workflows.access import Role
from workflows.tending.models import OperatorAct

PROCESS = "neighbourhood_conflict"
BECAUSE = {"reason": "The officer wants it."}
EVERY = {"process": None, "deployment": None, "days": 365}
NOTHING = {"instances": 0, "histories": 0, "complete": True}


@pytest.fixture
def officer(call):
    """Call below /retention as the officer; the rule that tests set is gone afterwards."""

    def ask(method, path, **options):
        return call(method, f"/retention{path}", Role.DATA_PROTECTION, **options)

    yield ask
    ask("POST", "/rules/unset", json={**BECAUSE, "process": PROCESS})


@pytest.fixture
def old(house):
    """Three processes of no case that ended years ago."""
    house.application.worker().run_due()
    with house.application.transactions.begin() as uow:
        begun = [instances.start(uow, PROCESS, {}).id for _ in range(3)]
        for one in begun:
            instances.cancel(uow, one)
    with house.application.transactions.begin() as uow:
        ended = {"ended_at": clock.now() - timedelta(days=800)}
        uow.connection.execute(update(Instance).where(Instance.id.in_(begun)).values(**ended))
    return begun


def acts(house, action):
    with house.application.transactions.reading() as reading:
        found = reading.scalars(select(OperatorAct).where(OperatorAct.action == action))
        return [(tuple(row.about), row.reason) for row in found]


def test_rules_are_set_listed_and_taken_back_with_a_reason(house, officer):
    set_one = {**BECAUSE, "process": PROCESS, "days": 180}
    for_ever = {**set_one, "days": None}

    assert officer("POST", "/rules", json=set_one).status_code == 204
    first = officer("GET", "/rules").get_json()
    assert officer("POST", "/rules", json=for_ever).status_code == 204
    second = officer("GET", "/rules").get_json()
    gone = officer("POST", "/rules/unset", json={**BECAUSE, "process": PROCESS})

    rule = {"process": PROCESS, "deployment": None}
    assert first == {"items": [EVERY, {**rule, "days": 180}]}
    assert second == {"items": [EVERY, {**rule, "days": None}]}
    assert gone.status_code == 204
    assert officer("GET", "/rules").get_json() == {"items": [EVERY]}
    written = ((PROCESS, "*", "180"), BECAUSE["reason"])
    assert written in acts(house, "set_retention")


@pytest.mark.parametrize(
    "body",
    [
        {**BECAUSE, "process": PROCESS},
        {"process": PROCESS, "days": 3},
        {**BECAUSE, "days": 3},
        {**BECAUSE, "process": "mediatoin", "days": 3},
        {**BECAUSE, "process": PROCESS, "deployment": 0, "days": 3},
        {**BECAUSE, "process": PROCESS, "days": 0},
        {**BECAUSE, "process": PROCESS, "days": 36_501},
    ],
)
def test_a_rule_that_says_too_little_or_nothing_possible_is_refused(officer, body):
    assert officer("POST", "/rules", json=body).status_code in {404, 422}
    assert officer("GET", "/rules").get_json() == {"items": [EVERY]}


def test_the_same_command_sets_a_rule_once(house, officer):
    body = {"reason": "Sent twice.", "process": PROCESS, "days": 30}
    named = {"headers": {"Idempotency-Key": uuid4().hex}}

    codes = [officer("POST", "/rules", json=body, **named).status_code for _ in range(2)]
    other = officer("POST", "/rules", json={**body, "days": 31}, **named)

    assert (codes, other.status_code) == ([204, 204], 409)
    assert len([why for _, why in acts(house, "set_retention") if why == "Sent twice."]) == 1


def test_a_run_is_foretold_and_then_done_by_the_workers(house, officer, old, monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    named = {"headers": {"Idempotency-Key": uuid4().hex}}

    foretold = officer("POST", "/preview").get_json()
    ordered = [officer("POST", "/runs", json=BECAUSE, **named) for _ in range(2)]
    before = officer("POST", "/preview").get_json()
    house.application.worker().run_due()

    assert foretold == before == {"instances": len(old), "histories": 0, "complete": True}
    assert [one.status_code for one in ordered] == [202, 202]
    (run,) = {one.get_json()["id"] for one in ordered}
    assert officer("POST", "/preview").get_json() == NOTHING
    assert acts(house, "run_retention")[-1] == ((run,), BECAUSE["reason"])
    assert acts(house, "end_retention")[-1] == (("3", "0", run), BECAUSE["reason"])


def test_a_run_needs_a_reason(officer, old):
    assert officer("POST", "/runs", json={}).status_code == 422
    assert officer("POST", "/runs", json={"reason": " "}).status_code == 422
    assert officer("POST", "/preview").get_json()["instances"] == len(old)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.DATA_PROTECTION])
def test_nobody_else_may(call, role):
    rule = {**BECAUSE, "process": PROCESS, "days": 3}
    answers = [
        call("GET", "/retention/rules", role),
        call("POST", "/retention/rules", role, json=rule),
        call("POST", "/retention/rules/unset", role, json={**BECAUSE, "process": PROCESS}),
        call("POST", "/retention/preview", role),
        call("POST", "/retention/runs", role, json=BECAUSE),
    ]

    assert {answer.status_code for answer in answers} == {403}

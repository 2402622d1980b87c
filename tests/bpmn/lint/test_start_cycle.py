"""A process that begins itself by its own message would never end to begin."""

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import check
from tests.bpmn.spiff.drawing import (
    document,
    end,
    flows,
    mapping,
    message,
    node,
    person,
    process,
    zeebe,
)

LETTER = "letter"


def begun_by_a_message(*between, path="s>tell>e", sent="hello"):
    work = zeebe("taskDefinition", type="message.publish")
    inputs = mapping({"name": f'="{sent}"', "key": "=case_id"})
    tell = node("sendTask", "tell", extensions=work + inputs)
    return process(node("startEvent", "s", message()), *between, tell, end(), flows(path))


def found(*processes):
    bundle = Bundle({"p.bpmn": document(*processes)})
    host = Host(handlers=frozenset({"message.publish"}))
    return [finding.element for finding in check(bundle, host) if finding.rule == "start_cycle"]


def test_a_process_that_sends_the_message_it_begins_by_is_refused():
    assert found(begun_by_a_message(sent=LETTER)) == ["tell"]


def test_another_message_is_fine():
    assert found(begun_by_a_message(sent="other")) == []


def test_a_process_in_which_a_person_has_a_say_may_begin_itself():
    assert found(begun_by_a_message(person("ask"), path="s>ask>tell>e", sent=LETTER)) == []

"""A repeated activity names its list, and a list known beforehand is not too long."""

import pytest

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import Severity, check

HOST = Host(functions={}, handlers=frozenset(), groups=frozenset({"role_qm"}))


def repeated(items="=parties", *, sequential=False, inner=""):
    loop = (
        f'<bpmn:multiInstanceLoopCharacteristics isSequential="{str(sequential).lower()}">'
        f'<bpmn:extensionElements><zeebe:loopCharacteristics inputCollection="{items}" '
        'inputElement="item"/></bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>'
    )
    task = (
        '<bpmn:userTask id="task" name="Anrufen"><bpmn:extensionElements><zeebe:userTask/>'
        '<zeebe:assignmentDefinition candidateGroups="role_qm"/></bpmn:extensionElements>'
        f"{inner or loop}</bpmn:userTask>"
    )
    if inner:
        task = (
            f'<bpmn:subProcess id="round" name="Runde">{loop}<bpmn:startEvent id="first"/>'
            f'<bpmn:sequenceFlow id="g1" sourceRef="first" targetRef="task"/>{task}'
            '<bpmn:sequenceFlow id="g2" sourceRef="task" targetRef="last"/>'
            '<bpmn:endEvent id="last"/></bpmn:subProcess>'
        )
    name = "round" if inner else "task"
    return Bundle(
        {
            "drawn.bpmn": (
                '<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" '
                'xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="x">'
                '<bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="start"/>'
                f'<bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="{name}"/>{task}'
                f'<bpmn:sequenceFlow id="f2" sourceRef="{name}" targetRef="end"/>'
                '<bpmn:endEvent id="end"/></bpmn:process></bpmn:definitions>'
            ).encode()
        }
    )


def found(bundle):
    return [(f.severity, f.element) for f in check(bundle, HOST) if f.rule == "loops"]


@pytest.mark.parametrize("items", ["=parties", "=[1, 2, 3]", "=for i in 1..29 return i"])
def test_a_list_of_unknown_or_modest_length_passes(items):
    assert found(repeated(items)) == []


def test_a_list_that_is_always_too_long_is_refused():
    assert found(repeated("=for i in 1..201 return i")) == [(Severity.ERROR, "task")]


def test_thirty_at_once_are_warned_of_and_thirty_in_turn_are_not():
    items = "=for i in 1..30 return i"

    assert found(repeated(items)) == [(Severity.WARNING, "task")]
    assert found(repeated(items, sequential=True)) == []


def test_a_list_within_a_list_is_warned_of():
    inner = (
        "<bpmn:multiInstanceLoopCharacteristics><bpmn:extensionElements>"
        '<zeebe:loopCharacteristics inputCollection="=calls" inputElement="call"/>'
        "</bpmn:extensionElements></bpmn:multiInstanceLoopCharacteristics>"
    )

    assert found(repeated(inner=inner)) == [(Severity.WARNING, "task")]


def test_a_repeated_activity_without_a_list_is_refused():
    assert found(repeated("")) == [(Severity.ERROR, "task")]

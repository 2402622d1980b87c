"""What holds for every shipped file, whatever it describes."""

import re

import pytest
from lxml import etree

from bpmn.forms import free_process_fields
from bpmn.lint import check
from tests.workflows.processes.driving import FILES, HOST, bundle, definitions

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
DIAGRAMS = sorted(FILES.glob("*.bpmn"))


def tree(path):
    return etree.fromstring(path.read_bytes())


def nodes(diagram, *kinds):
    return [
        node for node in diagram.iter(f"{BPMN}*") if etree.QName(node).localname.endswith(kinds)
    ]


@pytest.fixture(params=DIAGRAMS, ids=lambda path: path.stem)
def diagram(request):
    return tree(request.param)


def test_the_deploy_check_has_nothing_to_say_about_the_shipped_bundle():
    assert check(bundle(), HOST) == []


def test_every_task_of_a_person_has_a_form_somebody_to_do_it_and_a_due_date(diagram):
    for task in diagram.iter(f"{BPMN}userTask"):
        form = task.find(f".//{ZEEBE}formDefinition").get("formId")
        assert form in definitions().forms
        assert task.find(f".//{ZEEBE}assignmentDefinition").attrib
        assert task.find(f".//{ZEEBE}taskSchedule").get("dueDate").startswith("=")


def test_every_decision_between_ways_has_a_default(diagram):
    for gateway in diagram.iter(f"{BPMN}exclusiveGateway"):
        if len(gateway.findall(f"{BPMN}outgoing")) > 1:
            assert gateway.get("default") is not None, gateway.get("id")


def test_every_node_and_every_flow_is_drawn(diagram):
    drawn = {shape.get("bpmnElement") for shape in diagram.iter() if shape.get("bpmnElement")}
    kinds = ("Task", "Gateway", "Event", "Activity", "subProcess", "sequenceFlow", "lane")

    assert {node.get("id") for node in nodes(diagram, *kinds)} <= drawn


def test_every_node_is_reached_and_leads_somewhere(diagram):
    flows = list(diagram.iter(f"{BPMN}sequenceFlow"))
    sources = {flow.get("sourceRef") for flow in flows}
    targets = {flow.get("targetRef") for flow in flows}
    for node in nodes(diagram, "Task", "Gateway", "Event", "Activity", "subProcess"):
        kind = etree.QName(node).localname
        assert kind in {"startEvent", "boundaryEvent"} or node.get("id") in targets
        assert kind == "endEvent" or node.get("id") in sources


def test_no_form_asks_for_free_text_that_would_become_a_process_variable():
    for form in definitions().forms.values():
        assert list(free_process_fields(form, HOST)) == []


def test_every_form_is_used_by_a_task():
    used = {
        form.get("formId")
        for path in DIAGRAMS
        for form in tree(path).iter(f"{ZEEBE}formDefinition")
    }

    assert used == set(definitions().forms)


def test_the_page_about_the_processes_names_every_form_and_every_service():
    page = (FILES / "README.md").read_text()
    named = set(re.findall(r"^\| `([\w.]+)`", page, re.MULTILINE))
    services = {
        task.get("type") for path in DIAGRAMS for task in tree(path).iter(f"{ZEEBE}taskDefinition")
    }

    assert set(definitions().forms) <= named
    assert services <= named

import pytest

from bpmn.model import NotExecutable
from bpmn.spiff.run import ProcessRun
from tests.bpmn.spiff.drawing import (
    end,
    error,
    flows,
    mapping,
    message,
    node,
    person,
    process,
    read,
    start,
)


def begun(name, suffix="", extensions=""):
    return process(
        node("startEvent", f"s{suffix}", message(), extensions=extensions),
        person(f"a{suffix}"),
        end(f"e{suffix}"),
        flows(f"s{suffix}>a{suffix}>e{suffix}"),
        name=name,
    )


def test_a_bundle_tells_which_message_begins_which_process():
    definitions = read(begun("incident"))

    assert definitions.starts == {"letter": "incident"}


def test_a_process_that_starts_by_a_message_begins_with_its_content():
    run = ProcessRun.begin(read(begun("incident")), "incident", {"place": "yard"})
    run.settle()

    assert [task.element for task in run.waiting_tasks()] == ["a"]
    assert run.variables == {"place": "yard"}


def test_two_processes_cannot_start_by_the_same_message():
    with pytest.raises(NotExecutable) as refused:
        read(begun("one", "1"), begun("two", "2"))

    assert refused.value.element == "s2"


def test_a_mapping_on_the_start_of_a_process_is_refused():
    with pytest.raises(NotExecutable):
        read(begun("one", extensions=mapping(outputs={"x": "=y"})))


@pytest.mark.parametrize("trigger", [error(), "<bpmn:terminateEventDefinition/>"])
def test_nothing_but_a_message_starts_a_process(trigger):
    odd = node("startEvent", "s", trigger)

    with pytest.raises(NotExecutable):
        read(process(odd, person("a"), end(), flows("s>a>e")))


def test_the_start_of_a_subprocess_hears_no_message():
    inner = (node("startEvent", "s2", message()), person("a"), end("e2"), flows("s2>a>e2"))

    with pytest.raises(NotExecutable):
        read(process(start(), node("subProcess", "sub", *inner), end(), flows("s>sub>e")))

"""A formula that reads what nobody sets is told, with the name that may be meant."""

import pytest

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import Severity, check
from tests.bpmn.spiff.drawing import (
    document,
    end,
    flows,
    job,
    mapping,
    node,
    process,
    script,
    start,
)

HOST = Host(handlers=frozenset({"work"}), variables=frozenset({"stage", "case_id"}))


def told(condition, *, value="=stage + 1", work=None):
    nodes = (
        start(),
        script("count", value, "rounds"),
        *([work] if work else ()),
        node("exclusiveGateway", "way", default="way_e"),
        end(),
        end("f"),
    )
    path = "s>count>work>way" if work else "s>count>way"
    drawn = document(process(*nodes, flows(f"{path};way>f[={condition}];way>e")))
    found = check(Bundle({"p.bpmn": drawn}), HOST)
    return [(one.severity, one.element) for one in found if one.rule == "unknown_variables"], found


@pytest.mark.parametrize(
    "condition",
    ["stage > 3", "rounds = 2", "some x in [1, 2] satisfies x > stage", "{a: 1, b: a}.b > stage"],
)
def test_what_the_house_or_an_earlier_step_sets_is_known(condition):
    assert told(condition)[0] == []


def test_a_misspelt_name_in_a_condition_is_an_error_that_names_the_right_one():
    told_of, found = told("ronds = 2")

    assert told_of == [(Severity.ERROR, "way_f")]
    assert "“rounds”" in str(found[0].sentence)


def test_a_misspelt_name_elsewhere_is_a_warning():
    assert told("rounds = 2", value="=stagge + 1")[0] == [(Severity.WARNING, "count")]


def test_where_anything_may_come_from_outside_it_is_only_a_warning():
    assert told("ronds = 2", work=job("work"))[0] == [(Severity.WARNING, "way_f")]


def test_a_job_whose_mappings_say_what_it_brings_leaves_it_an_error():
    mapped = job("work", extensions=mapping(outputs={"answer": "=answer"}))

    assert told("ronds = 2", work=mapped)[0] == [(Severity.ERROR, "way_f")]

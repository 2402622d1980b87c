"""A loop rests in every round: with a person, for a message, or for a quarter of an hour."""

import pytest

from bpmn.bundle import Bundle
from bpmn.host import Host
from bpmn.lint import check
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    catch,
    document,
    end,
    error,
    flows,
    job,
    message,
    node,
    person,
    process,
    start,
    timer,
)


def told(*between, path):
    way = node("exclusiveGateway", "way", default="way_e")
    drawn = document(process(start(), way, *between, end(), flows(f"way>e;{path}")))
    found = check(Bundle({"p.bpmn": drawn}), Host(handlers=frozenset({"work"})))
    return [finding for finding in found if finding.rule == "waiting_cycle"]


ROUND = "s>way>t[=true];t>way"


@pytest.mark.parametrize(
    "rest",
    [after("PT15M"), after("P1D"), after("=pause"), message(), timer("timeDate", "=next_day")],
)
def test_a_loop_that_rests_is_fine(rest):
    assert told(catch("t", rest), path=ROUND) == []


@pytest.mark.parametrize(
    "rest",
    [
        after("PT0S"),
        after("PT14M"),
        after('=duration("PT1S")'),
        timer("timeDate", "2020-01-01T09:00"),
    ],
)
def test_a_loop_that_rests_too_shortly_or_once_only_is_refused(rest):
    assert len(told(catch("t", rest), path=ROUND)) == 1


def test_a_race_rests_as_long_as_its_first_event():
    race = node("eventBasedGateway", "race")
    soon, letter = catch("soon", after("PT0S")), catch("letter", message())
    path = "s>way>race[=true];race>soon>way;race>letter>way"

    assert len(told(race, soon, letter, path=path)) == 1


def test_trying_a_job_again_without_a_pause_is_refused():
    failed = boundary("failed", "t", error())

    assert len(told(job("t"), failed, path="s>way>t[=true];t>e;failed>t")) == 1


def test_an_error_behind_a_person_may_lead_back():
    inner = (start("s2"), person("ask"), end("bad", error()), flows("s2>ask>bad"))
    failed = boundary("failed", "t", error())

    assert told(node("subProcess", "t", *inner), failed, path="s>way>t[=true];t>e;failed>t") == []

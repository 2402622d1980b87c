from decimal import Decimal

import pytest

from bpmn.notation.limits import LONGEST_KEY
from bpmn.spiff.errors import ElementFailed
from tests.bpmn.spiff.drawing import (
    Trace,
    after,
    boundary,
    catch,
    end,
    error,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    start,
    zeebe,
)


def test_a_letter_reaches_exactly_one_place_by_its_key():
    trace = Trace(
        start(),
        node("parallelGateway", "g"),
        catch("m1", message()),
        catch("m2", message()),
        person("a"),
        person("b"),
        end(),
        flows("s>g>m1>a>e;g>m2>b>e"),
    )
    waiting = trace.find("messages", "m1")

    trace.deliver("m1")

    assert (waiting.message, waiting.key) == ("letter", "C-1")
    assert trace.waits == ["a", "m2"]


def test_a_letter_can_come_again_where_it_does_not_interrupt():
    trace = Trace(
        start(),
        person("a"),
        boundary("m", "a", message(), interrupting=False),
        job("j"),
        end(),
        flows("s>a>e;m>j>e"),
    )

    trace.deliver("m", n=1).deliver("m", n=2).deliver("m", n=3)

    assert trace.waits == ["a", "j", "j", "j", "m"]
    assert trace.complete("a").waits == ["j", "j", "j"]


def test_a_key_is_kept_as_it_was_when_the_token_came():
    trace = Trace(
        start(),
        person("a"),
        boundary("m", "a", message()),
        person("b"),
        node("parallelGateway", "g"),
        end(),
        flows("s>g>a>e;g>b>e;m>e"),
    )

    trace.complete("b", case_id="other")

    assert trace.find("messages", "m").key == "C-1"


def test_without_a_key_nothing_waits_for_a_letter():
    with pytest.raises(ElementFailed):
        Trace(start(), catch("m", message()), end(), flows("s>m>e"), variables={"case_id": None})


@pytest.mark.parametrize("long", ["k" * (LONGEST_KEY + 1), Decimal(10) ** LONGEST_KEY])
def test_nothing_waits_under_a_key_that_is_too_long(long):
    with pytest.raises(ElementFailed, match="longer than"):
        Trace(start(), catch("m", message()), end(), flows("s>m>e"), variables={"case_id": long})


def test_a_receive_task_with_a_deadline_is_one_place_in_the_history():
    trace = Trace(
        start(),
        node("receiveTask", "m", messageRef="msg"),
        boundary("t", "m", after("P1D")),
        end(),
        flows("s>m>e;t>e"),
    )

    trace.deliver("m")

    assert trace.passages("m", "t") == ["m entered", "m left"]
    assert trace.finished


def test_a_sent_message_is_a_job_also_at_the_end():
    kind = zeebe("taskDefinition", type="message.publish")
    trace = Trace(
        start(),
        node("intermediateThrowEvent", "t", message(), extensions=kind),
        node("sendTask", "u", extensions=kind),
        node("endEvent", "e", message(), extensions=kind),
        flows("s>t>u>e"),
    )

    for element in ("t", "u", "e"):
        assert trace.find("jobs", element).type == "message.publish"
        trace.finish(element)

    assert trace.finished


def test_every_event_keeps_what_its_outputs_say():
    def saying(name):
        return mapping((), {name: '="said"'})

    inner = (start("s2"), person("a"), end("bad", error()), flows("s2>a>bad"))
    trace = Trace(
        start(),
        node("intermediateThrowEvent", "i", extensions=saying("passed")),
        node("subProcess", "sub", *inner),
        boundary("b", "sub", error(), extensions=saying("caught")),
        catch("t", after("P1D"), saying("fired")),
        end("e", extensions=saying("ended")),
        flows("s>i>sub>e;b>t>e"),
    )

    trace.complete("a")
    trace.clock.advance(days=1)
    trace.fire("t")

    for name in ("passed", "caught", "fired", "ended"):
        assert getattr(trace.variables, name) == "said"


def test_a_key_may_be_a_number():
    trace = Trace(
        start(), catch("m", message()), end(), flows("s>m>e"), variables={"case_id": 12.50}
    )

    assert trace.find("messages", "m").key == "12.5"


RACE = (
    start("s2"),
    node("eventBasedGateway", "race"),
    catch("letter", message()),
    catch("late", after("P3D")),
    person("a"),
    end("e2"),
    flows("s2>race>letter>a>e2;race>late>a"),
)
"""A level that waits for a letter or for the third day, whatever comes first."""


def test_a_process_stands_at_the_event_based_gateway_until_something_happens():
    trace = Trace(*RACE)
    before = trace.passages("race", "letter", "late")

    trace.deliver("letter")

    assert before == ["race entered"]
    assert trace.passages("race", "letter", "late") == [
        "race entered",
        "race left",
        "letter entered",
        "letter left",
    ]


def test_a_wait_that_is_ended_from_outside_leaves_nobody_at_the_gateway():
    trace = Trace(
        start(),
        node("subProcess", "sub", *RACE),
        boundary("stop", "sub", message()),
        end(),
        flows("s>sub>e;stop>e"),
    )

    trace.deliver("stop")

    assert trace.passages("race", "letter", "late") == ["race entered", "race cancelled"]

"""Bundles at their bounds: what is too deep or too large is refused before anything follows it."""

from bpmn.bundle import Bundle
from bpmn.lint import Severity, call_cycle, check
from bpmn.notation.limits import DEEPEST_CALL, DEEPEST_NESTING
from tests.bpmn.spiff.drawing import call, end, error, flows, node, process, start
from tests.conformance.constructs import HOUSE, ask, document, findings_in

FORM = '{"type": "default", "id": "answer", "components": []}'


def told(files):
    found = check(Bundle({name: text.encode() for name, text in files.items()}), HOUSE)
    return {(one.rule, one.file) for one in found if one.severity is Severity.ERROR}


def chain(length):
    """Draw so many processes of which each calls the next."""
    last = process(start(), ask("a"), end(), flows("s>a>e"), name=f"p{length - 1}")
    calls = (
        process(start(), call("c", f"p{n + 1}"), end(), flows("s>c>e"), name=f"p{n}")
        for n in range(length - 1)
    )
    drawings = {f"p{n}.bpmn": document(one) for n, one in enumerate([*calls, last])}
    return {"answer.form": FORM, **drawings}


def test_processes_call_each_other_as_deep_as_they_may_run():
    assert told(chain(DEEPEST_CALL + 1)) == set()
    assert told(chain(DEEPEST_CALL + 2)) == {("call_cycle", f"p{DEEPEST_CALL}.bpmn")}


def test_hundreds_of_processes_that_call_each_other_are_answered():
    calls = chain(400)
    calls["p399.bpmn"] = document(
        process(start(), call("c", "p0"), end(), flows("s>c>e"), name="p399")
    )

    assert told(calls) == {("call_cycle", f"p{n}.bpmn") for n in range(400)}


def test_many_calls_are_followed_once_for_each_process_that_is_called(monkeypatch):
    followed = []
    follow = call_cycle._reached
    monkeypatch.setattr(
        call_cycle, "_reached", lambda *given: followed.append(given) or follow(*given)
    )
    crowd = "".join(
        process(start(), *(call(f"c{m}", f"p{m}") for m in range(20)), end(), name=f"p{n}")
        for n in range(20)
    )

    assert told({"p.bpmn": document(crowd)}) == {("call_cycle", "p.bpmn")}
    assert len(followed) == 20


def test_calls_that_double_at_every_step_are_answered_as_fast():
    files = {
        f"p{n}.bpmn": document(
            process(
                start(),
                *(call(name, f"p{n + 1}") for name in "bcdf"),
                end("e", error()) if n == 17 else end(),
                flows("s>b>c>d>f>e"),
                name=f"p{n}",
            )
        )
        for n in range(18)
    }

    assert ("caught_errors", "p17.bpmn") in told(files)


def nested(depth):
    inner = (start("s0"), ask("a"), end("e0"), flows("s0>a>e0"))
    for n in range(1, depth + 1):
        inside = node("subProcess", f"x{n}", *inner)
        inner = (start(f"s{n}"), inside, end(f"e{n}"), flows(f"s{n}>x{n}>e{n}"))
    return document(process(*inner))


def test_sub_processes_lie_in_each_other_as_deep_as_they_may():
    assert findings_in(nested(DEEPEST_NESTING)) == []
    assert [one.rule for one in findings_in(nested(DEEPEST_NESTING + 2))] == ["size"]

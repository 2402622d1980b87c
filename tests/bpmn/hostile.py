"""A bundle with a formula in every place that takes one, and what somebody might write there.

Run as a program it forces every payload in every place to run, past the deploy gate, and tells
what Python was asked to do meanwhile.
"""

import contextlib
import json
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from html import escape

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.errors import Refusal
from bpmn.forms import conditions_of, form_schema, read_answers
from bpmn.host import Host, HostFunction
from bpmn.spiff.run import ProcessRun
from tests.bpmn.dmn.drawn import cells, decision
from tests.bpmn.payloads import ALL
from tests.bpmn.spiff.drawing import (
    Clock,
    boundary,
    catch,
    document,
    each,
    end,
    flows,
    job,
    mapping,
    message,
    node,
    person,
    process,
    script,
    start,
    timer,
    zeebe,
)

SOUND = {
    "script": "=1 + 1",
    "input": "=case_id",
    "output": '="done"',
    "condition": "=round = 2",
    "assignee": "=case_id",
    "groups": '=["role_qm"]',
    "users": "=[case_id]",
    "due date": '=next due(now(), 1, "office")',
    "follow-up": '=next due(now(), 2, "office")',
    "priority": "=50",
    "collection": "=[1, 2]",
    "element": "=item",
    "completion": "=false",
    "timer date": '=now() + duration("P1D")',
    "timer duration": '=duration("P1D")',
    "timer cycle": '="R3/P1D"',
    "correlation key": "=case_id",
    "DMN input": "round",
    "DMN test": "< 9",
    "DMN output": "round + 1",
    "DMN literal": "round * 2",
    "form condition": "=round > 5",
    "form minimum": "=0",
    "form maximum": "=99",
    "form check": "=age < 99",
    "form readonly": "=round > 5",
    "form required": "=round > 1",
}
"""A formula for every place, as a colleague would write it."""

PLACES = tuple(SOUND)

HERE = "condition goes here"
"""Stands for a condition while flows are drawn, whose signs it may contain."""


def bundle(**payloads: str) -> Bundle:
    """Write a payload in the places that are named, and something sound in all others."""
    hostile = {place: _formula(place, payload) for place, payload in payloads.items()}
    written = {**SOUND, **hostile}
    return Bundle(
        {"p.bpmn": _diagram(written), "d.dmn": _decisions(written), "f.form": _form(written)}
    )


def _formula(place: str, payload: str) -> str:
    return payload if place.startswith("DMN") else f"={payload}"


def _diagram(written) -> bytes:
    given = zeebe(
        "assignmentDefinition",
        assignee=written["assignee"],
        candidateGroups=written["groups"],
        candidateUsers=written["users"],
    )
    planned = zeebe(
        "taskSchedule", dueDate=written["due date"], followUpDate=written["follow-up"]
    ) + zeebe("priorityDefinition", priority=written["priority"])
    rounds = each(
        written["collection"], "item", "items", written["element"], until=written["completion"]
    )
    letter = (
        '<bpmn:message id="word" name="word"><bpmn:extensionElements>'
        + zeebe("subscription", correlationKey=written["correlation key"])
        + "</bpmn:extensionElements></bpmn:message>"
    )
    nodes = (
        start(),
        script("count", written["script"], "round"),
        _decide("ask", "table"),
        _decide("guess", "literal"),
        job("work", extensions=mapping({"told": written["input"]}, {"heard": written["output"]})),
        node("exclusiveGateway", "way", default="way_gone"),
        person("task", zeebe("formDefinition", formId="f") + given + planned, rounds),
        boundary("at", "task", timer("timeDate", written["timer date"])),
        boundary("after", "task", timer("timeDuration", written["timer duration"])),
        boundary("often", "task", timer("timeCycle", written["timer cycle"]), interrupting=False),
        catch("word_came", message("word")),
        end("e"),
        end("gone"),
        end("late"),
        flows(
            f"s>count>ask>guess>work>way;way>task[{HERE}];way>gone;"
            "task>word_came>e;at>late;after>late;often>late"
        ).replace(HERE, escape(written["condition"])),
    )
    return document(process(*nodes), letter)


def _decide(name: str, called: str) -> str:
    asked = zeebe("calledDecision", decisionId=called, resultVariable=name)
    return node("businessRuleTask", name, extensions=asked)


def _decisions(written) -> bytes:
    asked = (
        f"<input id='i'><inputExpression>{_text(written['DMN input'])}</inputExpression></input>"
    )
    row = cells("inputEntry", [written["DMN test"]]) + cells("outputEntry", [written["DMN output"]])
    table = f'<decisionTable>{asked}<output name="o"/><rule id="r">{row}</rule></decisionTable>'
    literal = f"<literalExpression>{_text(written['DMN literal'])}</literalExpression>"
    return (
        '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="m">'
        f"{decision(table, 'table')}{decision(literal, 'literal')}</definitions>"
    ).encode()


def _text(formula: str) -> str:
    return f"<text>{escape(formula)}</text>"


def _form(written) -> bytes:
    question = {
        "id": "age",
        "type": "number",
        "key": "age",
        "label": "Alter",
        "conditional": {"hide": written["form condition"]},
        "readonly": written["form readonly"],
        "properties": {
            "min": written["form minimum"],
            "max": written["form maximum"],
            "check": written["form check"],
            "required": written["form required"],
            "message": "Das ist zu alt.",
        },
    }
    return json.dumps({"type": "default", "id": "f", "components": [question]}).encode()


HOST = Host(
    functions={
        "next due": HostFunction("next due", ("start", "days", "calendar"), lambda start, *_: start)
    },
    handlers=frozenset({"work"}),
    groups=frozenset({"role_qm"}),
    variables=frozenset({"case_id"}),
    now=Clock(),
)


def force(files: Bundle) -> list[str]:
    """Load and walk a bundle to its end, past the gate; return the refusals met on the way."""
    refusals: list[str] = []
    try:
        definitions = load(files, HOST)
    except Refusal as refusal:
        return [str(refusal.sentence)]
    for attempt in (_answer, _walk):
        try:
            attempt(definitions)
        except Refusal as refusal:
            refusals.append(str(refusal.sentence))
    return refusals


def _answer(definitions) -> None:
    form = definitions.forms["f"]
    conditions_of(form, {"age": Decimal(7)}, {"round": Decimal(2)}, HOST)
    read_answers(form_schema(form, lambda _: {}, HOST, {"round": Decimal(2)}), {"age": "7"})


TOMORROW = datetime.now(UTC) + timedelta(days=1)


def _walk(definitions) -> None:
    run = ProcessRun.begin(definitions, "p", {"case_id": "C-1"})
    run.settle()
    for waiting in run.waiting_jobs():
        run.finish_job(waiting.token, {})
        run.settle()
    while run.waiting_tasks():
        run.postpone(run.waiting_tasks()[0].token, TOMORROW)
        run.complete(run.waiting_tasks()[0].token, {})
        run.settle()
    for waiting in run.waiting_messages():
        run.deliver(waiting.token, {})
        run.settle()


QUIET = frozenset({"builtins.id"})
"""What our own code asks of Python in every run."""


def main() -> None:
    """Print every audit event that the payloads caused; `--eval` proves that the ear hears."""
    force(bundle())
    for place in PLACES:
        force(bundle(**{place: "("}))
    seen: list[str] = []
    sys.addaudithook(lambda event, _: event in QUIET or seen.append(event))
    places = PLACES
    if "--eval" in sys.argv:
        places = eval("()")
    for place in places:
        for payload in ALL:
            with contextlib.suppress(Refusal):
                force(bundle(**{place: payload}))
    happened = sorted(set(seen))
    sys.stdout.write(json.dumps(happened))


if __name__ == "__main__":
    main()

import random
import re

from bpmn.bundle import Bundle
from bpmn.definitions import load
from bpmn.errors import Refusal
from bpmn.host import Host
from bpmn.spiff.run import ProcessRun
from tests.bpmn.spiff.drawing import (
    after,
    boundary,
    call,
    catch,
    document,
    each,
    end,
    error,
    escalation,
    flows,
    job,
    message,
    node,
    person,
    process,
    script,
    start,
    zeebe,
)

RICH = document(
    process(
        start(),
        node("parallelGateway", "g"),
        person("a", zeebe("taskSchedule", dueDate='=now() + duration("P1D")')),
        boundary("t", "a", after("P1D"), interrupting=False),
        job("j"),
        node(
            "subProcess",
            "sub",
            start("s2"),
            call("c", "q", inside=each("=[1, 2]")),
            end("bad", error()),
            flows("s2>c>bad"),
        ),
        boundary("x", "sub", error()),
        node("eventBasedGateway", "r"),
        catch("m", message()),
        catch("w", after("PT1H")),
        node("intermediateThrowEvent", "up", escalation()),
        node("parallelGateway", "z"),
        end("done"),
        end(),
        flows("s>g>a>z;g>sub>z;t>j>done;x>r>m>up>done;r>w>done;z>e"),
    ),
    process(start("qs"), script("k", "=1", "v"), end("qe"), flows("qs>k>qe"), name="q"),
).decode()


def mutated(dice, text):
    tokens = re.split(r'(<[^>]+>|"[^"]*")', text)
    for _ in range(dice.randint(1, 4)):
        here, there = dice.randrange(len(tokens)), dice.randrange(len(tokens))
        match dice.randrange(5):
            case 0:
                tokens[here] = ""
            case 1:
                tokens[here] = tokens[there]
            case 2:
                tokens[here], tokens[there] = tokens[there], tokens[here]
            case 3:
                tokens[here] = re.sub(r'"[^"]*"', '"=1"', tokens[here], count=1)
            case _:
                tokens[here] = re.sub(r"bpmn:(\w+)", r"bpmn:\1x", tokens[here], count=1)
    return "".join(tokens)


def test_2000_broken_diagrams_are_read_or_refused_and_never_crash():
    dice, accepted = random.Random(7), 0

    for _ in range(2000):
        try:
            definitions = load(Bundle({"p.bpmn": mutated(dice, RICH).encode()}), Host())
            run = ProcessRun.begin(definitions, "p", {"case_id": "C"})
            run.settle()
            ProcessRun.restore(definitions, run.snapshot())
            accepted += 1
        except Refusal:
            pass

    assert accepted > 20

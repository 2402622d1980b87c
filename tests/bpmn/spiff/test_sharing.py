from concurrent.futures import ThreadPoolExecutor

from bpmn.host import Host
from bpmn.spiff.run import ProcessRun
from tests.bpmn.spiff.drawing import (
    Clock,
    after,
    boundary,
    call,
    catch,
    each,
    end,
    error,
    flows,
    mapping,
    message,
    node,
    person,
    process,
    read,
    script,
    start,
)

CHILD = process(start("s2"), person("a"), end("e2"), flows("s2>a>e2"), name="child")
EVERYTHING = process(
    start(),
    node("parallelGateway", "g"),
    node(
        "subProcess",
        "sub",
        start("s1"),
        call("c", "child", mapping({"n": "=n"}), each("=[1, 2]", "n", "out", "=n")),
        end("e1"),
        flows("s1>c>e1"),
    ),
    boundary("t", "sub", after("P1D"), interrupting=False),
    boundary("x", "sub", error()),
    person("late"),
    node("eventBasedGateway", "race"),
    catch("m", message()),
    catch("w", after("P2D")),
    node("inclusiveGateway", "f", default="f_k"),
    script("k", "=1", "one"),
    script("l", "=2", "two"),
    node("inclusiveGateway", "j"),
    node("parallelGateway", "z"),
    end("done"),
    end("e"),
    flows("s>g>sub>z;g>race>m>f;race>w>f;f>k>j;f>l[=true];l>j>z>e;t>late>done;x>done"),
)


def walk(definitions, clock):
    run = ProcessRun.begin(definitions, "p", {"case_id": "C-1"})
    run.settle()
    for _ in range(20):
        run = ProcessRun.restore(definitions, run.snapshot())
        if run.waiting_messages():
            run.deliver(run.waiting_messages()[0].token, {})
        elif run.waiting_tasks():
            run.complete(run.waiting_tasks()[0].token, {"x": 1})
        else:
            break
        run.settle()
    return run.is_finished


def portrait(definitions):
    return {
        (key, name): repr(sorted(vars(spec).items()))
        for key, graph in definitions.executable.items()
        for name, spec in graph.task_specs.items()
    } | {key: repr(sorted(vars(graph).items())) for key, graph in definitions.executable.items()}


def test_definitions_do_not_change_while_many_threads_run_them():
    clock = Clock()
    definitions = read(EVERYTHING, CHILD, host=Host(now=clock))
    before = portrait(definitions)

    with ThreadPoolExecutor(8) as pool:
        finished = list(pool.map(lambda _: walk(definitions, clock), range(200)))

    assert all(finished)
    assert portrait(definitions) == before

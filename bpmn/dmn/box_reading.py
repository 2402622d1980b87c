"""Turns the boxes of one decision into logic."""

from collections.abc import Callable, Mapping

from lxml import etree

from bpmn.dmn.bench import Bench
from bpmn.dmn.boxed_loops import Conditional, Filtered, Loop, Quantified
from bpmn.dmn.boxes import BoxedFunction, Context, Invocation, Items
from bpmn.dmn.drawing import kind, name_of, part, parts, variable_of
from bpmn.dmn.formulas import Workshop
from bpmn.dmn.sheet import Logic
from bpmn.dmn.table_reading import another_number_of_cells, table
from bpmn.wording import say


def _context(bench: Bench, element: etree._Element) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for entry in parts(element, "contextEntry"):
        logic = bench.content(entry)
        if result is not None:
            bench.refuse(say("Only the last entry may go without a name."), entry)
        if part(entry, "variable") is None:
            result = logic
        else:
            typed = bench.typed(logic, part(entry, "variable"))
            entries.append((variable_of(entry), typed))
    bench.refuse_twice((name for name, _ in entries), element)
    return Context(tuple(entries), result)


def _items(bench: Bench, element: etree._Element) -> Logic:
    return Items(tuple(bench.logic(each) for each in parts(element, *READERS)))


def _relation(bench: Bench, element: etree._Element) -> Logic:
    columns = [name_of(column) for column in parts(element, "column")]
    rows = []
    for number, row in enumerate(parts(element, "row"), 1):
        cells = tuple(bench.logic(cell) for cell in parts(row, *READERS))
        if len(cells) != len(columns):
            bench.refuse(another_number_of_cells(number), row)
        rows.append(Context(tuple(zip(columns, cells, strict=True)), None))
    return Items(tuple(rows))


def _invocation(bench: Bench, element: etree._Element) -> Logic:
    bindings = {
        name_of(parameter): bench.content(each)
        for each in parts(element, "binding")
        for parameter in parts(each, "parameter")
    }
    if part(element, *READERS) is None:
        bench.refuse(say("It is empty."), element)
    return Invocation(bench.content(element), bindings)


def function(bench: Bench, element: etree._Element) -> BoxedFunction:
    """Read a boxed function, or the encapsulated logic of a business knowledge model."""
    parameters = tuple(bench.parameter(each) for each in parts(element, "formalParameter"))
    bench.refuse_twice((each.name for each in parameters), element)
    if element.get("kind", "FEEL") != "FEEL":
        bench.refuse(say("Functions outside of FEEL cannot be called."), element)
    return BoxedFunction(parameters, bench.content(element))


def _conditional(bench: Bench, element: etree._Element) -> Logic:
    condition, then, otherwise = (
        bench.content_of(element, each) for each in ("if", "then", "else")
    )
    return Conditional(condition, then, otherwise)


def _loop(bench: Bench, element: etree._Element) -> Logic:
    source, body = bench.content_of(element, "in"), bench.content_of(element, "return")
    return Loop(bench.attribute(element, "iteratorVariable"), source, body)


def _quantified(bench: Bench, element: etree._Element) -> Logic:
    source, condition = bench.content_of(element, "in"), bench.content_of(element, "satisfies")
    loop = Loop(bench.attribute(element, "iteratorVariable"), source, condition)
    return Quantified(loop, deciding=kind(element) == "some")


def _filter(bench: Bench, element: etree._Element) -> Logic:
    source, known = bench.content_of(element, "in"), len(bench.read)
    match = bench.content_of(element, "match")
    del bench.read[known:]  # what they name may be an entry of an item
    return Filtered(source, match)


READERS: Mapping[str, Callable[[Bench, etree._Element], Logic]] = {
    "literalExpression": lambda bench, element: bench.formula(element),
    "decisionTable": table,
    "context": _context,
    "list": _items,
    "relation": _relation,
    "invocation": _invocation,
    "functionDefinition": function,
    "conditional": _conditional,
    "for": _loop,
    "every": _quantified,
    "some": _quantified,
    "filter": _filter,
}


def bench_for(workshop: Workshop, decision: str) -> Bench:
    return Bench(workshop, decision, READERS)

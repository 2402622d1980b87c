"""Turns the drawing of a decision table into rows that can be asked."""

from collections.abc import Sequence

from lxml import etree

from bpmn.dmn.bench import Bench
from bpmn.dmn.drawing import part, parts, text
from bpmn.dmn.hits import AGGREGATIONS, POLICIES, Column, HitPolicy, collecting
from bpmn.dmn.sheet import Logic
from bpmn.dmn.table import Input, Rule, Table
from bpmn.wording import Sentence, say


def another_number_of_cells(row: int) -> Sentence:
    return say("Row %(row)s has another number of cells than the table.", row=row)


def table(bench: Bench, element: etree._Element) -> Logic:
    inputs = tuple(_input(bench, each) for each in parts(element, "input"))
    policy = _policy(bench, element)
    outputs = tuple(_output(bench, each, policy) for each in parts(element, "output"))
    _check_outputs(bench, outputs, policy, element)
    labels = [column.label for column in inputs]
    rules = tuple(
        _rule(bench, each, number, labels, outputs)
        for number, each in enumerate(parts(element, "rule"), 1)
    )
    return Table(bench.decision, inputs, outputs, rules, policy)


def _policy(bench: Bench, element: etree._Element) -> HitPolicy:
    name, aggregation = element.get("hitPolicy", "UNIQUE"), element.get("aggregation")
    if name not in POLICIES:
        bench.refuse(say("There is no hit policy “%(name)s”.", name=name), element)
    if not aggregation:
        return POLICIES[name]
    if name != "COLLECT" or aggregation not in AGGREGATIONS:
        told = f"{name} ({aggregation})"
        bench.refuse(say("There is no hit policy “%(name)s”.", name=told), element)
    return collecting(aggregation)


def _check_outputs(
    bench: Bench, outputs: Sequence[Column], policy: HitPolicy, element: etree._Element
) -> None:
    if not outputs:
        bench.refuse(say("The table has no output."), element)
    if len(outputs) > 1:
        if not all(column.name for column in outputs):
            bench.refuse(say("Where a table has several outputs, each needs a name."), element)
        bench.refuse_twice((column.name for column in outputs), element)
    if policy.by_priority and not any(column.priorities for column in outputs):
        bench.refuse(
            say("List the values of an output, so that this hit policy knows which counts most."),
            element,
        )


def _input(bench: Bench, element: etree._Element) -> Input:
    expression = part(element, "inputExpression")
    label = element.get("label") or text(expression)
    place = say("column “%(label)s”", label=label)
    allowed = part(element, "inputValues")
    return Input(
        label,
        bench.formula(expression, place),
        bench.test(allowed, place) if allowed is not None and text(allowed) else None,
    )


def _output(bench: Bench, element: etree._Element, policy: HitPolicy) -> Column:
    name = element.get("name") or element.get("label") or ""
    place = say("column “%(label)s”", label=name)
    allowed = part(element, "outputValues")
    if allowed is not None and not text(allowed):
        allowed = None
    return Column(
        name,
        None if allowed is None else bench.test(allowed, place),
        bench.priorities(allowed, place) if allowed is not None and policy.by_priority else None,
        _default(bench, element, place),
    )


def _default(bench: Bench, element: etree._Element, place: Sentence) -> Logic | None:
    default = part(element, "defaultOutputEntry")
    return None if default is None or not text(default) else bench.formula(default, place)


def _rule(
    bench: Bench,
    element: etree._Element,
    number: int,
    labels: list[str],
    outputs: tuple[Column, ...],
) -> Rule:
    tests = list(parts(element, "inputEntry"))
    answers = list(parts(element, "outputEntry"))
    if len(tests) != len(labels) or len(answers) != len(outputs):
        bench.refuse(another_number_of_cells(number), element)
    return Rule(
        id=element.get("id", ""),
        number=number,
        tests=tuple(
            bench.test(cell, _cell(number, label))
            for cell, label in zip(tests, labels, strict=True)
        ),
        answers=tuple(
            bench.formula(cell, _cell(number, column.name))
            for cell, column in zip(answers, outputs, strict=True)
        ),
        annotation=_annotation(element),
    )


def _cell(number: int, label: str) -> Sentence:
    return say("row %(row)s, column “%(label)s”", row=number, label=label)


def _annotation(element: etree._Element) -> str:
    described = part(element, "description")
    texts = [text(each) for each in parts(element, "annotationEntry")]
    if described is not None and described.text:
        texts.insert(0, described.text.strip())
    return "; ".join(each for each in texts if each)

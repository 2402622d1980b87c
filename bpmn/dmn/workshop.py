"""Turns the boxes of one decision into logic."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from lxml import etree

from bpmn.dmn.boxed_loops import Conditional, Filtered, Loop, Quantified
from bpmn.dmn.boxes import (
    BoxedFunction,
    Context,
    Formula,
    Invocation,
    Items,
    Nothing,
    Parameter,
    Typed,
)
from bpmn.dmn.drawing import kind, name_of, part, parts, text, unreadable, variable_of
from bpmn.dmn.formulas import Workshop
from bpmn.dmn.hits import AGGREGATIONS, POLICIES, Column, HitPolicy, collecting
from bpmn.dmn.sheet import Logic
from bpmn.dmn.table import Input, Rule, Table
from bpmn.dmn.types import DataType
from bpmn.feel import Expression, FeelError, compile_expression, compile_unary_tests
from bpmn.wording import Sentence, say


@dataclass(frozen=True)
class Bench:
    """Reads the logic of one decision, of which errors speak by name."""

    workshop: Workshop
    decision: str

    def logic(self, element: etree._Element | None) -> Logic:
        """Read a box. Raises `UnreadableDecision` for one that cannot be executed."""
        if element is None:
            return Nothing()
        read = READERS.get(kind(element))
        if read is None:
            raise unreadable(
                self.decision,
                say("“%(box)s” is not supported.", box=kind(element)),
                element,
            )
        return read(self, element)

    def content(self, element: etree._Element) -> Logic:
        """Read the one box that an element holds."""
        return self.logic(part(element, *READERS))

    def content_of(self, element: etree._Element, role: str) -> Logic:
        """Read the box that stands in a part of an element."""
        holder = part(element, role)
        return Nothing() if holder is None else self.content(holder)

    def typed(self, logic: Logic, variable: etree._Element | None) -> Logic:
        """Let the value fit the type of its variable, if that names one."""
        wanted = self.type_of(variable)
        if variable is None or wanted is None:
            return logic
        return Typed(name_of(variable), logic, wanted)

    def type_of(self, variable: etree._Element | None) -> DataType | None:
        if variable is None:
            return None
        return self.workshop.types.find(variable.get("typeRef"), variable)

    def parameter(self, element: etree._Element) -> Parameter:
        return Parameter(name_of(element), self.type_of(element))

    def formula(self, element: etree._Element | None, place: Sentence | None = None) -> Logic:
        if element is None or not text(element):
            return Nothing()
        return Formula(self._compile(compile_expression, element, text(element), place))

    def test(self, element: etree._Element, place: Sentence) -> Expression:
        return self._compile(compile_unary_tests, element, text(element) or "-", place)

    def priorities(self, element: etree._Element, place: Sentence) -> Logic:
        return Formula(self._compile(compile_expression, element, f"[{text(element)}]", place))

    def _compile(
        self,
        compile_text: Callable[..., Expression],
        element: etree._Element,
        formula: str,
        place: Sentence | None,
    ) -> Expression:
        if "feel" not in element.get("expressionLanguage", "feel").lower():
            raise unreadable(self.decision, say("Only FEEL can be executed here."), element)
        try:
            return self.workshop.compile(compile_text, formula)
        except FeelError as error:
            problem = error.sentence
            if place is not None:
                problem = say("%(place)s: %(problem)s", place=place, problem=problem)
            raise unreadable(self.decision, problem, element) from error


def _table(bench: Bench, element: etree._Element) -> Logic:
    inputs = tuple(_input(bench, each) for each in parts(element, "input"))
    outputs = tuple(_output(bench, each) for each in parts(element, "output"))
    if not outputs:
        raise unreadable(bench.decision, say("The table has no output."), element)
    labels = [column.label for column in inputs]
    rules = tuple(
        _rule(bench, each, number, labels, outputs)
        for number, each in enumerate(parts(element, "rule"), 1)
    )
    return Table(bench.decision, inputs, outputs, rules, _policy(bench, element))


def _policy(bench: Bench, element: etree._Element) -> HitPolicy:
    name = element.get("hitPolicy", "UNIQUE")
    aggregation = element.get("aggregation")
    if name not in POLICIES or (aggregation and aggregation not in AGGREGATIONS):
        raise unreadable(
            bench.decision, say("There is no hit policy “%(name)s”.", name=name), element
        )
    return collecting(aggregation) if aggregation and name == "COLLECT" else POLICIES[name]


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


def _output(bench: Bench, element: etree._Element) -> Column:
    name = element.get("name") or element.get("label") or ""
    place = say("column “%(label)s”", label=name)
    allowed = part(element, "outputValues")
    if allowed is not None and not text(allowed):
        allowed = None
    return Column(
        name,
        None if allowed is None else bench.test(allowed, place),
        None if allowed is None else bench.priorities(allowed, place),
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
        raise unreadable(
            bench.decision,
            say("Row %(row)s has another number of cells than the table.", row=number),
            element,
        )
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


def _context(bench: Bench, element: etree._Element) -> Logic:
    entries: list[tuple[str, Logic]] = []
    result: Logic | None = None
    for entry in parts(element, "contextEntry"):
        logic = bench.content(entry)
        if part(entry, "variable") is None:
            result = logic
        else:
            typed = bench.typed(logic, part(entry, "variable"))
            entries.append((variable_of(entry), typed))
    return Context(tuple(entries), result)


def _items(bench: Bench, element: etree._Element) -> Logic:
    return Items(tuple(bench.logic(each) for each in parts(element, *READERS)))


def _relation(bench: Bench, element: etree._Element) -> Logic:
    columns = [name_of(column) for column in parts(element, "column")]
    rows = []
    for row in parts(element, "row"):
        cells = tuple(bench.logic(cell) for cell in parts(row, *READERS))
        rows.append(Context(tuple(zip(columns, cells, strict=False)), None))
    return Items(tuple(rows))


def _invocation(bench: Bench, element: etree._Element) -> Logic:
    bindings = {
        name_of(parameter): bench.content(each)
        for each in parts(element, "binding")
        for parameter in parts(each, "parameter")
    }
    return Invocation(bench.content(element), bindings)


def function(bench: Bench, element: etree._Element) -> BoxedFunction:
    """Read a boxed function, or the encapsulated logic of a business knowledge model."""
    parameters = tuple(bench.parameter(each) for each in parts(element, "formalParameter"))
    if element.get("kind", "FEEL") != "FEEL":
        raise unreadable(
            bench.decision, say("Functions outside of FEEL cannot be called."), element
        )
    return BoxedFunction(parameters, bench.content(element))


def _conditional(bench: Bench, element: etree._Element) -> Logic:
    condition, then, otherwise = (
        bench.content_of(element, each) for each in ("if", "then", "else")
    )
    return Conditional(condition, then, otherwise)


def _loop(bench: Bench, element: etree._Element) -> Logic:
    source, body = bench.content_of(element, "in"), bench.content_of(element, "return")
    return Loop(element.get("iteratorVariable", ""), source, body)


def _quantified(bench: Bench, element: etree._Element) -> Logic:
    source, condition = bench.content_of(element, "in"), bench.content_of(element, "satisfies")
    loop = Loop(element.get("iteratorVariable", ""), source, condition)
    return Quantified(loop, deciding=kind(element) == "some")


def _filter(bench: Bench, element: etree._Element) -> Logic:
    return Filtered(bench.content_of(element, "in"), bench.content_of(element, "match"))


READERS: Mapping[str, Callable[[Bench, etree._Element], Logic]] = {
    "literalExpression": lambda bench, element: bench.formula(element),
    "decisionTable": _table,
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

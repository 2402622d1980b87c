"""if, for, some, every, function, contexts and lists."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

from bpmn.feel.closures.compiling import Compiler, Evaluate, weight
from bpmn.feel.frames import Frame, Run
from bpmn.feel.operations.sequences import items_of
from bpmn.feel.syntax.nodes import (
    ContextLiteral,
    For,
    If,
    Iteration,
    Lambda,
    ListLiteral,
    Name,
    Node,
    Quantified,
)
from bpmn.feel.types import Belonging, Type, belongs, fitted
from bpmn.feel.values import Function, Range

Source = tuple[str, Evaluate]


def conditional(compiler: Compiler, node: If) -> Evaluate:
    condition = compiler.compile(node.condition)
    then, otherwise = compiler.compile(node.then), compiler.compile(node.otherwise)
    return lambda frame: then(frame) if condition(frame) is True else otherwise(frame)


def list_literal(compiler: Compiler, node: ListLiteral) -> Evaluate:
    items = compiler.compile_all(node.items)
    return lambda frame: [item(frame) for item in items]


def context(compiler: Compiler, node: ContextLiteral) -> Evaluate:
    with compiler.scope(*node.keys):
        entries = tuple(zip(node.keys, compiler.compile_all(node.values), strict=True))

    def evaluate(frame: Frame) -> dict[str, Any]:
        found: dict[str, Any] = {}
        inside = frame.within(found)
        for key, entry in entries:
            found[key] = entry(inside)
        return found

    return evaluate


def function(compiler: Compiler, node: Lambda) -> Evaluate:
    for wanted in filter(None, node.types):
        compiler.check_type(wanted, node.position)
    with compiler.scope(*node.parameters):
        body = compiler.compile(node.body)
    names, types, steps = node.parameters, node.types, weight(node.body)
    typed = any(types)

    def evaluate(frame: Frame) -> Function:
        def call(run: Run, *arguments: Any) -> Any:
            run.charge(steps)
            if not typed:
                return body(Frame(dict(zip(names, arguments, strict=True)), frame, run))
            declared = compiler.declared(run)
            given = [_fit(*each, declared) for each in zip(arguments, types, strict=True)]
            if any(
                fit is None and value is not None
                for fit, value in zip(given, arguments, strict=True)
            ):
                return None
            return body(Frame(dict(zip(names, given, strict=True)), frame, run))

        return Function(names, call)

    return evaluate


def _fit(argument: Any, wanted: Type | None, declared: Belonging) -> Any:
    if wanted is None:
        return argument
    return fitted(argument, lambda part: belongs(part, wanted, declared))


def loop(compiler: Compiler, node: For) -> Evaluate:
    with ExitStack() as inside:
        partial = _mentions(node.body, "partial")
        if partial:
            inside.enter_context(compiler.scope("partial"))
        sources = _sources(compiler, node.iterations, inside)
        body = compiler.compile(node.body)
    steps = weight(node.body)

    def evaluate(frame: Frame) -> list[Any] | None:
        results: list[Any] = []
        start = frame.within({}) if partial else frame
        if items_of(sources[0][1](start)) is None:
            return None
        for each in _rounds(start, sources, steps):
            if partial:
                frame.run.charge(len(results) // 100)
                start.names = {"partial": list(results)}
            results.append(body(each))
            frame.run.limits.check_items(len(results))
        return results

    return evaluate


def quantified(compiler: Compiler, node: Quantified) -> Evaluate:
    with ExitStack() as inside:
        sources = _sources(compiler, node.iterations, inside)
        condition = compiler.compile(node.condition)
    deciding, steps = node.quantifier == "some", weight(node.condition)

    def evaluate(frame: Frame) -> bool | None:
        if items_of(sources[0][1](frame)) is None:
            return None
        result: bool | None = not deciding
        for each in _rounds(frame, sources, steps):
            value: bool | None = condition(each)
            if value is deciding:
                return deciding
            if value is not result:
                result = None
        return result

    return evaluate


def _sources(
    compiler: Compiler, iterations: Sequence[Iteration], inside: ExitStack
) -> tuple[Source, ...]:
    sources = []
    for iteration in iterations:
        sources.append((iteration.name, _source(compiler, iteration)))
        inside.enter_context(compiler.scope(iteration.name))
    return tuple(sources)


def _source(compiler: Compiler, iteration: Iteration) -> Evaluate:
    source, steps = compiler.compile(iteration.source), weight(iteration.source)
    if iteration.upto is None:
        return _paid(source, steps)
    upto = compiler.compile(iteration.upto)
    return lambda frame: Range(source(frame), upto(frame), low_included=True, high_included=True)


def _paid(source: Evaluate, steps: int) -> Evaluate:
    """Charge for a source too: an inner one is worked out anew in every round of the outer."""

    def evaluate(frame: Frame) -> Any:
        frame.run.charge(steps)
        return source(frame)

    return evaluate


def _rounds(frame: Frame, sources: Sequence[Source], steps: int) -> Iterator[Frame]:
    """Yield one frame for each combination; later sources see the names of earlier ones."""
    if not sources:
        yield frame
        return
    name, source = sources[0]
    for item in items_of(source(frame)) or ():
        frame.run.charge(steps)
        yield from _rounds(frame.within({name: item}), sources[1:], steps)


def _mentions(node: Node, name: str) -> bool:
    return (isinstance(node, Name) and node.name == name) or any(
        _mentions(child, name) for child in node.children()
    )


COMPILERS: dict[type[Node], Callable[[Compiler, Any], Evaluate]] = {
    If: conditional,
    For: loop,
    Quantified: quantified,
    Lambda: function,
    ContextLiteral: context,
    ListLiteral: list_literal,
}

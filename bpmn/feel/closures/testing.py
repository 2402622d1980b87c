"""in, ranges, instance of, and the cells of decision tables."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from bpmn.feel.closures.compiling import Compiler, Evaluate
from bpmn.feel.closures.operators import NUMBER_ORDER, ORDER
from bpmn.feel.frames import Frame
from bpmn.feel.operations import comparing
from bpmn.feel.syntax.nodes import (
    In,
    InstanceOf,
    Literal,
    Name,
    Node,
    Path,
    RangeLiteral,
    Test,
    UnaryTests,
)
from bpmn.feel.types import belongs
from bpmn.feel.values import Range

INPUT = "?"
Check = Callable[[Any, Frame], bool | None]


def range_literal(compiler: Compiler, node: RangeLiteral) -> Evaluate:
    low = compiler.compile(node.low) if node.low else None
    high = compiler.compile(node.high) if node.high else None
    is_point = node.low is not None and node.low is node.high

    def evaluate(frame: Frame) -> Range | None:
        bottom = low(frame) if low else None
        top = high(frame) if high else None
        if (low and bottom is None) or (high and top is None):
            return None
        if low and high and comparing.order(bottom, top) is None:
            return None
        return Range(bottom, top, node.low_included, node.high_included, is_point)

    return evaluate


def instance_of(compiler: Compiler, node: InstanceOf) -> Evaluate:
    value, wanted = compiler.compile(node.value), node.type
    compiler.check_type(wanted, node.position)
    return lambda frame: belongs(value(frame), wanted, compiler.declared(frame.run))


def is_in(compiler: Compiler, node: In) -> Evaluate:
    value = compiler.compile(node.value)
    checks = tuple(_check(compiler, test) for test in node.tests)

    position = node.position

    def evaluate(frame: Frame) -> bool | None:
        found = _any(checks, value(frame), frame)
        if found is None:
            frame.run.note("in", position)
        return found

    return evaluate


def unary_tests(compiler: Compiler, node: UnaryTests) -> Evaluate:
    checks = tuple(_check(compiler, test) for test in node.tests)
    if not checks:
        return lambda _: True
    if len(checks) == 1 and not node.negated:
        (check,) = checks
        return lambda frame: check(frame.names.get(INPUT), frame)
    if node.negated:
        return lambda frame: _not(_any(checks, frame.names.get(INPUT), frame))
    return lambda frame: _any(checks, frame.names.get(INPUT), frame)


def _any(checks: tuple[Check, ...], value: Any, frame: Frame) -> bool | None:
    result: bool | None = False
    for check in checks:
        passed = check(value, frame)
        if passed is True:
            return True
        if passed is None:
            result = None
    return result


def _not(value: bool | None) -> bool | None:  # noqa: FBT001 - a value of the language
    return None if value is None else not value


def _check(compiler: Compiler, test: Node) -> Check:
    assert isinstance(test, Test)
    operand = compiler.compile(test.operand)
    if test.operator == "=":
        return lambda value, frame: comparing.equal(value, operand(frame), frame.run)
    if test.operator == "!=":
        return lambda value, frame: _not(comparing.equal(value, operand(frame), frame.run))
    if test.operator in ORDER:
        compare = ORDER[test.operator]
        return lambda value, frame: compare(value, operand(frame))
    if mentions_input(test.operand) and not isinstance(test.operand, RangeLiteral):
        return lambda _, frame: operand(frame) is True
    return _check_value(test, operand)


def _check_value(test: Test, operand: Evaluate) -> Check:
    """Check against a value: whether a range, a list or an equal."""
    if isinstance(test.operand, RangeLiteral):
        return _check_range(test.operand, operand)
    if isinstance(test.operand, (Literal, Name, Path)):
        return lambda value, frame: comparing.matches(value, operand(frame), frame.run)
    return lambda value, frame: _matches(value, operand(frame), frame)


def _check_range(bounds: RangeLiteral, operand: Evaluate) -> Check:
    """Check against a range; one with an end that is null is none, so nothing is known."""

    def inside(value: Any, frame: Frame) -> bool | None:
        found = operand(frame)
        return None if found is None else comparing.matches(value, found, frame.run)

    low, high = (
        each.value if isinstance(each, Literal) else None for each in (bounds.low, bounds.high)
    )
    if type(low) is not Decimal or type(high) is not Decimal:
        return inside
    above = NUMBER_ORDER[">=" if bounds.low_included else ">"]
    below = NUMBER_ORDER["<=" if bounds.high_included else "<"]

    def between(value: Any, frame: Frame) -> bool | None:
        if type(value) is Decimal:
            return above(value, low) and below(value, high)
        return inside(value, frame)

    return between


def _matches(value: Any, test: Any, frame: Frame) -> bool | None:
    """Match a computed test; one such as `limit > 3` decides alone unless a boolean is tested."""
    if type(test) is bool and type(value) is not bool:
        return test
    return comparing.matches(value, test, frame.run)


def mentions_input(node: Node) -> bool:
    """Tell whether an expression speaks of the tested value itself, as `? > 3` does."""
    return (isinstance(node, Name) and node.name == INPUT) or any(
        mentions_input(child) for child in node.children()
    )


COMPILERS: dict[type[Node], Callable[[Compiler, Any], Evaluate]] = {
    RangeLiteral: range_literal,
    InstanceOf: instance_of,
    In: is_in,
    UnaryTests: unary_tests,
}

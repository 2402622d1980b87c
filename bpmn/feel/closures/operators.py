"""Arithmetic, comparison, and, or."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from bpmn.feel.closures.compiling import Compiler, Evaluate
from bpmn.feel.frames import Frame, Run
from bpmn.feel.operations import comparing, computing
from bpmn.feel.syntax.nodes import (
    Arithmetic,
    Between,
    Comparison,
    Junction,
    Literal,
    Negation,
    Node,
)

ARITHMETIC: Mapping[str, Callable[[Any, Any, Run], Any]] = {
    "+": computing.add,
    "-": computing.subtract,
    "*": computing.multiply,
    "/": computing.divide,
    "**": computing.power,
}
ORDER: Mapping[str, Callable[[Any, Any], bool | None]] = {
    "<": comparing.less,
    "<=": comparing.less_or_equal,
    ">": comparing.greater,
    ">=": comparing.greater_or_equal,
}
NUMBER_ORDER: Mapping[str, Callable[[Decimal, Decimal], bool]] = {
    "<": Decimal.__lt__,
    "<=": Decimal.__le__,
    ">": Decimal.__gt__,
    ">=": Decimal.__ge__,
}


def arithmetic(compiler: Compiler, node: Arithmetic) -> Evaluate:
    left, right = compiler.compile(node.left), compiler.compile(node.right)
    sign, position, compute = node.operator, node.position, ARITHMETIC[node.operator]

    def evaluate(frame: Frame) -> Any:
        value = compute(left(frame), right(frame), frame.run)
        if value is None:
            frame.run.note(sign, position)
        return value

    return evaluate


def negation(compiler: Compiler, node: Negation) -> Evaluate:
    operand, position = compiler.compile(node.operand), node.position

    def evaluate(frame: Frame) -> Any:
        value = computing.negate(operand(frame))
        if value is None:
            frame.run.note("-", position)
        return value

    return evaluate


def comparison(compiler: Compiler, node: Comparison) -> Evaluate:
    left = compiler.compile(node.left)
    if node.operator == "=":
        return _equality(compiler, left, node)
    if node.operator == "!=":
        return _difference(_equality(compiler, left, node))
    if isinstance(node.right, Literal) and type(node.right.value) is Decimal:
        return _order_with_number(node, left, node.right.value)
    right, compare = compiler.compile(node.right), ORDER[node.operator]
    sign, position = node.operator, node.position

    def evaluate(frame: Frame) -> bool | None:
        value = compare(left(frame), right(frame))
        if value is None:
            frame.run.note(sign, position)
        return value

    return evaluate


def _equality(compiler: Compiler, left: Evaluate, node: Comparison) -> Evaluate:
    sign, position = node.operator, node.position
    if isinstance(node.right, Literal) and type(node.right.value) is str:
        return _equality_with_text(left, node.right.value, node)
    right, equal = compiler.compile(node.right), comparing.equal

    def evaluate(frame: Frame) -> bool | None:
        value = equal(left(frame), right(frame), frame.run)
        if value is None:
            frame.run.note(sign, position)
        return value

    return evaluate


def _equality_with_text(left: Evaluate, text: str, node: Comparison) -> Evaluate:
    sign, position = node.operator, node.position

    def evaluate(frame: Frame) -> bool | None:
        value = left(frame)
        if type(value) is str:
            return value == text
        if value is None:
            return False
        frame.run.note(sign, position)
        return None

    return evaluate


def _difference(equality: Evaluate) -> Evaluate:
    def evaluate(frame: Frame) -> bool | None:
        equal = equality(frame)
        return None if equal is None else not equal

    return evaluate


def _order_with_number(node: Comparison, left: Evaluate, number: Decimal) -> Evaluate:
    sign, position, compare = node.operator, node.position, NUMBER_ORDER[node.operator]

    def evaluate(frame: Frame) -> bool | None:
        value = left(frame)
        if type(value) is Decimal:
            return compare(value, number)
        frame.run.note(sign, position)
        return None

    return evaluate


def junction(compiler: Compiler, node: Junction) -> Evaluate:
    operands = compiler.compile_all(node.operands)
    deciding = node.operator == "or"

    def evaluate(frame: Frame) -> bool | None:
        result: bool | None = not deciding
        for operand in operands:
            value: bool | None = operand(frame)
            if value is deciding:
                return deciding
            if value is not result:
                result = None
        return result

    return evaluate


def between(compiler: Compiler, node: Between) -> Evaluate:
    value = compiler.compile(node.value)
    low, high = compiler.compile(node.low), compiler.compile(node.high)
    position = node.position

    def evaluate(frame: Frame) -> bool | None:
        found = value(frame)
        above = comparing.greater_or_equal(found, low(frame))
        between = comparing.both(above, comparing.less_or_equal(found, high(frame)))
        if between is None:
            frame.run.note("between", position)
        return between

    return evaluate


COMPILERS: dict[type[Node], Callable[[Compiler, Any], Evaluate]] = {
    Arithmetic: arithmetic,
    Negation: negation,
    Comparison: comparison,
    Junction: junction,
    Between: between,
}

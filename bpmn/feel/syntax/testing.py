"""Unary tests: the cells of decision tables, and what stands behind `in`."""

from collections.abc import Callable, Mapping

from bpmn.feel.syntax.atoms import OPEN_ENDED, range_from
from bpmn.feel.syntax.nodes import Node, Test, UnaryTests
from bpmn.feel.syntax.powers import COMPARISON
from bpmn.feel.syntax.reader import Reader


def tests_after_in(reader: Reader) -> tuple[Node, ...]:
    """Read `(< 3, > 4)`, `("A", "B")`, or one test such as `[1..5]`, `< 3` or a list."""
    if not reader.at("("):
        return (_test(reader, COMPARISON),)
    opening = reader.take()
    tests = [_test(reader, 0)]
    if reader.at("..") and isinstance(tests[0], Test) and tests[0].operator == "in":
        range_test = range_from(reader, opening, tests[0].operand)
        return (Test(opening.position, "in", range_test),)
    while reader.skip(","):
        tests.append(_test(reader, 0))
    reader.expect(")")
    return tuple(tests)


def unary_tests(reader: Reader) -> Node:
    """Read a whole cell."""
    start = reader.peek()
    special = SPECIAL.get(start.value if start.kind == "name" else start.kind)
    cell = reader.attempt(lambda: special(reader)) if special else None
    if cell is not None:
        return cell
    tests = _tests(reader)
    if not reader.at("end"):
        reader.fail_left_over()
    return UnaryTests(start.position, tests, negated=False)


def _anything(reader: Reader) -> Node:
    start = reader.expect("-")
    reader.expect("end")
    return UnaryTests(start.position, (), negated=False)


def _none_of(reader: Reader) -> Node:
    start = reader.expect("name")
    reader.expect("(")
    tests = _tests(reader)
    reader.expect(")")
    reader.expect("end")
    return UnaryTests(start.position, tests, negated=True)


def _tests(reader: Reader) -> tuple[Node, ...]:
    tests = [_test(reader, 0)]
    while reader.skip(","):
        tests.append(_test(reader, 0))
    return tuple(tests)


def _test(reader: Reader, power: int) -> Node:
    start = reader.peek()
    if reader.at(*OPEN_ENDED):
        operator = reader.take().kind
        return Test(start.position, operator, reader.expression(COMPARISON))
    return Test(start.position, "in", reader.expression(power))


SPECIAL: Mapping[str, Callable[[Reader], Node]] = {"-": _anything, "not": _none_of}
"""Whole cells by what they begin with."""

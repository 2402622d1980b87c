"""What may follow an operand: operators, paths, filters and calls."""

import re
from collections.abc import Callable

from bpmn.feel.syntax.lexer import Token
from bpmn.feel.syntax.naming import type_name
from bpmn.feel.syntax.nodes import (
    Arithmetic,
    Between,
    Call,
    Comparison,
    Filter,
    In,
    InstanceOf,
    Junction,
    Node,
    Path,
)
from bpmn.feel.syntax.powers import AND, COMPARISON, INSTANCE_OF, OR, POSTFIX, POWER, PRODUCT, SUM
from bpmn.feel.syntax.reader import Infix, Reader
from bpmn.feel.syntax.testing import tests_after_in
from bpmn.wording import say

ARGUMENT_NAME = re.compile(r"[^\W\d][\w \t\r\n']*:")
ARGUMENT_END = re.compile(r":")


def _arithmetic(power: int) -> Infix:
    def read(reader: Reader, left: Node, token: Token) -> Node:
        return Arithmetic(token.position, token.kind, left, reader.expression(power))

    return Infix(power, read)


def _junction(power: int) -> Infix:
    def read(reader: Reader, left: Node, token: Token) -> Node:
        operands = [left, reader.expression(power)]
        while reader.skip(token.kind):
            operands.append(reader.expression(power))
        return Junction(token.position, token.kind, tuple(operands))

    return Infix(power, read)


def _comparison(reader: Reader, left: Node, token: Token) -> Node:
    return Comparison(token.position, token.kind, left, reader.expression(COMPARISON))


def _between(reader: Reader, left: Node, token: Token) -> Node:
    low = reader.expression(COMPARISON)
    reader.expect("and")
    return Between(token.position, left, low, reader.expression(COMPARISON))


def _in(reader: Reader, left: Node, token: Token) -> Node:
    return In(token.position, left, tests_after_in(reader))


def _instance_of(reader: Reader, left: Node, token: Token) -> Node:
    of = reader.expect("name")
    if of.value != "of":
        reader.fail(say("“of” is expected after “instance”."), of.position)
    return InstanceOf(token.position, left, type_name(reader))


def _path(reader: Reader, left: Node, token: Token) -> Node:
    return Path(token.position, left, reader.member().value)


def _filter(reader: Reader, left: Node, token: Token) -> Node:
    condition = reader.expression()
    reader.expect("]")
    return Filter(token.position, left, condition)


def _call(reader: Reader, left: Node, token: Token) -> Node:
    named = reader.key_ahead(ARGUMENT_NAME)
    names: list[str] = []
    arguments: list[Node] = []
    while not reader.at(")"):
        if named:
            names.append(_argument_name(reader, names))
        arguments.append(reader.expression())
        if not reader.skip(","):
            break
    reader.expect(")")
    return Call(token.position, left, tuple(arguments), tuple(names))


def _argument_name(reader: Reader, names: list[str]) -> str:
    name = reader.new_name(ARGUMENT_END)
    if name.value in names:
        reader.fail_twice(name)
    reader.expect(":")
    result: str = name.value
    return result


def _each(signs: str, make: Callable[[], Infix]) -> dict[str, Infix]:
    return {sign: make() for sign in signs.split()}


INFIXES = {
    **_each("or", lambda: _junction(OR)),
    **_each("and", lambda: _junction(AND)),
    **_each("= != < <= > >=", lambda: Infix(COMPARISON, _comparison)),
    **_each("+ -", lambda: _arithmetic(SUM)),
    **_each("* /", lambda: _arithmetic(PRODUCT)),
    "**": _arithmetic(POWER),
    "between": Infix(COMPARISON, _between),
    "in": Infix(COMPARISON, _in),
    "instance": Infix(INSTANCE_OF, _instance_of),
    ".": Infix(POSTFIX, _path),
    "[": Infix(POSTFIX, _filter),
    "(": Infix(POSTFIX, _call),
}

"""The forms that begin with a word: if, for, some, every, function."""

import re

from bpmn.feel.syntax.lexer import Token
from bpmn.feel.syntax.naming import type_name
from bpmn.feel.syntax.nodes import For, If, Iteration, Lambda, Node, Quantified
from bpmn.feel.syntax.reader import Reader
from bpmn.feel.types import Type
from bpmn.wording import say

ITERATOR_END = re.compile(r"\s+in\b|[(){}\[\],:]")
PARAMETER_END = re.compile(r"[,:)]")


def conditional(reader: Reader, token: Token) -> Node:
    condition = reader.expression()
    reader.expect("then")
    then = reader.expression()
    reader.expect("else")
    return If(token.position, condition, then, reader.expression())


def loop(reader: Reader, token: Token) -> Node:
    iterations = _iterations(reader)
    reader.expect("return")
    return For(token.position, iterations, reader.expression())


def quantified(reader: Reader, token: Token) -> Node:
    iterations = _iterations(reader)
    reader.expect("satisfies")
    return Quantified(token.position, token.kind, iterations, reader.expression())


def _iterations(reader: Reader) -> tuple[Iteration, ...]:
    iterations = [_iteration(reader)]
    while reader.skip(","):
        iterations.append(_iteration(reader))
    return tuple(iterations)


def _iteration(reader: Reader) -> Iteration:
    name = reader.new_name(ITERATOR_END)
    reader.expect("in")
    source = reader.expression()
    upto = reader.expression() if reader.skip("..") else None
    return Iteration(name.position, name.value, source, upto)


def function(reader: Reader, token: Token) -> Node:
    reader.expect("(")
    names: list[str] = []
    types: list[Type | None] = []
    while not reader.at(")"):
        name = reader.new_name(PARAMETER_END)
        if name.value in names:
            reader.fail_twice(name)
        names.append(name.value)
        types.append(type_name(reader) if reader.skip(":") else None)
        if not reader.skip(","):
            break
    reader.expect(")")
    if reader.at("external"):
        reader.fail(say("Functions outside of FEEL cannot be called."), reader.peek().position)
    return Lambda(token.position, tuple(names), tuple(types), reader.expression())


PREFIXES = {
    "if": conditional,
    "for": loop,
    "some": quantified,
    "every": quantified,
    "function": function,
}

"""What an expression begins with: literals, names, brackets, lists, ranges and contexts."""

import re

from bpmn.feel.syntax.lexer import Token
from bpmn.feel.syntax.nodes import (
    AtLiteral,
    ContextLiteral,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    RangeLiteral,
)
from bpmn.feel.syntax.powers import INSTANCE_OF, NEGATION
from bpmn.feel.syntax.reader import Reader
from bpmn.wording import say

KEY_END = re.compile(r'[:,(){}\[\]"<>=]')
OPEN_ENDED = ("<", "<=", ">", ">=", "=", "!=")
CONSTANTS = {"true": True, "false": False, "null": None}


def literal(_reader: Reader, token: Token) -> Node:
    return Literal(token.position, token.value)


def constant(_reader: Reader, token: Token) -> Node:
    return Literal(token.position, CONSTANTS[token.kind])


def name(_reader: Reader, token: Token) -> Node:
    return Name(token.position, token.value)


def tested_value(_reader: Reader, token: Token) -> Node:
    return Name(token.position, "?")


def at_literal(reader: Reader, token: Token) -> Node:
    return AtLiteral(token.position, reader.expect("string").value)


def negation(reader: Reader, token: Token) -> Node:
    """Read `-x`. The sign of a number belongs to it: `-1 instance of number` asks about -1."""
    power = INSTANCE_OF if reader.at("number") else NEGATION
    return Negation(token.position, reader.expression(power))


def bracketed(reader: Reader, token: Token) -> Node:
    """Read `(expression)`, `(low..high)` or `(< 5)`."""
    if reader.at(*OPEN_ENDED):
        return _half_range(reader, token)
    first = reader.expression()
    if reader.at(".."):
        return range_from(reader, token, first)
    reader.expect(")")
    return first


def _half_range(reader: Reader, token: Token) -> Node:
    operator = reader.take().kind
    end = reader.expression()
    reader.expect(")")
    if operator == "=":
        return RangeLiteral(token.position, end, end, low_included=True, high_included=True)
    below = operator.startswith("<")
    included = operator.endswith("=")
    return RangeLiteral(
        token.position,
        None if below else end,
        end if below else None,
        low_included=included and not below,
        high_included=included and below,
    )


def square(reader: Reader, token: Token) -> Node:
    """Read `[a, b]` or `[low..high]`."""
    items: list[Node] = []
    while not reader.at("]"):
        items.append(reader.expression())
        if len(items) == 1 and reader.at(".."):
            return range_from(reader, token, items[0])
        if not reader.skip(","):
            break
    reader.expect("]")
    return ListLiteral(token.position, tuple(items))


def open_range(reader: Reader, token: Token) -> Node:
    """Read `]low..high]`, the other way to write `(low..high]`."""
    return range_from(reader, token, reader.expression())


def range_from(reader: Reader, token: Token, low: Node) -> Node:
    reader.expect("..")
    high = reader.expression()
    if not reader.at("]", ")", "["):
        reader.expect("]")
    closing = reader.take().kind
    return RangeLiteral(
        token.position, low, high, low_included=token.kind == "[", high_included=closing == "]"
    )


def context(reader: Reader, token: Token) -> Node:
    keys: list[str] = []
    values: list[Node] = []
    while not reader.at("}"):
        key = _key(reader)
        if key.value in keys:
            reader.fail(say("The entry “%(key)s” stands here twice.", key=key.value), key.position)
        reader.expect(":")
        keys.append(key.value)
        values.append(reader.expression())
        if not reader.skip(","):
            break
    reader.expect("}")
    return ContextLiteral(token.position, tuple(keys), tuple(values))


def _key(reader: Reader) -> Token:
    if not reader.at("string"):
        return reader.new_name(KEY_END)
    key = reader.take()
    reader.learn(key.value)
    return key


PREFIXES = {
    "number": literal,
    "string": literal,
    "true": constant,
    "false": constant,
    "null": constant,
    "name": name,
    "?": tested_value,
    "@": at_literal,
    "-": negation,
    "(": bracketed,
    "[": square,
    "]": open_range,
    "{": context,
}

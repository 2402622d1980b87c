"""Reads a whole formula into a tree and refuses what is too big."""

from collections.abc import Callable

from bpmn.feel.errors import LimitExceeded
from bpmn.feel.limits import Limits
from bpmn.feel.syntax import atoms, forms, operators
from bpmn.feel.syntax.lexer import Lexer
from bpmn.feel.syntax.nodes import Node
from bpmn.feel.syntax.reader import Grammar, Reader
from bpmn.feel.syntax.testing import unary_tests
from bpmn.feel.syntax.vocabulary import Branch, Vocabulary
from bpmn.wording import say

GRAMMAR = Grammar({**atoms.PREFIXES, **forms.PREFIXES}, operators.INFIXES)


def parse_expression(text: str, names: Branch, limits: Limits) -> Node:
    return _parse(text, names, limits, _whole_expression)


def parse_unary_tests(text: str, names: Branch, limits: Limits) -> Node:
    return _parse(text, names, limits, unary_tests)


def _whole_expression(reader: Reader) -> Node:
    tree = reader.expression()
    if not reader.at("end"):
        reader.fail_left_over()
    return tree


def _parse(text: str, names: Branch, limits: Limits, read: Callable[[Reader], Node]) -> Node:
    if len(text) > limits.characters:
        raise LimitExceeded(
            say("The formula is longer than %(limit)s characters.", limit=limits.characters)
        )
    tree = read(Reader(Lexer(text, Vocabulary(names)), GRAMMAR, limits))
    _check_size(tree, limits)
    return tree


def _check_size(tree: Node, limits: Limits) -> None:
    count = 0
    waiting = [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        count += 1
        if count > limits.nodes:
            raise LimitExceeded(
                say("The formula has more than %(limit)s parts.", limit=limits.nodes), node.position
            )
        if depth > limits.chain:
            raise LimitExceeded(
                say("More than %(limit)s parts hang on one another.", limit=limits.chain),
                node.position,
            )
        waiting.extend((child, depth + 1) for child in node.children())

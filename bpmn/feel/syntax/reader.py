"""Reads token by token and keeps count of what it has read."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NoReturn

from bpmn.feel.errors import LimitExceeded, UnreadableFormula
from bpmn.feel.limits import Limits
from bpmn.feel.syntax.lexer import Lexer, Token
from bpmn.feel.syntax.nodes import Node
from bpmn.wording import Sentence, say

WORDED = {
    "name": say("a name"),
    "string": say("a text in quotation marks"),
    "end": say("the end"),
}


@dataclass(frozen=True, slots=True)
class Infix:
    """How tightly an operator that follows an operand binds, and how its node is read."""

    power: int
    read: Callable[["Reader", Node, Token], Node]


@dataclass(frozen=True, slots=True)
class Grammar:
    """Token kind → how an expression that begins with it, or goes on with it, is read."""

    prefixes: Mapping[str, Callable[["Reader", Token], Node]]
    infixes: Mapping[str, Infix]


class Reader:
    """A Pratt parser without a language; the grammar brings it."""

    def __init__(self, lexer: Lexer, grammar: Grammar, limits: Limits) -> None:
        self._lexer = lexer
        self._grammar = grammar
        self._limits = limits
        self._position = 0
        self._peeked: Token | None = None
        self._nesting = 0

    def expression(self, power: int = 0) -> Node:
        """Read the longest expression whose operators bind more tightly than `power`."""
        self.nest(1)
        token = self.take()
        prefix = self._grammar.prefixes.get(token.kind)
        if prefix is None:
            self._fail_unexpected(token)
        left = prefix(self, token)
        while (infix := self._infix()) is not None and infix.power > power:
            left = infix.read(self, left, self.take())
        self.nest(-1)
        return left

    def _infix(self) -> Infix | None:
        """Return the operator ahead, unless it is the `[` that closes `]1..5[`."""
        token = self.peek()
        if token.kind == "[":
            following = self._lexer.read(token.end).kind
            if following == "]" or following not in self._grammar.prefixes:
                return None
        return self._grammar.infixes.get(token.kind)

    def peek(self) -> Token:
        if self._peeked is None:
            self._peeked = self._lexer.read(self._position)
        return self._peeked

    def take(self) -> Token:
        token = self.peek()
        self._advance(token)
        return token

    def at(self, *kinds: str) -> bool:
        return self.peek().kind in kinds

    def skip(self, kind: str) -> bool:
        """Take the next token if it is of this kind."""
        if self.peek().kind != kind:
            return False
        self.take()
        return True

    def expect(self, kind: str) -> Token:
        token = self.take()
        if token.kind != kind:
            self._fail_expected(kind, token)
        return token

    def member(self) -> Token:
        token = self._lexer.read_member(self._position)
        if token.kind != "name":
            self._fail_expected("name", token)
        self._advance(token)
        return token

    def new_name(self, stop: re.Pattern[str]) -> Token:
        """Read a name that is being introduced here; from now on it is known."""
        token = self._lexer.read_key(self._position, stop)
        self._advance(token)
        return token

    def learn(self, name: str) -> None:
        """Know a name from now on."""
        self._lexer.vocabulary.add(name)

    def key_ahead(self, pattern: re.Pattern[str]) -> bool:
        return self._lexer.looks_like(pattern, self._position)

    def attempt(self, read: Callable[[], Node]) -> Node | None:
        """Read something, or stay where we are when it is not there."""
        position, nesting = self._position, self._nesting
        try:
            return read()
        except UnreadableFormula:
            self._position, self._nesting, self._peeked = position, nesting, None
            return None

    def fail(self, problem: Sentence, position: int) -> NoReturn:
        raise UnreadableFormula(problem, position)

    def fail_twice(self, argument: Token) -> NoReturn:
        self.fail(
            say("The argument “%(name)s” stands here twice.", name=argument.value),
            argument.position,
        )

    def _advance(self, token: Token) -> None:
        self._position = token.end
        self._peeked = None

    def nest(self, step: int) -> None:
        self._nesting += step
        if self._nesting > self._limits.nesting:
            raise LimitExceeded(
                say("The formula is nested more than %(limit)s deep.", limit=self._limits.nesting),
                self._position,
            )

    def _fail_expected(self, kind: str, token: Token) -> NoReturn:
        wanted = WORDED.get(kind, say("“%(sign)s”", sign=kind))
        if token.kind == "end":
            problem = say("The formula ends too early: %(wanted)s is missing.", wanted=wanted)
        else:
            found = self._shown(token)
            problem = say(
                "%(wanted)s is expected here, not “%(found)s”.", wanted=wanted, found=found
            )
        self.fail(problem, token.position)

    def _fail_unexpected(self, token: Token) -> NoReturn:
        if token.kind == "end":
            self.fail(say("The formula ends too early: a value is missing."), token.position)
        self.fail(
            say("“%(found)s” is not expected here.", found=self._shown(token)), token.position
        )

    def fail_left_over(self) -> NoReturn:
        token = self.peek()
        self.fail(
            say("The formula should be finished before “%(found)s”.", found=self._shown(token)),
            token.position,
        )

    def _shown(self, token: Token) -> str:
        return self._lexer.text[token.position : token.end][:40]

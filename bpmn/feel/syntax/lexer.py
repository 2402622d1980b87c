"""Cuts a text into signs and words, one at a time, because names become known while reading."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from bpmn.feel.errors import UnreadableFormula
from bpmn.feel.syntax.vocabulary import Vocabulary
from bpmn.feel.values import ARITHMETIC
from bpmn.wording import Sentence, say

BLANK = re.compile(r"(?:\s|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
WORD = re.compile(r"(?:[^\W\d]|[\U00010000-\U000EFFFF])[\w\U00010000-\U000EFFFF]*")
STRING = re.compile(r'"((?:[^"\\]|\\.)*)"', re.DOTALL)
ESCAPE = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
SIGN = re.compile(r"\*\*|<=|>=|!=|\.\.|->|[-+*/=<>()\[\]{},:.@?]")
SIMPLE_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", '"': '"', "\\": "\\", "'": "'"}

KEYWORDS = frozenset(
    [
        "if",
        "then",
        "else",
        "for",
        "in",
        "return",
        "some",
        "every",
        "satisfies",
        "between",
        "and",
        "or",
        "instance",
        "function",
        "external",
        "true",
        "false",
        "null",
    ]
)


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is the sign or keyword itself, or one of name, number, string, end."""

    kind: str
    value: Any
    position: int
    end: int


class Lexer:
    def __init__(self, text: str, vocabulary: Vocabulary) -> None:
        self.text = text
        self.vocabulary = vocabulary

    def read(self, position: int) -> Token:
        """Return the token that begins at or after a position."""
        start = self._skip_blank(position)
        if start >= len(self.text):
            return Token("end", None, start, start)
        for pattern, make in (
            (WORD, self._word),
            (NUMBER, self._number),
            (STRING, self._string),
            (SIGN, self._sign),
        ):
            found = pattern.match(self.text, start)
            if found:
                return make(found)
        return self._fail_at(start)

    def read_member(self, position: int) -> Token:
        """Return the name after a dot, where a keyword is a name like any other."""
        token = self.read(position)
        if token.kind in KEYWORDS:
            return Token("name", self.text[token.position : token.end], token.position, token.end)
        return token

    def read_key(self, position: int, stop: re.Pattern[str]) -> Token:
        """Return everything up to `stop` as one new name, and remember it."""
        start = self._skip_blank(position)
        found = stop.search(self.text, start)
        end = found.start() if found else start
        raw = self.text[start:end].rstrip()
        if not raw or not WORD.match(raw):
            self.fail(say("A name is expected here."), start)
        name = " ".join(raw.split())
        self.vocabulary.add(name)
        return Token("name", name, start, start + len(raw))

    def looks_like(self, pattern: re.Pattern[str], position: int) -> bool:
        return pattern.match(self.text, self._skip_blank(position)) is not None

    def fail(self, problem: Sentence, position: int) -> NoReturn:
        raise UnreadableFormula(problem, position)

    def _skip_blank(self, position: int) -> int:
        found = BLANK.match(self.text, position)
        return found.end() if found else position

    def _word(self, found: re.Match[str]) -> Token:
        word, start = found.group(), found.start()
        phrase = self.vocabulary.match(self.text, start, word)
        if phrase is not None:
            return Token("name", phrase[0], start, phrase[1])
        return Token(word if word in KEYWORDS else "name", word, start, found.end())

    def _number(self, found: re.Match[str]) -> Token:
        try:
            value = ARITHMETIC.create_decimal(Decimal(found.group()))
        except InvalidOperation:
            self.fail(say("This number is too big."), found.start())
        if not value.is_finite():
            self.fail(say("This number is too big."), found.start())
        return Token("number", value, found.start(), found.end())

    def _string(self, found: re.Match[str]) -> Token:
        value = ESCAPE.sub(_unescape, found.group(1))
        return Token("string", _join_surrogates(value), found.start(), found.end())

    def _sign(self, found: re.Match[str]) -> Token:
        return Token(found.group(), None, found.start(), found.end())

    def _fail_at(self, position: int) -> NoReturn:
        character = self.text[position]
        if character == '"':
            self.fail(say("The text that begins here has no closing quotation mark."), position)
        self.fail(say("The character “%(sign)s” is not expected here.", sign=character), position)


def _unescape(escape: re.Match[str]) -> str:
    r"""Return what an escape means; one that means nothing stays as it is, as in `"\d+"`."""
    code = escape.group(1)
    if code in SIMPLE_ESCAPES:
        return SIMPLE_ESCAPES[code]
    if code[0] in "uU" and len(code) > 1 and int(code[1:], 16) <= 0x10FFFF:
        return chr(int(code[1:], 16))
    return escape.group()


def _join_surrogates(text: str) -> str:
    r"""Turn `\\uD83D\\uDE00` into the one character that it means."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")

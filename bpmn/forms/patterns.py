"""Patterns of text fields, matched in time linear in the text: no pattern can stall the server.

The subset of JavaScript's expressions that needs no backtracking: characters, classes, groups,
alternatives, `* + ? {m,n}`, `^` at the start and `$` at the end. As in a browser, a pattern
without them may match anywhere in the text.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bpmn.errors import Invalid
from bpmn.wording import say

LONGEST_PATTERN = 500
MOST_STATES = 2_000
MOST_PARTS = 10_000
"""Parts of a pattern with every repetition written out; those that match nothing count too."""
MOST_REPEATS = 250

_CLASSES = {
    "d": (("0", "9"),),
    "w": (("0", "9"), ("A", "Z"), ("_", "_"), ("a", "z")),
    "s": ((" ", " "), ("\t", "\r"), ("\u00a0", "\u00a0")),
}
_CONTROLS = {"n": "\n", "t": "\t", "r": "\r"}
_COUNTS = re.compile(r"\{(\d{1,3})(,(\d{0,3}))?\}")

Ranges = tuple[tuple[str, str], ...]


class UnfitPattern(Invalid):
    def __init__(self, pattern: str, position: int) -> None:
        super().__init__(
            say(
                "The pattern “%(pattern)s” holds something at character %(position)s that is not supported.",
                pattern=pattern,
                position=position + 1,
            )
        )


@dataclass(frozen=True, slots=True)
class _Chars:
    ranges: Ranges
    negated: bool = False

    def hold(self, char: str) -> bool:
        return any(low <= char <= high for low, high in self.ranges) != self.negated


@dataclass(frozen=True, slots=True)
class _Sequence:
    items: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Choice:
    options: tuple["_Node", ...]


@dataclass(frozen=True, slots=True)
class _Repeat:
    item: "_Node"
    least: int
    most: int | None


_Node = _Chars | _Sequence | _Choice | _Repeat
_ANYTHING = _Repeat(_Chars((), negated=True), 0, None)
_NOT_NEWLINE = _Chars((("\n", "\n"), ("\r", "\r")), negated=True)


class LinearPattern:
    """A compiled pattern; raises `UnfitPattern` when it is outside the subset."""

    def __init__(self, text: str) -> None:
        self.text = text
        body = text.removeprefix("^")
        open_start = body == text
        open_end = not body.endswith("$") or body.endswith("\\$")
        parser = _Parser(text, len(text) - len(body), len(text) - (not open_end))
        whole = [_ANYTHING] * open_start + [parser.parse()] + [_ANYTHING] * open_end
        self._states: list[tuple[_Chars | None, tuple[int, ...]]] = [(None, ())]
        self._parts = 0
        self._start = self._add(_Sequence(tuple(whole)), 0)

    def matches(self, value: str) -> bool:
        current = self._closed({self._start})
        for char in value:
            current = self._closed(self._after(current, char))
            if not current:
                return False
        return 0 in current

    def _after(self, current: Iterable[int], char: str) -> set[int]:
        return {
            following
            for state in current
            if (chars := self._states[state][0]) is not None and chars.hold(char)
            for following in self._states[state][1]
        }

    def _closed(self, states: set[int]) -> set[int]:
        pending = list(states)
        while pending:
            chars, following = self._states[pending.pop()]
            if chars is None:
                pending += (new := set(following) - states)
                states |= new
        return states

    def _add(self, node: _Node, then: int) -> int:
        """Add the states of a node that go on to `then`; return where the node starts."""
        self._count()
        match node:
            case _Chars():
                return self._state(node, (then,))
            case _Sequence(items):
                for item in reversed(items):
                    then = self._add(item, then)
                return then
            case _Choice(options):
                return self._state(None, tuple(self._add(option, then) for option in options))
            case _Repeat(item, least, most):
                for _ in range(0 if most is None else most - least):
                    then = self._state(None, (self._add(item, then), then))
                if most is None:
                    then = self._loop(item, then)
                return self._add(_Sequence((item,) * least), then)

    def _count(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise UnfitPattern(self.text, len(self.text) - 1)

    def _loop(self, item: _Node, then: int) -> int:
        again = self._state(None, ())
        self._states[again] = (None, (self._add(item, again), then))
        return again

    def _state(self, chars: _Chars | None, following: tuple[int, ...]) -> int:
        if len(self._states) >= MOST_STATES:
            raise UnfitPattern(self.text, len(self.text) - 1)
        self._states.append((chars, following))
        return len(self._states) - 1


class _Parser:
    def __init__(self, text: str, start: int, end: int) -> None:
        if len(text) > LONGEST_PATTERN:
            raise UnfitPattern(text, LONGEST_PATTERN)
        self.text, self.at, self.end, self.depth = text, start, end, 0

    def parse(self) -> _Node:
        node = self._choice()
        if self.at < self.end:
            raise self._unfit()
        return node

    def _peek(self) -> str:
        return self.text[self.at] if self.at < self.end else ""

    def _take(self) -> str:
        if self.at >= self.end:
            raise self._unfit()
        self.at += 1
        return self.text[self.at - 1]

    def _unfit(self) -> UnfitPattern:
        return UnfitPattern(self.text, min(self.at, len(self.text) - 1))

    def _choice(self) -> _Node:
        options = [_Sequence(tuple(self._items()))]
        while self._peek() == "|":
            self._take()
            options.append(_Sequence(tuple(self._items())))
        return options[0] if len(options) == 1 else _Choice(tuple(options))

    def _items(self) -> Iterator[_Node]:
        while self._peek() not in {"", "|", ")"}:
            yield self._repeated(self._atom())

    def _atom(self) -> _Node:
        match self._take():
            case "(":
                return self._group()
            case "[":
                return self._class()
            case ".":
                return _NOT_NEWLINE
            case "\\":
                return self._escape()
            case "*" | "+" | "?" | "{" | "^" | "$":
                self.at -= 1
                raise self._unfit()
            case char:
                return _Chars(((char, char),))

    def _group(self) -> _Node:
        self.depth += 1
        if self.text.startswith("?:", self.at):
            self.at += 2
        if self._peek() == "?" or self.depth > 20:
            raise self._unfit()
        node = self._choice()
        if self._take() != ")":
            raise self._unfit()
        self.depth -= 1
        return node

    def _escape(self) -> _Chars:
        char = self._take()
        if char.lower() in _CLASSES:
            return _Chars(_CLASSES[char.lower()], negated=char.isupper())
        char = _CONTROLS.get(char, char)
        if char.isalnum():
            self.at -= 1
            raise self._unfit()
        return _Chars(((char, char),))

    def _class(self) -> _Chars:
        negated = self._peek() == "^"
        if negated:
            self._take()
        ranges: list[tuple[str, str]] = []
        while (char := self._take()) != "]":
            ranges += self._range(char)
        return _Chars(tuple(ranges), negated)

    def _range(self, char: str) -> Ranges:
        chars = self._escape() if char == "\\" else _Chars(((char, char),))
        if chars.negated:
            raise self._unfit()
        dash = self._peek() == "-" and self.text[self.at + 1 : self.at + 2] not in {"", "]"}
        if not dash or len(chars.ranges) > 1:
            return chars.ranges
        self._take()
        last = self._take()
        upper = self._escape().ranges[0][0] if last == "\\" else last
        if upper < chars.ranges[0][0]:
            raise self._unfit()
        return ((chars.ranges[0][0], upper),)

    def _repeated(self, node: _Node) -> _Node:
        simple = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        if self._peek() in simple:
            repeated = _Repeat(node, *simple[self._take()])
        elif (counts := _COUNTS.match(self.text, self.at, self.end)) is not None:
            self.at = counts.end()
            repeated = self._counted(node, counts)
        else:
            return node
        if self._peek() == "?":
            self._take()
        return repeated

    def _counted(self, node: _Node, counts: re.Match[str]) -> _Repeat:
        least = int(counts[1])
        most = None if counts[3] == "" else int(counts[3] or least)
        if max(least, most or 0) > MOST_REPEATS or (most is not None and most < least):
            raise self._unfit()
        return _Repeat(node, least, most)

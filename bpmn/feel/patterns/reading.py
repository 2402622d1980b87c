"""Reads the text of a pattern into its parts."""

from dataclasses import dataclass

from bpmn.feel.patterns import characters
from bpmn.feel.patterns.characters import CharacterTest

SIMPLE = {"n": "\n", "r": "\r", "t": "\t"}
PUNCTUATION = frozenset("\\|.-^?*+{}()[]$")
MOST_REPEATS = 1_000


class BadPattern(ValueError):  # noqa: N818 - a fact about the pattern
    """The pattern is not one that XPath knows."""


@dataclass(frozen=True, slots=True)
class Flags:
    """i ignores case, m looks at lines, s lets the dot mean every character, x drops spaces."""

    ignoring_case: bool = False
    lines: bool = False
    dot_is_all: bool = False
    spaced: bool = False
    literal: bool = False

    @classmethod
    def read(cls, text: str) -> "Flags":
        if not set(text) <= set("imsxq"):
            raise BadPattern
        return cls("i" in text, "m" in text, "s" in text, "x" in text, "q" in text)


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of a pattern."""


@dataclass(frozen=True, slots=True)
class Single(Part):
    test: CharacterTest


@dataclass(frozen=True, slots=True)
class Start(Part):
    """`^` when opening, else `$`."""

    opening: bool
    lines: bool


@dataclass(frozen=True, slots=True)
class Reference(Part):
    group: int
    ignoring_case: bool


@dataclass(frozen=True, slots=True)
class Sequence(Part):
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Choice(Part):
    branches: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Group(Part):
    number: int | None
    content: Part


@dataclass(frozen=True, slots=True)
class Repeat(Part):
    content: Part
    least: int
    most: int | None
    lazy: bool


class PatternReader:
    def __init__(self, text: str, flags: Flags) -> None:
        self._text = _without_spaces(text) if flags.spaced and not flags.literal else text
        self._flags = flags
        self._at = 0
        self._closed: set[int] = set()
        self.groups = 0

    def whole(self) -> Part:
        if self._flags.literal:
            return Sequence(tuple(self._single(characters.one(each)) for each in self._text))
        tree = self._choice(0)
        if self._at < len(self._text):
            raise BadPattern
        return tree

    def _choice(self, depth: int) -> Part:
        if depth > 30:
            raise BadPattern
        branches = [self._branch(depth)]
        while self._skip("|"):
            branches.append(self._branch(depth))
        return branches[0] if len(branches) == 1 else Choice(tuple(branches))

    def _branch(self, depth: int) -> Part:
        parts: list[Part] = []
        while self._at < len(self._text) and self._peek() not in "|)":
            parts.append(self._quantified(self._atom(depth)))
        return Sequence(tuple(parts))

    def _atom(self, depth: int) -> Part:
        sign = self._take()
        if sign == "(":
            return self._group(depth)
        if sign == "[":
            return self._single(self._set(depth))
        if sign == "\\":
            return self._escape()
        if sign in "^$":
            return Start(opening=sign == "^", lines=self._flags.lines)
        if sign == ".":
            return Single(self._dot())
        if sign in "?*+{}]":
            raise BadPattern
        return self._single(characters.one(sign))

    def _single(self, test: CharacterTest) -> Part:
        return Single(characters.ignoring_case(test) if self._flags.ignoring_case else test)

    def _dot(self) -> CharacterTest:
        if self._flags.dot_is_all:
            return lambda _: True
        return lambda character: character not in "\n\r"

    def _group(self, depth: int) -> Part:
        number = None
        if self._skip("?"):
            if not self._skip(":"):
                raise BadPattern
        else:
            self.groups += 1
            number = self.groups
        content = self._choice(depth + 1)
        if not self._skip(")"):
            raise BadPattern
        if number is not None:
            self._closed.add(number)
        return Group(number, content)

    def _escape(self) -> Part:
        if self._peek().isdigit():
            return self._reference()
        return self._single(self._escaped())

    def _reference(self) -> Part:
        group = int(self._take())
        while self._peek().isdigit() and group * 10 + int(self._peek()) <= self.groups:
            group = group * 10 + int(self._take())
        if group not in self._closed:
            raise BadPattern
        return Reference(group, self._flags.ignoring_case)

    def _escaped(self) -> CharacterTest:
        sign = self._take()
        if sign in SIMPLE or sign in PUNCTUATION:
            return characters.one(SIMPLE.get(sign, sign))
        if sign in "pP":
            test = self._property()
            return test if sign == "p" else characters.negated(test)
        if sign.lower() in characters.NAMED:
            test = characters.NAMED[sign.lower()]
            return test if sign.islower() else characters.negated(test)
        raise BadPattern

    def _property(self) -> CharacterTest:
        end = self._text.find("}", self._at)
        if not self._skip("{") or end < 0:
            raise BadPattern
        test = characters.property_test(self._text[self._at : end])
        self._at = end + 1
        if test is None:
            raise BadPattern
        return test

    def _set(self, depth: int) -> CharacterTest:
        """Read a set from behind its opening bracket."""
        if depth > 30:
            raise BadPattern
        negative = self._skip("^")
        tests: list[CharacterTest] = []
        subtracted: CharacterTest | None = None
        while not self._skip("]"):
            if tests and self._text.startswith("-[", self._at):
                self._at += 2
                subtracted = self._set(depth + 1)
                if not self._skip("]"):
                    raise BadPattern
                break
            tests.append(self._member())
        if not tests:
            raise BadPattern
        test = characters.any_of(tests)
        if self._flags.ignoring_case:
            test = characters.ignoring_case(test)
        test = characters.negated(test) if negative else test
        return characters.without(test, subtracted) if subtracted else test

    def _member(self) -> CharacterTest:
        low = self._take()
        if low == "\\" and self._peek() not in PUNCTUATION | SIMPLE.keys():
            return self._escaped()
        low = self._character(low)
        following = self._text[self._at : self._at + 2]
        if not following.startswith("-") or following in {"-]", "-["}:
            return characters.one(low)
        self._at += 1
        high = self._character(self._take())
        if low == "-" or high < low:
            raise BadPattern
        return characters.span(low, high)

    def _character(self, sign: str) -> str:
        if sign == "[":
            raise BadPattern
        if sign != "\\":
            return sign
        escaped = self._take()
        if escaped not in PUNCTUATION | SIMPLE.keys():
            raise BadPattern
        return SIMPLE.get(escaped, escaped)

    def _quantified(self, part: Part) -> Part:
        bounds = self._bounds()
        if bounds is None:
            return part
        least, most = bounds
        lazy = self._skip("?")
        if self._peek() and self._peek() in "?*+{":
            raise BadPattern
        return Repeat(part, least, most, lazy)

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("?", (0, 1)), ("*", (0, None)), ("+", (1, None))):
            if self._skip(sign):
                return bounds
        if not self._skip("{"):
            return None
        end = self._text.find("}", self._at)
        least, comma, most = self._text[self._at : max(end, self._at)].partition(",")
        self._at = end + 1
        if not least.isdecimal() or (most and not most.isdecimal()) or len(least + most) > 8:
            raise BadPattern
        upto = int(most) if most else None if comma else int(least)
        if max(int(least), upto or 0) > MOST_REPEATS or (upto is not None and upto < int(least)):
            raise BadPattern
        return int(least), upto

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        if self._at >= len(self._text):
            raise BadPattern
        self._at += 1
        return self._text[self._at - 1]

    def _skip(self, sign: str) -> bool:
        if self._peek() != sign:
            return False
        self._at += 1
        return True


def _without_spaces(text: str) -> str:
    """Drop spaces, but not those inside a set."""
    kept = []
    depth = 0
    escaped = False
    for character in text:
        if character in " \t\n\r" and not depth:
            continue
        if not escaped:
            depth += (character == "[") - (character == "]")
        escaped = character == "\\" and not escaped
        kept.append(character)
    return "".join(kept)

"""From a pattern to a program of small instructions."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bpmn.feel.patterns.reading import (
    BadPattern,
    Choice,
    Flags,
    Group,
    Part,
    PatternReader,
    Reference,
    Repeat,
    Sequence,
    Single,
    Start,
)

__all__ = ["BadPattern", "Program", "compile_pattern"]

MOST_INSTRUCTIONS = 5_000
MOST_CHARACTERS = 1_000

Instruction = tuple[str, Any, Any]
"""Operation and operands: test/start/end/save/split/jump/reference/mark/progress/done."""


@dataclass(frozen=True, slots=True)
class Program:
    instructions: tuple[Instruction, ...]
    groups: int
    registers: int
    """Positions that a run remembers: two for each group, and one for each loop."""


@lru_cache(maxsize=256)
def compile_pattern(pattern: str, flags: str = "") -> Program:
    """Compile a pattern. Raises `BadPattern` for what XPath does not know."""
    if len(pattern) > MOST_CHARACTERS:
        raise BadPattern
    reader = PatternReader(pattern, Flags.read(flags))
    tree = reader.whole()
    writer = _Writer(reader.groups)
    writer.write(Group(0, tree))
    writer.emit("done")
    return Program(tuple(writer.code), reader.groups, writer.registers)


class _Writer:
    def __init__(self, groups: int) -> None:
        self.code: list[Instruction] = []
        self.registers = 2 * (groups + 1)

    def emit(self, operation: str, one: Any = None, other: Any = None) -> int:
        if len(self.code) >= MOST_INSTRUCTIONS:
            raise BadPattern
        self.code.append((operation, one, other))
        return len(self.code) - 1

    def write(self, part: Part) -> None:
        match part:
            case Single():
                self.emit("test", part.test)
            case Start():
                self.emit("start" if part.opening else "end", part.lines)
            case Reference():
                self.emit("reference", part.group, part.ignoring_case)
            case Sequence():
                for each in part.parts:
                    self.write(each)
            case _:
                self._write_branching(part)

    def _write_branching(self, part: Part) -> None:
        match part:
            case Choice():
                self._choice(part)
            case Group():
                self._group(part)
            case Repeat():
                self._repeat(part)

    def _group(self, part: Group) -> None:
        if part.number is None:
            self.write(part.content)
            return
        self.emit("save", 2 * part.number)
        self.write(part.content)
        self.emit("save", 2 * part.number + 1)

    def _choice(self, part: Choice) -> None:
        exits = []
        for branch in part.branches[:-1]:
            split = self.emit("split")
            self.write(branch)
            exits.append(self.emit("jump"))
            self.code[split] = ("split", split + 1, len(self.code))
        self.write(part.branches[-1])
        for exit_ in exits:
            self.code[exit_] = ("jump", len(self.code), None)

    def _repeat(self, part: Repeat) -> None:
        for _ in range(part.least):
            self.write(part.content)
        if part.most is None:
            self._loop(part)
            return
        splits = []
        for _ in range(part.most - part.least):
            splits.append(self.emit("split"))
            self.write(part.content)
        for split in splits:
            self._fork(split, split + 1, len(self.code), part)

    def _loop(self, part: Repeat) -> None:
        register = self.registers
        self.registers += 1
        split = self.emit("split")
        self.emit("mark", register)
        self.write(part.content)
        self.emit("progress", register)
        self.emit("jump", split)
        self._fork(split, split + 1, len(self.code), part)

    def _fork(self, at: int, inside: int, after: int, part: Repeat) -> None:
        self.code[at] = ("split", after, inside) if part.lazy else ("split", inside, after)

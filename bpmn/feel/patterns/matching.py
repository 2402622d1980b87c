"""Runs a program over a text by trying and going back, and pays for every step."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bpmn.feel.frames import Run
from bpmn.feel.patterns.program import Program

STEPS_A_CHARGE = 50
Registers = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Match:
    text: str
    registers: Registers

    @property
    def start(self) -> int:
        return self.registers[0]

    @property
    def end(self) -> int:
        return self.registers[1]

    def group(self, number: int) -> str:
        """Return what a group has taken; nothing if it took no part."""
        start, end = self.registers[2 * number : 2 * number + 2]
        return self.text[start:end] if start >= 0 and end >= 0 else ""


def first_match(program: Program, text: str, run: Run, start: int = 0) -> Match | None:
    for position in range(start, len(text) + 1):
        registers = _Attempt(program, text, run).match(position)
        if registers is not None:
            return Match(text, registers)
    return None


def matches_of(program: Program, text: str, run: Run) -> Iterator[Match]:
    """Yield the matches one after another; an empty match moves on by a character."""
    position = 0
    while position <= len(text):
        match = first_match(program, text, run, position)
        if match is None:
            return
        yield match
        position = match.end if match.end > match.start else match.end + 1


State = tuple[int, int, Registers]
"""Next instruction, position in the text, what is remembered."""


class _Attempt:
    """One try to match from one position."""

    def __init__(self, program: Program, text: str, run: Run) -> None:
        self._instructions = program.instructions
        self._blank = (-1,) * program.registers
        self._text = text
        self._run = run

    def match(self, start: int) -> Registers | None:
        waiting: list[State] = [(0, start, self._blank)]
        steps = 0
        while waiting:
            state: State | None = waiting.pop()
            while state is not None:
                if steps % STEPS_A_CHARGE == 0:
                    self._run.charge(1)
                steps += 1
                operation, one, other = self._instructions[state[0]]
                if operation == "done":
                    return state[2]
                if operation == "split":
                    waiting.append((other, state[1], state[2]))
                    state = (one, state[1], state[2])
                else:
                    state = self._step(operation, one, other, state)
        return None

    def _step(self, operation: str, one: Any, other: Any, state: State) -> State | None:
        at, position, registers = state
        if operation == "test":
            passed = position < len(self._text) and one(self._text[position])
            return (at + 1, position + 1, registers) if passed else None
        if operation == "jump":
            return one, position, registers
        if operation in {"save", "mark"}:
            return at + 1, position, (*registers[:one], position, *registers[one + 1 :])
        if operation == "reference":
            end = self._after_reference(one, other, state)
            return None if end is None else (at + 1, end, registers)
        return (at + 1, position, registers) if self._holds(operation, one, state) else None

    def _holds(self, operation: str, operand: Any, state: State) -> bool:
        _, position, registers = state
        if operation == "progress":
            return position > int(registers[operand])
        if operation == "start":
            return position == 0 or bool(operand and self._text[position - 1] == "\n")
        return position == len(self._text) or bool(operand and self._text[position] == "\n")

    def _after_reference(self, group: int, ignoring: object, state: State) -> int | None:
        _, position, registers = state
        start, end = registers[2 * group : 2 * group + 2]
        taken = self._text[start:end] if start >= 0 and end >= 0 else ""
        self._run.charge(len(taken) // 1_000)
        found = self._text[position : position + len(taken)]
        same = found.casefold() == taken.casefold() if ignoring else found == taken
        return position + len(taken) if same else None

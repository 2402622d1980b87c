"""Functions that take a pattern. A pattern that cannot be read gives null."""

import re
from collections.abc import Sequence
from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run
from bpmn.feel.patterns import (
    BadPattern,
    Match,
    Program,
    compile_pattern,
    first_match,
    matches_of,
)

LIBRARY = Library()
REPLACEMENT = re.compile(r"\$(\d+)|\\([\\$])|([^$\\]+)", re.ASCII)
MOST_DIGITS = 3
"""Of the number of a group: a pattern is too short for a thousand of them."""
PIECES_A_STEP = 20
Piece = str | int


@LIBRARY.function("matches", "input: text, pattern: text, flags: any?")
def matches(run: Run, text: str, pattern: str, flags: Any = None) -> bool | None:
    program = _compile(pattern, flags)
    return None if program is None else first_match(program, text, run) is not None


@LIBRARY.function("replace", "input: text, pattern: text, replacement: text, flags: any?")
def replace(run: Run, text: str, pattern: str, replacement: str, flags: Any = None) -> str | None:
    program = _compile(pattern, flags)
    if program is None or first_match(program, "", run) is not None:
        return None
    is_literal = "q" in (flags or "")
    pieces: list[Piece] | None = [replacement] if is_literal else _pieces(run, replacement, program)
    return None if pieces is None else _replaced(run, text, program, pieces)


def _replaced(run: Run, text: str, program: Program, pieces: Sequence[Piece]) -> str:
    written: list[str] = []
    length = end = 0
    for match in matches_of(program, text, run):
        run.charge(1 + len(pieces) // PIECES_A_STEP)
        for part in (text[end : match.start], *(_filled(piece, match) for piece in pieces)):
            length += len(part)
            run.limits.check_text(length)
            written.append(part)
        end = match.end
    return "".join(written) + text[end:]


def _filled(piece: Piece, match: Match) -> str:
    return piece if isinstance(piece, str) else match.group(piece)


def _pieces(run: Run, replacement: str, program: Program) -> list[Piece] | None:
    """Take a replacement apart: text, and the numbers of groups behind `$`."""
    pieces: list[Piece] = []
    position = rounds = 0
    while position < len(replacement):
        found = REPLACEMENT.match(replacement, position)
        if found is None:
            return None
        rounds += 1
        if rounds % PIECES_A_STEP == 0:
            run.charge(1)
        number, escaped, plain = found.groups()
        pieces.extend(_group(number, program) if number else [escaped or plain])
        position = found.end()
    return pieces


def _group(digits: str, program: Program) -> list[Piece]:
    """Read `$12` as group 12 if there is one, else as group 1 and a 2."""
    taken = 1
    while taken < min(len(digits), MOST_DIGITS) and int(digits[: taken + 1]) <= program.groups:
        taken += 1
    number = int(digits[:taken])
    return [number if number <= program.groups else "", digits[taken:]]


@LIBRARY.function("split", "string: text, delimiter: text")
def split(run: Run, text: str, delimiter: str) -> list[str] | None:
    program = _compile(delimiter, None)
    if program is None or first_match(program, "", run) is not None:
        return None
    parts: list[str] = []
    end = 0
    for match in matches_of(program, text, run):
        run.limits.check_items(len(parts))
        parts.append(text[end : match.start])
        end = match.end
    return [*parts, text[end:]]


def _compile(pattern: str, flags: Any) -> Program | None:
    if flags is not None and type(flags) is not str:
        return None
    try:
        return compile_pattern(pattern, flags or "")
    except BadPattern:
        return None

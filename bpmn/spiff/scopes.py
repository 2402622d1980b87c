"""Which variables a place sees, and where a value that it leaves behind goes.

From inside to outside: what is local to the place, what is local to the multi-instance or the
sub-process around it, and the variables of the process. A called process begins anew.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from bpmn.spiff.tokens import Token

INDEX = "i"
"""Marks an instance of a multi-instance: its position in the list, from 0."""


def _outside(token: Token) -> Iterator[dict[str, Any]]:
    level = token.level
    while level.variables is None:
        inside = level.parent
        if inside is None:
            raise AssertionError
        yield from _here(inside)
        level = inside.level
    yield level.variables


def _here(token: Token) -> Iterator[dict[str, Any]]:
    if token.locals:
        yield token.locals
    if INDEX in token.internal_data:
        yield token.parent.locals


def visible(token: Token, results: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
    """Return every variable that a formula at this place may read; `results` come first."""
    maps: list[Mapping[str, Any]] = [*_here(token), *_outside(token)]
    if results:
        maps.insert(0, results)
    if len(maps) == 1:
        return maps[0]
    merged: dict[str, Any] = {}
    for variables in reversed(maps):
        merged.update(variables)
    return merged


def local_names(token: Token) -> set[str]:
    """Name what is local to this place or to the multi-instance that it is part of."""
    return {name for variables in _here(token) for name in variables}


def write(token: Token, name: str, value: Any) -> None:
    """Leave a value behind: where the variable exists, nearest first, else in the process.

    What is local to the place itself is not written to: its end would swallow the value.
    """
    variables: dict[str, Any] = {}
    for variables in _outside(token):
        if name in variables:
            break
    variables[name] = value

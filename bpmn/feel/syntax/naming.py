"""Names of types, such as `list<number>` or `days and time duration`."""

import re

from bpmn.feel.syntax.reader import Reader
from bpmn.feel.types import Type

ENTRY_END = re.compile(r"[:,<>]")


def type_name(reader: Reader) -> Type:
    reader.nest(1)
    found = _function(reader) if reader.skip("function") else _named(reader)
    reader.nest(-1)
    return found


def _named(reader: Reader) -> Type:
    name: str = reader.expect("name").value
    while reader.skip("."):
        name += "." + reader.member().value
    if not reader.skip("<"):
        return Type(name)
    if name == "context":
        return Type(name, entries=_entries(reader))
    inner = type_name(reader)
    reader.expect(">")
    return Type(name, (inner,))


def _entries(reader: Reader) -> tuple[tuple[str, Type], ...]:
    entries: list[tuple[str, Type]] = []
    while not reader.at(">"):
        key = reader.new_name(ENTRY_END).value
        reader.expect(":")
        entries.append((key, type_name(reader)))
        if not reader.skip(","):
            break
    reader.expect(">")
    return tuple(entries)


def _function(reader: Reader) -> Type:
    parts: list[Type] = []
    if reader.skip("<"):
        while not reader.at(">"):
            parts.append(type_name(reader))
            if not reader.skip(","):
                break
        reader.expect(">")
        reader.expect("->")
        parts.append(type_name(reader))
    return Type("function", tuple(parts))

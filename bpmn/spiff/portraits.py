"""What a node is told to do, as plain texts that can be held against another's."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from bpmn.dmn.decision import Decision
from bpmn.migration import Node
from bpmn.model import Definitions, ElementInfo
from bpmn.spiff.elements import Element
from bpmn.spiff.events import Boundary, EventStart, Guard
from bpmn.spiff.formulas import Fixed, Formula, Place
from bpmn.spiff.grammar import GUARD_SUFFIX
from bpmn.spiff.loops import Loop

Plain = Any
"""Texts, numbers, and lists and dictionaries of them."""


@dataclass(frozen=True, slots=True)
class Portrait:
    """One node of a diagram: what people call it, and what it does by aspect."""

    info: ElementInfo
    does: Mapping[str, Plain]
    ways: tuple[str, ...]
    """Elements it leads to, with the condition if there is one."""


def portraits(definitions: Definitions) -> dict[Node, Portrait]:
    """Describe every node of every process."""
    return {
        (process, element): Portrait(
            info, _does(info, specs.get(element, [])), _ways(specs.get(element, []))
        )
        for process, specs in _specs(definitions).items()
        for element, info in definitions.processes[process].elements.items()
    }


def _specs(definitions: Definitions) -> dict[str, dict[str, list[Element]]]:
    """Group the nodes of all graphs by process and element; a repeated one has two."""
    found: dict[str, dict[str, list[Element]]] = {name: {} for name in definitions.processes}
    for graph in definitions.executable.values():
        for spec in graph.task_specs.values():
            if isinstance(spec, Element) and not isinstance(spec, Guard | EventStart):
                found[graph.process_id].setdefault(str(spec.bpmn_id), []).append(spec)
    return found


def _does(info: ElementInfo, specs: list[Element]) -> dict[str, Plain]:
    does: dict[str, Plain] = {"kind": info.kind, "inside": info.inside}
    for spec in specs:
        if not isinstance(spec, Loop):
            does |= dict(_settings(spec))
        else:
            does["loop"] = plain(spec.loop)
    return does


def _settings(spec: Element) -> Iterator[tuple[str, Plain]]:
    settings = spec.settings
    if isinstance(spec, Boundary):
        yield "host", spec._inputs[0].removesuffix(GUARD_SUFFIX)  # noqa: SLF001 - the library's name
    yield "inputs", plain(settings.inputs)
    yield "outputs", plain(settings.outputs)
    yield "interrupting", settings.interrupting
    yield "trigger", [type(settings.trigger).__name__, plain(settings.trigger)]
    work = plain(settings.work)
    yield "work", work
    if isinstance(work, dict) and "form" in work:
        yield "form", work.pop("form")


def _ways(specs: list[Element]) -> tuple[str, ...]:
    found = []
    for spec in [spec for spec in specs if isinstance(spec, Loop)] or specs:
        asked = {name: condition.expression.text for condition, name in spec.branches}
        for name in spec._outputs:  # noqa: SLF001 - the library's name
            element = name.removesuffix(GUARD_SUFFIX)
            found.append(f"{element} ={asked[name]}" if name in asked else element)
    return tuple(found)


def plain(value: Any) -> Plain:
    """Take the places out and leave what is written there."""
    if isinstance(value, Formula | Fixed | Decision):
        return _written(value)
    if is_dataclass(value):
        return {
            one.name: plain(getattr(value, one.name))
            for one in fields(value)
            if not isinstance(getattr(value, one.name), Place)
        }
    if isinstance(value, Mapping):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    return value


def _written(value: Formula | Fixed | Decision) -> str:
    match value:
        case Formula():
            return f"={value.expression.text}"
        case Fixed():
            return value.text
        case Decision():
            return value.id

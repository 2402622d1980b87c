"""What a DMN file offers: all of it at once, or one thing after another."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from lxml import etree

from bpmn.dmn.decision import Decision, Service
from bpmn.dmn.drawing import parts, variable_of
from bpmn.dmn.reading import Reading, Shelf, key_of
from bpmn.feel import OFFICE, Limits
from bpmn.host import HostFunction

NO_FILES: Mapping[str, etree._Element] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Model:
    """What a file offers, by id."""

    decisions: Mapping[str, Decision]
    services: Mapping[str, Service]


def read_decisions(
    root: etree._Element,
    *,
    functions: Mapping[str, HostFunction] | None = None,
    limits: Limits = OFFICE,
    imports: Mapping[str, etree._Element] = NO_FILES,
) -> dict[str, Decision]:
    """Read every decision of a file, by id; `imports` are other files by namespace.

    Raises `UnreadableDecision` for the first thing that could not be executed.
    """
    model = read_model(root, functions=functions, limits=limits, imports=imports)
    return dict(model.decisions)


def read_model(
    root: etree._Element,
    *,
    functions: Mapping[str, HostFunction] | None = None,
    limits: Limits = OFFICE,
    imports: Mapping[str, etree._Element] = NO_FILES,
) -> Model:
    """Read decisions and decision services; raises as `read_decisions` does."""
    reading = Shelf(functions or {}, limits, imports).open(root)
    return Model(
        {key: reading.decision(key) for key in map(key_of, parts(root, "decision"))},
        {key: reading.service(key) for key in map(key_of, parts(root, "decisionService"))},
    )


class OpenModel:
    """A file that is read as far as it is asked for: what cannot be read spoils nothing else."""

    def __init__(
        self, root: etree._Element, limits: Limits, imports: Mapping[str, etree._Element]
    ) -> None:
        self._reading: Reading = Shelf({}, limits, imports).open(root)

    def decision(self, name: str) -> Decision | None:
        """Find a decision by its id or its name."""
        key = self._key(name, "decision")
        return None if key is None else self._reading.decision(key)

    def service(self, name: str) -> Service | None:
        """Find a decision service by its id or its name."""
        key = self._key(name, "decisionService")
        return None if key is None else self._reading.service(key)

    def _key(self, name: str, kind: str) -> str | None:
        for element in parts(self._reading.root, kind):
            if name in (variable_of(element), key_of(element)):
                return key_of(element)
        return None

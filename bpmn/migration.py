"""Carrying instances over to other definitions: what corresponds to what, what changes, what hinders.

A node is named by its process and its element.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bpmn.errors import Conflict, Invalid
from bpmn.wording import Sentence, say

Node = tuple[str, str]
"""A process and an element of it."""


@dataclass(frozen=True, slots=True)
class Wishes:
    """What somebody says about the mapping; the rest is proposed.

    An element that is wished to become nothing counts as removed.
    """

    processes: Mapping[str, str] = field(default_factory=dict)
    elements: Mapping[Node, str | None] = field(default_factory=dict)
    """From a node of the old definitions to an element of the process that takes its place."""


@dataclass(frozen=True, slots=True)
class Mapped:
    """Which process and which node of the new definitions take the place of the old ones."""

    processes: Mapping[str, str]
    nodes: Mapping[Node, Node]


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """One difference between two definitions, as a manager would tell it."""

    kind: ChangeKind
    process: str
    element: str
    """By the new definitions, unless it was removed."""
    aspect: str | None
    """Which side of the element has changed, as a code."""
    sentence: Sentence
    before: str | None = None
    """The id it had, where it was renamed."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a token stood and where it stands now; None where it has gone, or was not there."""

    token: int
    before: Node | None
    after: Node | None


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence about one place: what hinders the migration, or what it brings along."""

    process: str
    element: str
    sentence: Sentence


class WishUnknown(Invalid):
    """The mapping names a process or an element that is not there."""

    def __init__(self, name: str) -> None:
        super().__init__(
            say("The mapping names “%(name)s”, which the diagrams do not have.", name=name)
        )
        self.name = name


class CannotMigrate(Conflict):
    """An instance that stands where the new definitions have no place for it."""

    def __init__(self, hindrances: tuple[Notice, ...]) -> None:
        super().__init__(hindrances[0].sentence)
        self.hindrances = hindrances

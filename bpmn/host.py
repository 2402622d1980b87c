"""What an installation offers to its diagrams."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True)
class HostFunction:
    """A named FEEL function of the installation.

    `call` takes FEEL values (`bpmn.feel.values`) in the order of `parameters` and returns one;
    it must be pure but for the clock, fast, and return None instead of raising on a wrong type.
    """

    name: str
    parameters: tuple[str, ...]
    call: Callable[..., Any]
    words: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Parameters that take one of a few texts, with these: another one is refused when read."""


@dataclass(frozen=True)
class Host:
    """Everything a diagram may name that is not in its own bundle."""

    functions: Mapping[str, HostFunction] = field(default_factory=dict)
    handlers: frozenset[str] = frozenset()
    """Types of service tasks that the installation can do."""
    groups: frozenset[str] = frozenset()
    """Role codes that may stand in candidateGroups."""
    case_file_prefixes: frozenset[str] = frozenset()
    """Form keys starting with one of these (and a dot) belong to the case file."""
    sources: frozenset[str] = frozenset()
    """Names of reference lists that a form's select may offer."""
    variables: frozenset[str] = frozenset()
    """Names of the variables that the installation starts processes with."""
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    zone: ZoneInfo = BERLIN

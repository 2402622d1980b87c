"""What a resting process waits for. Plain values: no object of the executor crosses this border.

A token is an integer that names one place where an instance stands; it is unique within the
instance for ever and survives snapshots. Instants are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class WaitingTask:
    """A user task that waits for a person."""

    token: int
    process: str
    element: str
    name: str
    form: str | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: datetime | None
    follow_up: datetime | None
    priority: int
    local_variables: Mapping[str, Any] = field(default_factory=dict)
    """What belongs to this task alone: its input mappings, and the item of a multi-instance."""


@dataclass(frozen=True, slots=True)
class WaitingTimer:
    token: int
    process: str
    element: str
    due: datetime


@dataclass(frozen=True, slots=True)
class WaitingJob:
    """A service task whose work somebody outside has to do."""

    token: int
    process: str
    element: str
    type: str
    headers: Mapping[str, str]
    tries: int
    """How often it is tried before it becomes a fault."""
    variables: Mapping[str, Any]
    """What the job may see: the input mappings, or every variable in scope when there are none."""


@dataclass(frozen=True, slots=True)
class WaitingMessage:
    """A token that waits for a message; `key` is compared with the publisher's key."""

    token: int
    process: str
    element: str
    message: str
    key: str | None


@dataclass(frozen=True, slots=True)
class WaitingSignal:
    """A token that waits for a signal, like all others that wait for one of this name."""

    token: int
    process: str
    element: str
    signal: str


class Passage(StrEnum):
    ENTERED = "entered"
    LEFT = "left"
    CANCELLED = "cancelled"
    DECIDED = "decided"
    """Not a place: `element` is the row of a decision table that gave the answer to the token."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A token entered or left an element during this step, in the order in which it happened."""

    token: int
    process: str
    element: str
    passage: Passage

"""Moving a process by hand: where it stands, and what is to be cancelled and created."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Position:
    """One place where an instance stands."""

    token: int
    process: str
    element: str
    inside: int | None
    """Token of the sub-process, call or repeated activity that this place is part of."""
    watches: bool
    """An event that only watches an activity or a scope; it comes and goes with that."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An element at which a token is to be created."""

    element: str
    process: str | None = None
    """The process of the element; that of the instance when empty."""
    inside: int | None = None
    """Token of the sub-process or call meant; needed only where several run at once."""


@dataclass(frozen=True, slots=True)
class Move:
    """What an operator changes about where an instance stands."""

    cancel: tuple[int, ...] = ()
    """Tokens to take away, with everything inside and around them."""
    create: tuple[Entry, ...] = ()

"""Sizes that the gate and the engine agree on."""

MOST_NODES = 300
"""Elements of one process, those inside sub-processes too."""
DEEPEST_NESTING = 8
"""How many sub-processes may lie around an element."""
MOST_INSTANCES = 200
"""How often an activity may be repeated for one list."""
LONGEST_NAME = 200
"""Characters of a name or an id."""
LONGEST_KEY = 400
"""Characters of a correlation key: with the longest name it still fits into an index."""
USUAL_TRIES = 5
"""How often work is tried before it becomes a fault; the diagram may say otherwise."""
MOST_TRIES = 8
"""With pauses that grow fourfold, the last try is two days after the first."""
DEEPEST_CALL = 20
"""How many calls may lie around a process."""


def tries_of(text: str) -> int | None:
    """Read how often work is tried; None where that is no number within the bounds."""
    is_number = text.isascii() and text.isdecimal() and len(text) == 1
    return int(text) if is_number and 1 <= int(text) <= MOST_TRIES else None

"""Sizes that the gate and the engine agree on."""

MOST_NODES = 300
"""Elements of one process, those inside sub-processes too."""
DEEPEST_NESTING = 8
"""How many sub-processes may lie around an element."""
MOST_INSTANCES = 200
"""How often an activity may be repeated for one list."""
LONGEST_NAME = 200
"""Characters of a name or an id."""
DEEPEST_CALL = 20
"""How many calls may lie around a process."""

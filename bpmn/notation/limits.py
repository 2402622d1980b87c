"""Sizes that the gate and the engine agree on."""

MOST_INSTANCES = 200
"""How often an activity may be repeated for one list."""

"""What operators hand in along with an act: why, and values for processes."""

from collections.abc import Mapping
from typing import Any

from web import current
from web.api.reading import command
from workflows.tending.acts import Why
from workflows.tending.values import read_values


def why(body: Mapping[str, Any]) -> Why:
    return Why(body["reason"], command(), body.get("variables", body.get("results")))


def values(given: Mapping[str, Any]) -> dict[str, Any]:
    """Make FEEL values of the JSON under `variables` or `results`."""
    return read_values(current.application().host, given)

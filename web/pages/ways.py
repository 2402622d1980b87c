"""The way back: a list, as it was left."""

from flask import request


def own_path(candidate: str | None, otherwise: str) -> str:
    """`candidate` when it is a path of this very site, else `otherwise`."""
    if candidate and candidate.startswith("/") and candidate[1:2] not in {"/", "\\"}:
        if not any(ord(char) < 32 or char == "\\" for char in candidate):
            return candidate
    return otherwise


def way_back(otherwise: str) -> str:
    """Where the person came from, as the list's links say in `back`."""
    return own_path(request.values.get("back"), otherwise)

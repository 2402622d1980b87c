"""The way back: a list, as it was left."""

from flask import request


def own_path(candidate: str | None, otherwise: str) -> str:
    """`candidate` when it is a path of this very site, else `otherwise`."""
    if not candidate or not candidate.startswith("/") or candidate.startswith("//"):
        return otherwise
    if any(ord(char) < 32 or char == "\\" for char in candidate):
        return otherwise
    return candidate


def way_back(otherwise: str) -> str:
    """Where the person came from, as a list's links say in `back` and its forms in `_back`."""
    return own_path(request.args.get("back") or request.form.get("_back"), otherwise)

"""Functions on contexts."""

from typing import Any

from bpmn.feel.calling import Library
from bpmn.feel.frames import Run

LIBRARY = Library()


@LIBRARY.function("get value", "m: context, key: text")
def get_value(_run: Run, entries: dict[str, Any], key: str) -> Any:
    return entries.get(key)


@LIBRARY.function("get entries", "m: context")
def get_entries(_run: Run, entries: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"key": key, "value": value} for key, value in entries.items()]


@LIBRARY.function("context", "entries: list")
def context(_run: Run, entries: list[Any]) -> dict[str, Any] | None:
    found: dict[str, Any] = {}
    for entry in entries:
        if type(entry) is not dict or "value" not in entry:
            return None
        key = entry.get("key")
        if type(key) is not str or key in found:
            return None
        found[key] = entry["value"]
    return found


@LIBRARY.function("context put", "context: context, key: text, value: any")
def put(_run: Run, entries: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    return {**entries, key: value}


@LIBRARY.function("context put", "context: context, keys: list, value: any")
def put_deep(_run: Run, entries: dict[str, Any], keys: list[Any], value: Any) -> Any:
    if not keys or not all(type(key) is str for key in keys):
        return None
    first, rest = keys[0], keys[1:]
    if not rest:
        return {**entries, first: value}
    inner = entries.get(first)
    if type(inner) is not dict:
        return None
    changed = put_deep(_run, inner, rest, value)
    return None if changed is None else {**entries, first: changed}


@LIBRARY.function("context merge", "contexts: list")
def merge(_run: Run, contexts: list[Any]) -> dict[str, Any] | None:
    merged: dict[str, Any] = {}
    for each in contexts:
        if type(each) is not dict:
            return None
        merged |= each
    return merged

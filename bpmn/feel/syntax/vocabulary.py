"""Names that contain spaces or signs. FEEL allows them, so reading needs to know them."""

import re
from collections.abc import Iterable

PART = re.compile(r"(?:[^\W\d]|[\U00010000-\U000EFFFF])[\w\U00010000-\U000EFFFF]*|\d+|\S")
SPACE = re.compile(r"\s*")

RESERVED = (
    "date and time",
    "days and time duration",
    "years and months duration",
    "time offset",
    "start included",
    "end included",
)


class Vocabulary:
    """Finds the longest known name that begins at a place of a text."""

    def __init__(self, names: Iterable[str]) -> None:
        self._phrases: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
        for name in (*RESERVED, *names):
            self.add(name)

    def add(self, name: str) -> None:
        parts = tuple(PART.findall(name))
        if len(parts) < 2:
            return
        known = self._phrases.setdefault(parts[0], [])
        if all(parts != other for _, other in known):
            known.append((" ".join(name.split()), parts))
            known.sort(key=lambda phrase: -len(phrase[1]))

    def match(self, text: str, position: int, first: str) -> tuple[str, int] | None:
        """Return the name and its end, given the word that stands at the position."""
        for name, parts in self._phrases.get(first, ()):
            end = _end(text, position, parts)
            if end is not None:
                return name, end
        return None


def _end(text: str, position: int, parts: tuple[str, ...]) -> int | None:
    for part in parts:
        position = _skip(text, position)
        found = PART.match(text, position)
        if found is None or found.group() != part:
            return None
        position = found.end()
    return position


def _skip(text: str, position: int) -> int:
    found = SPACE.match(text, position)
    return found.end() if found else position

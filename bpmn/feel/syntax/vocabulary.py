"""Names that contain spaces or signs. FEEL allows them, so reading needs to know them."""

import re
from dataclasses import dataclass, field
from functools import lru_cache

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


@dataclass(slots=True)
class Branch:
    """What names may go on with after the same parts; `name` if one ends here."""

    next: dict[str, "Branch"] = field(default_factory=dict)
    name: str | None = None

    def add(self, name: str) -> None:
        parts = PART.findall(name)
        if len(parts) < 2:
            return
        branch = self
        for part in parts:
            branch = branch.next.setdefault(part, Branch())
        branch.name = " ".join(name.split())

    def match(self, text: str, position: int) -> tuple[str, int] | None:
        """Return the longest name that begins at the position, and its end."""
        found, branch = None, self
        while branch.next:
            part = PART.match(text, _skip(text, position))
            if part is None or part.group() not in branch.next:
                break
            branch, position = branch.next[part.group()], part.end()
            if branch.name is not None:
                found = branch.name, position
        return found


@lru_cache(maxsize=64)
def known_names(*groups: frozenset[str]) -> Branch:
    """Return the names of these groups together; to be shared by many texts, not to be added to."""
    root = Branch()
    for name in (*RESERVED, *(name for group in groups for name in group)):
        root.add(name)
    return root


class Vocabulary:
    """The names that one text may use: those that are known, and those that it makes itself."""

    def __init__(self, known: Branch) -> None:
        self._known = known
        self._own = Branch()

    def add(self, name: str) -> None:
        self._own.add(name)

    def match(self, text: str, position: int, first: str) -> tuple[str, int] | None:
        """Return the longest name and its end, given the word that stands at the position."""
        found = self._known.match(text, position) if first in self._known.next else None
        own = self._own.match(text, position) if first in self._own.next else None
        if found is None or own is None:
            return found or own
        return max(own, found, key=lambda match: match[1])


def _skip(text: str, position: int) -> int:
    found = SPACE.match(text, position)
    return found.end() if found else position

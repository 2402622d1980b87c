"""Facts about letters that others may act on."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class LetterReturned:
    """A letter came back for good, or was given up: somebody has to reach the person in another way."""

    letter_id: UUID
    to: str

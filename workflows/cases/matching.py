"""Who could mediate: language, quarter, capacity and tandem speak for a person, nothing else.

Proposed is who speaks what is needed and has time. Nobody is hidden for a missing language: the
office sees how many speak it, how many of them are free, and may choose anyone with a reason.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from bpmn.wording import Sentence, say

GOOD_ENOUGH = 2
"""Level of speaking and understanding from which somebody can mediate in a language."""
BEST = 3


@dataclass(frozen=True, slots=True)
class Candidate:
    """A mediator as far as matching looks at people."""

    id: UUID
    name: str
    languages: Mapping[str, int]
    """Tag → the lower one of speaking and understanding."""
    quarters: frozenset[UUID]
    capacity: int
    open_cases: int
    absent: bool
    tandem: UUID | None = None

    @property
    def is_free(self) -> bool:
        return not self.absent and self.open_cases < self.capacity

    def speaks(self, tags: Iterable[str]) -> bool:
        return all(self.languages.get(tag, 0) >= GOOD_ENOUGH for tag in tags)


@dataclass(frozen=True, slots=True)
class Need:
    """What a case asks for. Tags are compared exactly: Kurmanji does not help a Sorani speaker."""

    languages: frozenset[str]
    quarter: UUID
    excluded: frozenset[UUID] = frozenset()
    """Who declined, and who is related to a party."""


@dataclass(frozen=True, slots=True)
class Proposal:
    person: UUID
    name: str
    score: int
    tandem: UUID | None


@dataclass(frozen=True, slots=True)
class Matching:
    proposals: tuple[Proposal, ...]
    """Free people who speak what is needed and are not excluded, the best first."""
    languages: tuple[str, ...]
    with_language: int
    free: int

    @property
    def sentence(self) -> Sentence:
        """How many speak what is needed, and how many of them have time."""
        if not self.languages:
            return say("%(free)s mediators are free.", free=self.free)
        return say(
            "%(count)s with %(languages)s, %(free)s free.",
            count=self.with_language,
            languages=", ".join(self.languages),
            free=self.free,
        )


def match(need: Need, candidates: Iterable[Candidate]) -> Matching:
    able = [candidate for candidate in candidates if candidate.id not in need.excluded]
    speakers = [candidate for candidate in able if candidate.speaks(need.languages)]
    free = [candidate for candidate in speakers if candidate.is_free]
    ranked = sorted(free, key=lambda candidate: (-_score(need, candidate), candidate.name))
    return Matching(
        proposals=tuple(
            Proposal(person.id, person.name, _score(need, person), person.tandem)
            for person in ranked
        ),
        languages=tuple(sorted(need.languages)),
        with_language=len(speakers),
        free=len(free),
    )


def _score(need: Need, candidate: Candidate) -> int:
    """Weigh from 0 to 100: language 50, quarter 20, room for more 20, tandem 10."""
    levels = [candidate.languages[tag] for tag in need.languages] or [BEST]
    language = 50 * sum(levels) // (BEST * len(levels))
    quarter = 20 if need.quarter in candidate.quarters else 0
    room = 20 * (candidate.capacity - candidate.open_cases) // candidate.capacity
    tandem = 10 if candidate.tandem else 0
    return language + quarter + room + tandem

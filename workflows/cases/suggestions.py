"""Who could mediate this case, asked of the database; `matching` decides."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.orm import Session

from engine import clock
from workflows import sealing
from workflows.calendar import ZONE
from workflows.cases import details, matching, queries
from workflows.cases.matching import Candidate, Matching, Need
from workflows.cases.models import Case, Party
from workflows.people import queries as people
from workflows.people.views import MediatorView


def suggest(session: Session, case: Case, declined: Collection[str]) -> Matching:
    load = queries.open_cases_by_mediator(session)
    today = clock.now().astimezone(ZONE).date()
    candidates = [
        _candidate(person, load.get(person.id, 0)) for person in people.mediators(session, today)
    ]
    need = Need(
        languages=languages_needed(session, case),
        quarter=case.quarter_id,
        excluded=excluded(session, case, declined),
    )
    return matching.match(need, candidates)


def excluded(session: Session, case: Case | None, declined: Collection[str]) -> frozenset[UUID]:
    """Leave out who declined and who is related to a party."""
    relations = queries.relations(session, case.id) if case else ()
    related = {relation.person_id for relation in relations if relation.person_id}
    return frozenset({UUID(person) for person in declined} | related)


def languages_needed(session: Session, case: Case) -> frozenset[str]:
    """Find what the parties speak, where the office's own language does not do.

    A party that speaks German needs no other language; else its first one is asked for.
    """
    key = sealing.key_of(session, case.id)
    needed = set()
    for party in queries.parties(session, case.id):
        known = details.unseal_with(key, (Party.__tablename__, party.id), party.details)
        tags = [language["tag"] for language in known.get("languages", ())]
        if tags and "de" not in tags:
            needed.add(tags[0])
    return frozenset(needed)


def _candidate(person: MediatorView, load: int) -> Candidate:
    return Candidate(
        id=person.id,
        name=person.name,
        languages={
            tag: min(skill.speak, skill.understand) for tag, skill in person.languages.items()
        },
        quarters=person.quarters,
        capacity=person.weekly_capacity,
        open_cases=load,
        absent=person.absent,
        tandem=person.tandem,
    )

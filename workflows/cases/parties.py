"""Parties as the reader may see them, and how evenly they are heard."""

from collections import Counter

from bpmn.wording import Sentence, say
from workflows.cases.labels import label
from workflows.cases.models import Party, PartyRelation
from workflows.cases.reader import Reader, party_label
from workflows.cases.values import Reached
from workflows.cases.views import Balance, LanguageSkill, PartyView

_UNEVEN = 3
"""From this many more contacts on one side the page speaks up."""


def party_views(reader: Reader) -> tuple[PartyView, ...]:
    return tuple(_view(reader, party) for party in reader.rows.parties)


def _view(reader: Reader, party: Party) -> PartyView:
    known = reader.unseal(Party, party.id, party.details) if reader.names else {}
    return PartyView(
        id=party.id,
        label=party_label(party),
        kind=party.kind,
        minor=party.minor,
        oral_only=party.oral_only,
        safe_channel=party.safe_channel if reader.names else None,
        name=known.get("name"),
        contacts=known.get("contacts", ""),
        safe_hours=known.get("safe_hours", ""),
        remarks=known.get("remarks", ""),
        languages=tuple(LanguageSkill(**each) for each in known.get("languages", ())),
        relations=tuple(_relation(reader, party, each) for each in _relations(reader, party)),
    )


def _relations(reader: Reader, party: Party) -> list[PartyRelation]:
    if not reader.names:
        return []
    return [
        each for each in reader.rows.relations if party.id in (each.party_id, each.other_party_id)
    ]


def _relation(reader: Reader, party: Party, relation: PartyRelation) -> Sentence:
    other = relation.other_party_id if relation.party_id == party.id else relation.party_id
    who: Sentence | str | None = reader.party(other) or reader.person(relation.person_id)
    return say("%(kind)s: %(who)s", kind=label(relation.kind), who=who or "–")


def balance(reader: Reader) -> Balance:
    """Count how often each party was reached; more is not better, uneven is worse."""
    reached = Counter(
        contact.party_id
        for contact in reader.rows.contacts
        if contact.reached is Reached.YES and contact.party_id is not None
    )
    counts = [(party, reached[party.id]) for party in reader.rows.parties]
    return Balance(
        counts=tuple((party_label(party), count) for party, count in counts),
        nudge=_nudge(counts),
    )


def _nudge(counts: list[tuple[Party, int]]) -> Sentence | None:
    if len(counts) < 2:
        return None
    most, least = max(counts, key=_count), min(counts, key=_count)
    if most[1] - least[1] < _UNEVEN:
        return None
    return say(
        "%(most)s was heard %(many)s times, %(least)s %(few)s times. Is it time to listen to both?",
        most=party_label(most[0]),
        many=most[1],
        least=party_label(least[0]),
        few=least[1],
    )


def _count(entry: tuple[Party, int]) -> int:
    return entry[1]

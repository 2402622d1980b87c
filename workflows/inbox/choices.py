"""What the reference fields of a form offer to this person in this case."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from bpmn.forms import UPLOADS
from engine import clock
from workflows import calendar, languages
from workflows.access import Action, Actor, may
from workflows.calendar import ZONE
from workflows.cases import attachments, suggestions
from workflows.cases import queries as case_queries
from workflows.cases.models import Case, Party
from workflows.cases.reader import read_case
from workflows.inbox import queries
from workflows.people import directory
from workflows.people import queries as people
from workflows.people.views import MediatorView
from workflows.reading import Reading

MOST_CASES = 200


@dataclass(frozen=True)
class Offer:
    """Asked by source name; each list is read at most once."""

    reading: Reading
    actor: Actor
    case: Case | None
    variables: Mapping[str, Any]
    quarter: str | None = None
    """The name of the case's quarter, when it is known."""
    task_id: UUID | None = None
    _lists: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def __call__(self, source: str) -> Mapping[str, str]:
        if source not in self._lists:
            self._lists[source] = _SOURCES[source](self)
        return self._lists[source]


def _quarters(offer: Offer) -> Mapping[str, str]:
    return Quarters(offer)


class Quarters(Mapping[str, str]):
    """Every quarter by name; the one the case is in already is known without asking."""

    def __init__(self, offer: Offer) -> None:
        own = {str(offer.case.quarter_id): offer.quarter} if offer.case and offer.quarter else {}
        self._own = own
        self._session = offer.reading.session

    @cached_property
    def _all(self) -> Mapping[str, str]:
        return _texts(directory.quarters(self._session))

    def __getitem__(self, quarter: str) -> str:
        return self._own[quarter] if quarter in self._own else self._all[quarter]

    def __iter__(self) -> Iterator[str]:
        return iter(self._all)

    def __len__(self) -> int:
        return len(self._all)


def _places(offer: Offer) -> Mapping[str, str]:
    return _texts(directory.places(offer.reading.session))


def _organisations(offer: Offer) -> Mapping[str, str]:
    found = directory.organisations(offer.reading.session)
    return {str(organisation.id): organisation.name for organisation in found}


def _people(offer: Offer) -> Mapping[str, str]:
    found = people.people(offer.reading.session)
    return {str(person.id): person.name for person in found if not person.disabled}


def _languages(_offer: Offer) -> Mapping[str, str]:
    return languages.LANGUAGES


def _parties(offer: Offer) -> Mapping[str, str]:
    """Name the parties to those who may know the names, by letter to all others."""
    case = offer.case
    if case is None:
        return {}
    if not may(offer.actor, Action.READ_NAMES, case.scope):
        parties = case_queries.parties(offer.reading.session, case.id)
        return {str(party.id): _letter(party) for party in parties}
    reader = read_case(offer.reading.session, offer.actor, case)
    return {
        str(party.id): f"{_letter(party)}{_name(reader.unseal(Party, party.id, party.details))}"
        for party in reader.rows.parties
    }


def _letter(party: Party) -> str:
    return f"Partei {party.letter}"


def _name(known: Mapping[str, Any]) -> str:
    return f" – {known['name']}" if known.get("name") else ""


def _cases(offer: Offer) -> Mapping[str, str]:
    """Offer open cases the person may see; those that may be the same matter come first."""
    session = offer.reading.session
    quarters = offer("quarters")
    own = {offer.case.id} if offer.case else set()
    found = queries.cases_to_link(session, offer.actor, MOST_CASES)
    labels = {
        str(case.id): " · ".join(
            (case.number, quarters.get(str(case.quarter_id), ""), _day(case.received_at))
        )
        for case in found
        if case.id not in own
    }
    return _first(offer.variables.get("duplicates"), labels)


def _mediators(offer: Offer) -> Mapping[str, str]:
    """Offer everybody but those who declined or are related; proposals first."""
    session = offer.reading.session
    out = suggestions.excluded(session, offer.case, offer.variables.get("declined") or ())
    load = case_queries.open_cases_by_mediator(session)
    today = clock.now().astimezone(ZONE).date()
    labels = {
        str(person.id): _mediator(person, load.get(person.id, 0))
        for person in people.mediators(session, today)
        if person.id not in out
    }
    return _first(offer.variables.get("suggestions"), labels)


def _mediator(person: MediatorView, load: int) -> str:
    spoken = ", ".join(languages.named(tag) for tag in person.languages)
    parts = [person.name, spoken, f"{load} von {person.weekly_capacity} Fällen"]
    if person.absent_until is not None:
        parts.append(f"abwesend bis {person.absent_until:%d.%m.%Y}")
    return " · ".join(part for part in parts if part)


def _first(ahead: Iterable[str] | None, labels: Mapping[str, str]) -> Mapping[str, str]:
    front = {key: labels[key] for key in ahead or () if key in labels}
    return {**front, **labels}


def _uploads(offer: Offer) -> Mapping[str, str]:
    """Offer the files that this person has uploaded to this task; not a list for diagrams."""
    if offer.case is None or offer.task_id is None:
        return {}
    session, person = offer.reading.session, offer.actor.person_id
    return attachments.waiting(session, offer.case.id, offer.task_id, person)


def _texts(names: Mapping[UUID, str]) -> Mapping[str, str]:
    return {str(key): name for key, name in names.items()}


def _day(instant: datetime) -> str:
    return instant.astimezone(calendar.ZONE).strftime("%d.%m.%Y")


_SOURCES: Mapping[str, Callable[[Offer], Mapping[str, str]]] = {
    "quarters": _quarters,
    "mediators": _mediators,
    "cases": _cases,
    "parties": _parties,
    "organisations": _organisations,
    "places": _places,
    "languages": _languages,
    "people": _people,
    UPLOADS: _uploads,
}

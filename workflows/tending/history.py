"""Where an instance has been, for those who tend it and those who know its case."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine import instance_queries, stay_queries
from engine.errors import NoSuchInstance
from engine.instance_queries import InstanceRow
from engine.stay_queries import Place, StayRecord
from engine.stay_table import Ended
from engine.unit_of_work import ReadingSession
from workflows import access
from workflows.access import Action, Actor
from workflows.cases.models import Case
from workflows.cursors import CursorUnreadable
from workflows.people import queries as people
from workflows.tending.naming import Names

PAGE = 100


@dataclass(frozen=True, slots=True)
class StayView:
    """A token at an element, from when to when, how that ended and by whom."""

    token: int
    process: str
    element: str
    name: str
    kind: str
    """The BPMN tag."""
    deployment_id: UUID
    entered_at: datetime
    left_at: datetime | None
    ended: Ended | None
    by_person: bool
    by: str | None
    """Her name, for those who may know who works on the case."""
    rules: tuple[str, ...]
    """Rows of decision tables that gave the answer."""

    @property
    def seconds(self) -> int | None:
        return int((self.left_at - self.entered_at).total_seconds()) if self.left_at else None


@dataclass(frozen=True, slots=True)
class HistoryPage:
    rows: tuple[StayView, ...]
    next_cursor: str | None


def open_history(
    reading: ReadingSession, actor: Actor, instance_id: UUID, after: str | None = None
) -> HistoryPage:
    """List where the tokens of an instance have been, in the order of entering.

    Who tends processes sees every one of them, who may read a case those of the case; only the
    latter learn the names of people.
    """
    row = instance_queries.instance(reading, instance_id)
    knows_case = row is not None and _knows_case(reading, actor, row)
    if not knows_case:
        access.require(actor, Action.TEND_INSTANCES)
    if row is None:
        raise NoSuchInstance(instance_id)
    last = _read(after) if after else None
    found = stay_queries.page_of(reading, instance_id, last, PAGE + 1)
    page = found[:PAGE]
    known = _people(page) if knows_case else _people(page) & {actor.person_id}
    names = people.names(reading, known)
    elements = Names(reading)
    rows = tuple(_told(elements, stay, by=_name(names, stay)) for stay in page)
    return HistoryPage(rows, _write(page[-1].place) if len(found) > PAGE else None)


def _knows_case(reading: ReadingSession, actor: Actor, row: InstanceRow) -> bool:
    case = reading.get(Case, row.business_key) if row.business_key else None
    return case is not None and access.may(actor, Action.READ_SHELL, case.scope)


def _people(stays: list[StayRecord]) -> set[UUID]:
    return {person for stay in stays if (person := _person(stay)) is not None}


def _name(names: Mapping[UUID, str], stay: StayRecord) -> str | None:
    person = _person(stay)
    return names.get(person) if person else None


def _person(stay: StayRecord) -> UUID | None:
    try:
        return UUID(stay.by) if stay.by else None
    except ValueError:
        return None


def _told(elements: Names, stay: StayRecord, by: str | None) -> StayView:
    element = elements.element(stay.deployment_id, stay.process, stay.element)
    return StayView(
        token=stay.token,
        process=stay.process,
        element=stay.element,
        name=element.name,
        kind=element.kind,
        deployment_id=stay.deployment_id,
        entered_at=stay.entered_at,
        left_at=stay.left_at,
        ended=stay.ended,
        by_person=stay.by is not None,
        by=by,
        rules=tuple(stay.rules or ()),
    )


def _write(place: Place) -> str:
    text = f"{place.step}|{place.position}|{place.token}|{place.number}"
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read(cursor: str) -> Place:
    try:
        text = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
        step, position, token, number = map(_whole, text.split("|"))
    except (binascii.Error, ValueError):
        raise CursorUnreadable from None
    return Place(step, position, token, number)


def _whole(text: str) -> int:
    number = int(text)
    if abs(number) >= 2**31:
        raise ValueError(text)
    return number

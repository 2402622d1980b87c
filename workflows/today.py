"""The morning screen: at most seven things, each with the next physical step."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import StrEnum
from itertools import islice
from uuid import UUID

from bpmn.wording import Sentence, say
from engine import clock
from workflows import calendar
from workflows.access import Action, Actor, Role, may
from workflows.calendar import ZONE
from workflows.cases import queries as case_queries
from workflows.cases.filing import Folder
from workflows.cases.labels import label
from workflows.cases.models import Case, Party
from workflows.cases.outcomes import open_party
from workflows.cases.reader import party_label
from workflows.inbox import queries
from workflows.inbox.queries import TaskLine
from workflows.inbox.views import Shelf
from workflows.reading import Reading
from workflows.sealing import key_of

MOST = 7
_CALLS = {"first_contact_a": 1, "first_contact_b": 2}
"""Forms whose task is to reach a party, and which one."""


class Because(StrEnum):
    """Why something is on the morning screen; in this order."""

    OVERDUE = "overdue"
    APPOINTMENT = "appointment"
    DUE_TODAY = "due_today"
    NEW = "new"
    NEXT = "next"


@dataclass(frozen=True, slots=True)
class TodayItem:
    because: Because
    title: str
    step: Sentence
    """The next thing to do with one's hands: "Call party B, speaks ro, only after 17:00"."""
    case_id: UUID | None
    case_number: str | None
    task_id: UUID | None
    at: datetime | None
    """When it is due or starts."""


@dataclass(frozen=True, slots=True)
class Today:
    items: tuple[TodayItem, ...]
    more: int
    """How many further tasks wait in the lists."""
    warning: Sentence | None = None
    """What somebody has to see to before the installation goes wrong."""


def today(reading: Reading, actor: Actor) -> Today:
    """Choose what the reader should do first today."""
    now = clock.now()
    lines = _lines(reading, actor, now)
    items = [_task_item(reading, actor, line, now) for line in islice(lines, MOST)]
    items += _appointments(reading, actor, now)
    order = list(Because)
    items.sort(key=lambda item: (order.index(item.because), item.at or now))
    counts = queries.counts(reading.session, actor, now)
    waiting = counts[Shelf.MINE] + counts[Shelf.GROUP]
    shown = items[:MOST]
    more = max(waiting - sum(item.task_id is not None for item in shown), 0)
    return Today(tuple(shown), more, _warning(actor, now))


def _warning(actor: Actor, now: datetime) -> Sentence | None:
    """Tell the coordination in time that the school calendar comes to its end."""
    last = calendar.school_table_ends_soon(now.astimezone(ZONE).date())
    if last is None or not actor.has(Role.COORDINATION):
        return None
    return say(
        "The school holidays are known up to %(day)s only. Please have the next ones entered.",
        day=last.strftime("%d.%m.%Y"),
    )


def _lines(reading: Reading, actor: Actor, now: datetime) -> list[TaskLine]:
    """One's own tasks by due date, then the group's."""
    return [
        line
        for shelf in (Shelf.MINE, Shelf.GROUP)
        for line in queries.page(
            reading.session, actor, [queries.shelf(actor, shelf, now)], None, MOST
        )
    ]


def _task_item(reading: Reading, actor: Actor, line: TaskLine, now: datetime) -> TodayItem:
    task, case, _ = line
    return TodayItem(
        because=_because(line, now),
        title=task.name,
        step=_step(reading, actor, line),
        case_id=case.id if case else None,
        case_number=case.number if case else None,
        task_id=task.id,
        at=task.due_at,
    )


def _because(line: TaskLine, now: datetime) -> Because:
    task = line[0]
    if task.due_at is not None and task.due_at < now:
        return Because.OVERDUE
    if task.due_at is not None and task.due_at < _tonight(now):
        return Because.DUE_TODAY
    return Because.NEW if task.assignee is None else Because.NEXT


def _tonight(now: datetime) -> datetime:
    tomorrow = now.astimezone(ZONE).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(0), ZONE)


def _step(reading: Reading, actor: Actor, line: TaskLine) -> Sentence:
    task, case, _ = line
    position = _CALLS.get(task.form or "")
    if case is not None and position is not None:
        return _call(reading, actor, case, position)
    if task.assignee is None:
        return say("Take it or leave it to a colleague, then open the form.")
    return say("Open the form and fill it in.")


def _call(reading: Reading, actor: Actor, case: Case, position: int) -> Sentence:
    """Say whom to reach, in which language, when and how, as far as the reader may know."""
    parties = case_queries.parties(reading.session, case.id)
    party = next((each for each in parties if each.position == position), None)
    if party is None:
        return say("Find out whom to call.")
    who = party_label(party)
    if not may(actor, Action.READ_NAMES, case.scope):
        return say("Reach %(party)s.", party=who)
    return _directions(reading, case, party)


def _directions(reading: Reading, case: Case, party: Party) -> Sentence:
    folder = Folder(reading.session, case, key_of(reading.session, case.id))
    known = open_party(folder, party)
    tags = ", ".join(language["tag"] for language in known.get("languages", ()))
    way = label(party.safe_channel) if party.safe_channel else say("Reach")
    if known.get("safe_hours"):
        return say(
            "%(way)s: %(party)s, speaks %(languages)s, %(hours)s",
            way=way,
            party=party_label(party),
            languages=tags or "?",
            hours=known["safe_hours"],
        )
    return say(
        "%(way)s: %(party)s, speaks %(languages)s",
        way=way,
        party=party_label(party),
        languages=tags or "?",
    )


def _appointments(reading: Reading, actor: Actor, now: datetime) -> list[TodayItem]:
    found = case_queries.appointments_between(
        reading.session, actor.person_id, now - timedelta(hours=1), _tonight(now)
    )
    return [
        TodayItem(
            because=Because.APPOINTMENT,
            title=case.number,
            step=say("Go to the appointment."),
            case_id=case.id,
            case_number=case.number,
            task_id=None,
            at=appointment.starts_at,
        )
        for appointment, case in found
    ]

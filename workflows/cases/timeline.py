"""What happened in a case, the newest first, as far as the reader may know."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from bpmn.wording import Sentence, say
from engine.models import TaskState
from engine.records import TaskRecord
from workflows.audit import AuditLine
from workflows.calendar import ZONE
from workflows.cases.labels import label
from workflows.cases.reader import Reader
from workflows.cases.records import CaseRecord, Commitment, ContactLog, Note
from workflows.cases.values import AssignmentState
from workflows.cases.views import EntryKind, TimelineEntry

AUDITED: Mapping[str, Sentence] = {
    "change_party": say("Party changed"),
    "relate_parties": say("Relation noted"),
    "plan_appointment": say("Appointment planned"),
    "settle_appointment": say("Appointment settled"),
    "safety_exit": say("Safety exit pressed"),
    "withdrawal": say("Withdrawal taken up"),
    "extend_deadline": say("Deadline extended"),
    "take_over": say("Taken over by the coordination"),
    "reroute": say("Passed to another quarter"),
    "link": say("Linked to another case"),
    "lock_mediation": say("Mediation locked"),
    "close_case": say("Case closed"),
    "suspend_process": say("Process suspended by the administration"),
    "resume_process": say("Process resumed by the administration"),
    "cancel_process": say("Process cancelled by the administration"),
    "move_process": say("Process moved to another place by the administration"),
    "skip_fault": say("Failed step skipped by the administration"),
    "change_variables": say("Data that the process routes by changed by the administration"),
    "send_message": say("Message sent to the process by the administration"),
}
"""What the audit log adds to the story; what rows of their own tell is not repeated."""

_TO_VERSION: Mapping[str, Callable[[str], Sentence]] = {
    "migrate_process": lambda number: say(
        "Process brought over to version %(number)s of the diagrams by the administration",
        number=number,
    ),
    "return_process": lambda number: say(
        "Process returned to version %(number)s of the diagrams by the administration",
        number=number,
    ),
}

Detail = tuple[tuple[Sentence, Sentence], ...]


def timeline(
    reader: Reader, tasks: Sequence[TaskRecord], audited: Sequence[AuditLine]
) -> tuple[TimelineEntry, ...]:
    entries = [entry for source in _SOURCES for entry in source(reader)]
    entries += _tasks(reader, tasks)
    entries += _audit(reader, audited)
    return tuple(sorted(entries, key=_when, reverse=True))


def _when(entry: TimelineEntry) -> datetime:
    return entry.at


def _incidents(reader: Reader) -> Iterator[TimelineEntry]:
    for row in reader.rows.incidents:
        title = say("Report: %(channel)s", channel=label(row.channel))
        yield TimelineEntry(row.received_at, EntryKind.INCIDENT, title, reader.person(row.taken_by))


def _contacts(reader: Reader) -> Iterator[TimelineEntry]:
    for row in reader.rows.contacts:
        title = say(
            "Contact with %(party)s: %(reached)s",
            party=reader.party(row.party_id) or say("a party"),
            reached=label(row.reached),
        )
        told = reader.unseal(ContactLog, row.id, row.details) if reader.room else {}
        detail = answers(told)
        if row.channel is not None:
            detail = ((say("Channel"), label(row.channel)), *detail)
        yield TimelineEntry(row.at, EntryKind.CONTACT, title, reader.person(row.by), detail)


def _notes(reader: Reader) -> Iterator[TimelineEntry]:
    for row in reader.rows.notes:
        own = row.by == reader.actor.person_id
        if not (reader.room or own):
            continue
        told = reader.unseal(Note, row.id, row.details)
        title = say("Private note") if row.private else say("Note")
        topic = plain(told["topic"]) if told.get("topic") else title
        yield TimelineEntry(
            row.at, EntryKind.NOTE, title, reader.person(row.by), ((topic, plain(told["text"])),)
        )


def _records(reader: Reader) -> Iterator[TimelineEntry]:
    for row in reader.rows.records:
        own = row.by == reader.actor.person_id
        told = reader.unseal(CaseRecord, row.id, row.details) if reader.room or own else {}
        if told:
            yield TimelineEntry(
                row.at,
                EntryKind.FORM,
                plain(row.task_name),
                reader.person(row.by),
                answers(told),
            )


def _agreements(reader: Reader) -> Iterator[TimelineEntry]:
    for row in reader.rows.agreements:
        at = datetime.combine(row.agreed_on, time(12), ZONE)
        detail: Detail = ()
        if reader.room:
            detail = tuple(
                (reader.party(each.party_id) or say("All"), plain(_promise(reader, each)))
                for each in reader.rows.commitments
                if each.agreement_id == row.id
            )
        title = say("Agreement reached")
        yield TimelineEntry(at, EntryKind.AGREEMENT, title, reader.person(row.by), detail)


def _promise(reader: Reader, commitment: Commitment) -> str:
    told = reader.unseal(Commitment, commitment.id, commitment.details)
    due = f" ({shown(commitment.due_on)})" if commitment.due_on else ""
    return f"{told['what']}{due}"


def _assignments(reader: Reader) -> Iterator[TimelineEntry]:
    for row in reader.rows.assignments:
        person = reader.person(row.person_id) or ""
        asked = say("%(person)s was asked to take the case", person=person)
        yield TimelineEntry(row.offered_at, EntryKind.ASSIGNMENT, asked, None)
        if row.answered_at is not None:
            yield TimelineEntry(
                row.answered_at, EntryKind.ASSIGNMENT, _answer(row.state, person), None
            )


def _answer(state: AssignmentState, person: str) -> Sentence:
    """Say yes or no, never why not."""
    if state in {AssignmentState.ACCEPTED, AssignmentState.CLOSED}:
        return say("%(person)s accepted", person=person)
    return say("%(person)s declined", person=person)


def _follow_ups(reader: Reader) -> Iterator[TimelineEntry]:
    for row in reader.rows.follow_ups:
        if row.done_at is not None and row.kept is not None:
            title = say("Follow-up: %(kept)s", kept=label(row.kept))
            yield TimelineEntry(row.done_at, EntryKind.FOLLOW_UP, title, None)


_SOURCES: tuple[Callable[[Reader], Iterator[TimelineEntry]], ...] = (
    _incidents,
    _contacts,
    _notes,
    _records,
    _agreements,
    _assignments,
    _follow_ups,
)


def _tasks(reader: Reader, tasks: Sequence[TaskRecord]) -> Iterator[TimelineEntry]:
    for task in tasks:
        if task.state is TaskState.COMPLETED and task.closed_at is not None:
            title = say("Done: %(task)s", task=task.name)
            by = reader.person(UUID(task.closed_by)) if task.closed_by else None
            yield TimelineEntry(task.closed_at, EntryKind.TASK, title, by)


def _audit(reader: Reader, audited: Sequence[AuditLine]) -> Iterator[TimelineEntry]:
    for line in audited:
        title = _audited(line)
        if title is not None:
            yield TimelineEntry(line.at, EntryKind.AUDIT, title, reader.person(line.actor_id))


def _audited(line: AuditLine) -> Sentence | None:
    if line.action in _TO_VERSION:
        (number,) = filter(str.isdecimal, line.fields)  # beside the id of the migration
        return _TO_VERSION[line.action](number)
    return AUDITED.get(line.action)


def answers(told: Mapping[str, Any]) -> Detail:
    """Word stored answers: the question, and the answer as it was given."""
    return tuple((plain(each["label"]), plain(each["shown"])) for each in told.values())


def plain(text: str) -> Sentence:
    return say("%(text)s", text=text)


def shown(day: date | None) -> str:
    return day.strftime("%d.%m.%Y") if day else ""

"""A filled form goes into the case file: each answer to the table it belongs to."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from engine.database import Base, new_id
from engine.keeping import keep
from workflows import sealing
from workflows.cases import details, queries
from workflows.cases.models import Case
from workflows.cases.records import CaseRecord, ContactLog, Gap, Note
from workflows.cases.values import ContactChannel, Frequency, GapArea, Reached


@dataclass(frozen=True, slots=True)
class FilledField:
    """An answer with the words it was asked and given in."""

    label: str
    value: Any
    shown: str


@dataclass(frozen=True, slots=True)
class FilledForm:
    """A form that a person has completed."""

    task_id: UUID
    task_name: str
    by: UUID
    at: datetime
    fields: Mapping[str, FilledField]
    """The case-file answers by full key; nothing unanswered."""
    answered: Mapping[str, Any]
    """The process answers of this form, by name."""
    known: Mapping[str, Any]
    """What the process knew when the form was opened."""

    def value(self, key: str, default: Any = None) -> Any:
        field = self.fields.get(key)
        return default if field is None else field.value

    def under(self, prefix: str) -> dict[str, FilledField]:
        return {key: field for key, field in self.fields.items() if key.startswith(f"{prefix}.")}


@dataclass(frozen=True, slots=True)
class Folder:
    """Where a form is filed: one case, its key, one session."""

    session: Session
    case: Case
    key: sealing.CaseKey

    def seal(self, table: type[Base], row: UUID, values: Mapping[str, Any]) -> bytes:
        return details.seal_with(self.key, (table.__tablename__, row), values)


def reference(value: Any) -> UUID | None:
    return UUID(str(value)) if value else None


def file_contact(folder: Folder, form: FilledForm) -> Iterator[str]:
    """File an attempt to reach a party, and what was learned about how to reach it."""
    told = form.under("contact")
    if not told:
        return
    contact_id = new_id()
    written = {"contact.party", "contact.at", "contact.channel", "contact.minutes"}
    minutes, reached = form.value("contact.minutes"), _reached(form)
    if reached is Reached.YES:
        queries.settle_first_contact(folder.session, folder.case.id, form.at)
    channel = form.value("contact.channel")
    keep(
        folder.session,
        ContactLog(
            id=contact_id,
            case_id=folder.case.id,
            party_id=reference(form.value("contact.party") or form.known.get("party")),
            task_id=form.task_id,
            at=form.value("contact.at", form.at),
            channel=ContactChannel(channel) if channel else None,
            reached=reached,
            minutes=int(minutes) if minutes is not None else None,
            by=form.by,
            details=folder.seal(
                ContactLog,
                contact_id,
                shown({key: field for key, field in told.items() if key not in written}),
            ),
        ),
    )
    yield from told


def _reached(form: FilledForm) -> Reached:
    answer = form.value("contact.reached") or form.answered.get("reached") or Reached.YES
    if isinstance(answer, bool):
        return Reached.YES if answer else Reached.NO
    return Reached(answer)


def file_notes(folder: Folder, form: FilledForm) -> Iterator[str]:
    """Every `note.` answer is a note of its own, under the question it answers."""
    for key, field in form.under("note").items():
        note_id = new_id()
        text = {"topic": field.label, "text": field.shown}
        keep(
            folder.session,
            Note(
                id=note_id,
                case_id=folder.case.id,
                private=False,
                by=form.by,
                at=form.at,
                details=folder.seal(Note, note_id, text),
            ),
        )
        yield key


def file_gap(folder: Folder, form: FilledForm) -> Iterator[str]:
    """Report a gap that has a title; without one the rest stays in the file only."""
    told = form.under("gap")
    if "gap.title" not in told:
        return
    gap_id = new_id()
    frequency = form.value("gap.frequency")
    text = {name: form.value(f"gap.{name}", "") for name in ("title", "description")}
    keep(
        folder.session,
        Gap(
            id=gap_id,
            case_id=folder.case.id,
            task_id=form.task_id,
            area=GapArea(form.value("gap.area", GapArea.LANGUAGE)),
            frequency=Frequency(frequency) if frequency else None,
            reported_by=form.by,
            reported_at=form.at,
            details=folder.seal(Gap, gap_id, text),
        ),
    )
    yield from told


def file_rest(folder: Folder, form: FilledForm, taken: frozenset[str]) -> Iterator[str]:
    """Whatever no table asks for is kept as it was answered."""
    rest = {key: field for key, field in form.fields.items() if key not in taken}
    if not rest:
        return
    record_id = new_id()
    keep(
        folder.session,
        CaseRecord(
            id=record_id,
            case_id=folder.case.id,
            task_id=form.task_id,
            task_name=form.task_name,
            at=form.at,
            by=form.by,
            details=folder.seal(CaseRecord, record_id, shown(rest)),
        ),
    )
    yield from rest


def shown(fields: Mapping[str, FilledField]) -> dict[str, Any]:
    """Return what is sealed of answers: value, question and answer in words, by key."""
    return {
        key: {"label": field.label, "value": field.value, "shown": field.shown}
        for key, field in fields.items()
    }

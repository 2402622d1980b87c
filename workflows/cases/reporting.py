"""A report comes in: the one way a case begins."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from bpmn.wording import Sentence, say
from engine import clock, instances
from engine.database import new_id
from engine.keeping import keep
from engine.unit_of_work import UnitOfWork
from workflows import access, audit, sealing
from workflows.access import Action, Actor
from workflows.calendar import ZONE
from workflows.cases import details, queries
from workflows.cases.errors import CaseUnknown, ReportIncomplete
from workflows.cases.models import Case, Incident, Party
from workflows.cases.values import (
    TYPES,
    Anonymity,
    CaseState,
    Channel,
    ConflictType,
    Context,
    PartyKind,
)

PROCESS = "neighbourhood_conflict"
LONGEST_TEXT = 4_000
LONGEST_LINE = 500
MOST_PARTIES = 10
OLDEST = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class PartySketch:
    """What is known of a party when the report comes in; everything may be empty."""

    name: str = ""
    contacts: str = ""
    language: str = ""
    oral_only: bool = False


@dataclass(frozen=True, slots=True)
class IncidentReport:
    """A report as a person enters it."""

    conflict_type: ConflictType
    quarter_id: UUID
    text: str
    channel: Channel = Channel.IN_PERSON
    context: Context = Context.NEIGHBOURHOOD
    anonymity: Anonymity = Anonymity.MEDIATION_ONLY
    received_at: datetime | None = None
    """None: now. Never in the future."""
    place: str = ""
    reporter: str = ""
    reporter_contact: str = ""
    language: str = ""
    """BCP 47 tag of the reporter's language."""
    parties: tuple[PartySketch, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportedCase:
    case_id: UUID
    number: str


def report_incident(
    uow: UnitOfWork, actor: Actor, report: IncidentReport, command_id: str | None
) -> ReportedCase:
    """Open a case for a report and start its process.

    Repeating the command returns the case of the first time.
    """
    access.require(actor, Action.REPORT_INCIDENT)
    deployment, quarter_known = queries.beginnings(uow.session, report.quarter_id)
    _check(report, quarter_known=quarter_known)
    command = command_id and f"report:{actor.person_id}:{command_id}"
    case_id, opened = new_id(), dict[UUID, Case]()

    def open_case() -> str:
        opened[case_id] = _open_case(uow, actor, report, case_id)
        instances.start(
            uow, PROCESS, _start_variables(opened[case_id]), case_id, deployment=deployment
        )
        return str(case_id)

    known = UUID(uow.once(command, open_case, result=str(case_id)))
    case = opened.get(known) or queries.find_case(uow.session, known)
    if case is None:
        raise CaseUnknown(known)
    return ReportedCase(case.id, case.number)


def _open_case(uow: UnitOfWork, actor: Actor, report: IncidentReport, case_id: UUID) -> Case:
    session, now = uow.session, clock.now()
    case = Case(
        id=case_id,
        number=_next_number(uow, now),
        context=report.context,
        conflict_type=report.conflict_type,
        quarter_id=report.quarter_id,
        received_at=report.received_at or now,
        opened_at=now,
        state=CaseState.REPORTED,
    )
    with uow.as_one():
        key = sealing.create_key(session, case.id)
        audit.open_chain(session, case, actor.person_id, "report_incident")
        keep(session, case, _incident(case, key, actor, report), *_parties(case, key, report))
    return case


def _next_number(uow: UnitOfWork, now: datetime) -> str:
    year = now.astimezone(ZONE).year
    return f"KKM-{year}-{queries.next_number(uow.session, year):05}"


def _incident(case: Case, key: sealing.CaseKey, actor: Actor, report: IncidentReport) -> Incident:
    incident_id = new_id()
    nameless = report.anonymity is Anonymity.ANONYMOUS
    told = {
        "text": report.text.strip(),
        "place": report.place.strip(),
        "reporter": "" if nameless else report.reporter.strip(),
        "reporter_contact": "" if nameless else report.reporter_contact.strip(),
        "language": report.language,
    }
    return Incident(
        id=incident_id,
        case_id=case.id,
        channel=report.channel,
        anonymity=report.anonymity,
        conflict_type=report.conflict_type,
        received_at=case.received_at,
        taken_by=actor.person_id,
        created_at=case.opened_at,
        details=details.seal_with(key, (Incident.__tablename__, incident_id), told),
    )


def _parties(case: Case, key: sealing.CaseKey, report: IncidentReport) -> list[Party]:
    parties = []
    for position, sketch in enumerate(report.parties, start=1):
        party_id = new_id()
        languages = [{"tag": sketch.language}] if sketch.language else []
        known = {"name": sketch.name, "contacts": sketch.contacts, "languages": languages}
        parties.append(
            Party(
                id=party_id,
                case_id=case.id,
                position=position,
                kind=PartyKind.PERSON,
                oral_only=sketch.oral_only,
                created_at=case.opened_at,
                details=details.seal_with(key, (Party.__tablename__, party_id), known),
            )
        )
    return parties


START_VARIABLES = frozenset({"case_id", "context", "conflict_type", "quarter", "received_at"})
"""What the process of a case begins with."""


def _start_variables(case: Case) -> dict[str, object]:
    return {
        "case_id": str(case.id),
        "context": case.context.value,
        "conflict_type": case.conflict_type.value,
        "quarter": str(case.quarter_id),
        "received_at": case.received_at,
    }


def _check(report: IncidentReport, *, quarter_known: bool) -> None:
    """Refuse with every problem at once, so that nobody has to send the form three times."""
    problems: dict[str, list[Sentence]] = {
        name: [sentence] for name, sentence in _lengths(report).items()
    }
    if not report.text.strip():
        problems["text"] = [say("Please say in one sentence what happened.")]
    if report.conflict_type not in TYPES[report.context]:
        problems["conflict_type"] = [say("Please choose a type from the list.")]
    if not quarter_known:
        problems["quarter_id"] = [say("Please choose a quarter from the list.")]
    if (wrong := _wrong_time(report.received_at)) is not None:
        problems["received_at"] = [wrong]
    if problems:
        raise ReportIncomplete(problems)


def _lengths(report: IncidentReport) -> dict[str, Sentence]:
    lines = {
        "place": report.place,
        "reporter": report.reporter,
        "reporter_contact": report.reporter_contact,
        "language": report.language,
        "parties": max((_longest_line(party) for party in report.parties), key=len, default=""),
    }
    too_long = {
        name: _too_long(line, LONGEST_LINE)
        for name, line in lines.items()
        if len(line) > LONGEST_LINE
    }
    if len(report.text) > LONGEST_TEXT:
        too_long["text"] = _too_long(report.text, LONGEST_TEXT)
    if len(report.parties) > MOST_PARTIES:
        too_long["parties"] = say("At most %(most)s parties are possible.", most=MOST_PARTIES)
    return too_long


def _longest_line(party: PartySketch) -> str:
    return max(party.name, party.contacts, party.language, key=len)


def _too_long(value: str, most: int) -> Sentence:
    return say(
        "This is %(length)s characters long; at most %(most)s are possible.",
        length=len(value),
        most=most,
    )


def _wrong_time(received_at: datetime | None) -> Sentence | None:
    if received_at is None:
        return None
    now = clock.now()
    if received_at.tzinfo is None or received_at > now + timedelta(minutes=1):
        return say("The report cannot have come in later than now.")
    if received_at < now - OLDEST:
        return say("The report is older than a year. Please check the date.")
    return None

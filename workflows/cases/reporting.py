"""A report comes in: the one way a case begins."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from engine.unit_of_work import UnitOfWork

from workflows.access import Actor
from workflows.cases.values import Anonymity, Channel, ConflictType, Context


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
    raise NotImplementedError

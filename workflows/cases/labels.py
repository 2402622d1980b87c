"""What people read instead of the stored values."""

from collections.abc import Mapping
from enum import StrEnum

from bpmn.wording import Sentence, say
from workflows.cases.values import (
    Anonymity,
    AppointmentState,
    AssignmentState,
    CaseState,
    Channel,
    CommitmentState,
    ConflictType,
    Context,
    DeadlineState,
    FollowUpKind,
    Kept,
    Outcome,
    PartyKind,
    Priority,
    Reached,
    RelationKind,
    Route,
)

_TYPES: tuple[tuple[StrEnum, Sentence], ...] = (
    (ConflictType.NOISE, say("Noise")),
    (ConflictType.WASTE, say("Waste and cleanliness")),
    (ConflictType.SHARED_SPACE, say("Shared spaces and courtyard")),
    (ConflictType.CHILDREN_PLAY, say("Children and play")),
    (ConflictType.PARKING, say("Parking and traffic")),
    (ConflictType.ANIMALS, say("Animals")),
    (ConflictType.STAIRWELL, say("House and stairwell")),
    (ConflictType.TENANCY, say("Flat and landlord")),
    (ConflictType.BOUNDARY_PLANTS, say("Boundary and plants")),
    (ConflictType.SMELL_SMOKE, say("Smell and smoke")),
    (ConflictType.PUBLIC_SPACE_GROUPS, say("Groups in public space")),
    (ConflictType.INSULT, say("Insult and honour")),
    (ConflictType.FAMILY_PRESSURE, say("Pressure by family or clan")),
    (ConflictType.AUTHORITY, say("Public office")),
    (ConflictType.PUPILS_QUARREL, say("Quarrel between children")),
    (ConflictType.GROUP_CONFLICT, say("Conflict between groups")),
    (ConflictType.BULLYING, say("Bullying")),
    (ConflictType.CYBERBULLYING, say("Cyberbullying")),
    (ConflictType.PARENTS_TEACHER, say("Parents and teacher")),
    (ConflictType.PARENTS_SCHOOL, say("Parents and school")),
    (ConflictType.ABSENCE, say("Absence from school")),
    (ConflictType.LANGUAGE, say("Language and misunderstanding")),
    (ConflictType.DAY_CARE, say("All-day care")),
    (ConflictType.WAY_TO_SCHOOL, say("Way to school")),
    (ConflictType.SCHOOL_CHANGE, say("Change of school")),
    (ConflictType.DISCRIMINATION, say("Discrimination")),
    (ConflictType.OTHER, say("Something else")),
)

_CASE: tuple[tuple[StrEnum, Sentence], ...] = (
    (Context.NEIGHBOURHOOD, say("Neighbourhood")),
    (Context.SCHOOL, say("School")),
    (CaseState.REPORTED, say("Reported")),
    (CaseState.TRIAGED, say("Assessed")),
    (CaseState.ASSIGNED, say("With a mediator")),
    (CaseState.FOLLOWING_UP, say("In follow-up")),
    (CaseState.PROTECTION, say("In protection review")),
    (CaseState.CLOSED, say("Closed")),
    (Priority.URGENT, say("Urgent")),
    (Priority.NORMAL, say("Normal")),
    (Priority.PLANNABLE, say("Can be planned")),
    (Route.CLARIFICATION, say("Clarifying talk")),
    (Route.CLARIFICATION_WITH_INSTITUTION, say("Clarifying talk with the institution")),
    (Route.SHUTTLE, say("Shuttle mediation")),
    (Route.MEDIATION, say("Mediation")),
    (Route.ROUND_TABLE, say("Round table")),
    (Route.ESCALATION, say("Escalation")),
    (Route.ANTI_DISCRIMINATION_ADVICE, say("Anti-discrimination advice")),
    (Route.ARBITRATION_HINT, say("Hint at the arbitration office")),
    (Route.OBSERVE, say("Observe")),
    (Route.NO_BLAME, say("No-blame approach")),
    (Outcome.RESOLVED, say("Resolved")),
    (Outcome.PARTLY_RESOLVED, say("Partly resolved")),
    (Outcome.IMPROVED, say("Improved")),
    (Outcome.UNRESOLVED, say("Not resolved")),
    (Outcome.NO_WILLINGNESS, say("No willingness to talk")),
    (Outcome.REFERRED, say("Referred")),
    (Outcome.UNREACHABLE, say("Could not be reached")),
    (Outcome.WITHDRAWN, say("Withdrawn")),
    (Outcome.SAFETY_EXIT, say("Safety exit")),
    (Outcome.SCHOOL_CHANGE, say("Changed school")),
    (Outcome.DUPLICATE, say("Linked to another case")),
)

_PEOPLE: tuple[tuple[StrEnum, Sentence], ...] = (
    (Anonymity.ANONYMOUS, say("Anonymous")),
    (Anonymity.MEDIATION_ONLY, say("Name only for the mediation")),
    (Anonymity.OPEN, say("Name may be told")),
    (PartyKind.PERSON, say("Person")),
    (PartyKind.FAMILY, say("Family")),
    (PartyKind.GROUP, say("Group")),
    (PartyKind.INSTITUTION, say("Institution")),
    (RelationKind.NEIGHBOUR, say("Neighbour")),
    (RelationKind.RELATED, say("Related")),
    (RelationKind.TENANT_LANDLORD, say("Tenant and landlord")),
    (RelationKind.CLASSMATE, say("Classmate")),
    (RelationKind.PARENTS_TEACHER, say("Parents and teacher")),
    (RelationKind.ASSOCIATION, say("Same association")),
    (RelationKind.UNKNOWN, say("Not known")),
    (Channel.IN_PERSON, say("In person")),
    (Channel.PHONE, say("Phone")),
    (Channel.EMAIL, say("E-mail")),
    (Channel.MESSENGER, say("Messenger")),
    (Channel.LETTER, say("Letter")),
    (Channel.WEB, say("Web form")),
    (Channel.QR, say("QR code")),
    (Channel.SCHOOL, say("School")),
    (Channel.PARTNER, say("Partner organisation")),
)

_RECORDS: tuple[tuple[StrEnum, Sentence], ...] = (
    (Reached.YES, say("Reached")),
    (Reached.NO, say("Not reached")),
    (Reached.WRONG_NUMBER, say("Wrong number")),
    (AppointmentState.PLANNED, say("Planned")),
    (AppointmentState.HELD, say("Held")),
    (AppointmentState.CANCELLED, say("Cancelled")),
    (AppointmentState.NO_SHOW, say("Nobody came")),
    (AppointmentState.BROKEN_OFF, say("Broken off")),
    (CommitmentState.OPEN, say("Open")),
    (CommitmentState.KEPT, say("Kept")),
    (CommitmentState.PARTLY, say("Partly kept")),
    (CommitmentState.NOT_KEPT, say("Not kept")),
    (CommitmentState.DROPPED, say("No longer needed")),
    (AssignmentState.OFFERED, say("Offered")),
    (AssignmentState.ACCEPTED, say("Accepted")),
    (AssignmentState.RECUSED, say("Declined as biased")),
    (AssignmentState.NO_CAPACITY, say("Declined for lack of time")),
    (AssignmentState.CLOSED, say("Finished")),
    (FollowUpKind.TWO_WEEKS, say("After two weeks")),
    (FollowUpKind.SIX_WEEKS, say("After six weeks")),
    (FollowUpKind.THREE_MONTHS, say("After three months")),
    (FollowUpKind.OTHER, say("Follow-up")),
    (Kept.YES, say("It holds")),
    (Kept.PARTLY, say("It holds in part")),
    (Kept.NO, say("It does not hold")),
    (Kept.NOT_REACHED, say("Nobody was reached")),
    (DeadlineState.RUNNING, say("Running")),
    (DeadlineState.OVERDUE, say("Overdue")),
    (DeadlineState.MET, say("Met")),
    (DeadlineState.WITHDRAWN, say("No longer needed")),
)

_LABELS: Mapping[tuple[type[StrEnum], str], Sentence] = {
    (type(value), value): sentence
    for group in (_TYPES, _CASE, _PEOPLE, _RECORDS)
    for value, sentence in group
}
"""Keyed by type too: values of two lists may be the same word."""


def label(value: StrEnum) -> Sentence:
    """Name a stored value for people."""
    return _LABELS[type(value), value]

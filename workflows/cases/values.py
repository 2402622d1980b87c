"""The closed lists of the case work. The values are stored; what people read is in `labels`."""

from enum import StrEnum


class Context(StrEnum):
    NEIGHBOURHOOD = "neighbourhood"
    SCHOOL = "school"


class ConflictType(StrEnum):
    NOISE = "noise"
    WASTE = "waste"
    SHARED_SPACE = "shared_space"
    CHILDREN_PLAY = "children_play"
    PARKING = "parking"
    ANIMALS = "animals"
    STAIRWELL = "stairwell"
    TENANCY = "tenancy"
    BOUNDARY_PLANTS = "boundary_plants"
    SMELL_SMOKE = "smell_smoke"
    PUBLIC_SPACE_GROUPS = "public_space_groups"
    INSULT = "insult"
    FAMILY_PRESSURE = "family_pressure"
    AUTHORITY = "authority"
    PUPILS_QUARREL = "pupils_quarrel"
    GROUP_CONFLICT = "group_conflict"
    BULLYING = "bullying"
    CYBERBULLYING = "cyberbullying"
    PARENTS_TEACHER = "parents_teacher"
    PARENTS_SCHOOL = "parents_school"
    ABSENCE = "absence"
    LANGUAGE = "language"
    DAY_CARE = "day_care"
    WAY_TO_SCHOOL = "way_to_school"
    SCHOOL_CHANGE = "school_change"
    DISCRIMINATION = "discrimination"
    OTHER = "other"


_EITHER = (ConflictType.DISCRIMINATION, ConflictType.OTHER)
_LIST = tuple(ConflictType)
_FIRST_SCHOOL_TYPE = _LIST.index(ConflictType.PUPILS_QUARREL)

TYPES: dict[Context, tuple[ConflictType, ...]] = {
    Context.NEIGHBOURHOOD: (*_LIST[:_FIRST_SCHOOL_TYPE], *_EITHER),
    Context.SCHOOL: _LIST[_FIRST_SCHOOL_TYPE:],
}


class Channel(StrEnum):
    """How a report came in."""

    IN_PERSON = "in_person"
    PHONE = "phone"
    WEB = "web"
    QR = "qr"
    LETTER = "letter"
    SCHOOL = "school"
    PARTNER = "partner"


class ContactChannel(StrEnum):
    """How a party is, or wants to be, reached."""

    PHONE = "phone"
    VISIT = "visit"
    LETTER = "letter"
    EMAIL = "email"
    MESSENGER = "messenger"
    THROUGH_MEDIATOR = "through_mediator"


class Anonymity(StrEnum):
    ANONYMOUS = "anonymous"
    MEDIATION_ONLY = "mediation_only"
    OPEN = "open"


class CaseState(StrEnum):
    REPORTED = "reported"
    TRIAGED = "triaged"
    ASSIGNED = "assigned"
    FOLLOWING_UP = "following_up"
    PROTECTION = "protection"
    CLOSED = "closed"


_OPEN = frozenset(CaseState) - {CaseState.CLOSED}

CASE_MOVES: dict[CaseState, frozenset[CaseState]] = {
    **{state: frozenset(CaseState) - {state, CaseState.REPORTED} for state in _OPEN},
    CaseState.CLOSED: frozenset(),
}
"""A closed case stays closed: a later report on the same matter is a new case."""


class Priority(StrEnum):
    URGENT = "urgent"
    NORMAL = "normal"
    PLANNABLE = "plannable"


class Route(StrEnum):
    CLARIFICATION = "clarification"
    CLARIFICATION_WITH_INSTITUTION = "clarification_with_institution"
    SHUTTLE = "shuttle"
    MEDIATION = "mediation"
    ROUND_TABLE = "round_table"
    ESCALATION = "escalation"
    ANTI_DISCRIMINATION_ADVICE = "anti_discrimination_advice"
    ARBITRATION_HINT = "arbitration_hint"
    OBSERVE = "observe"
    NO_BLAME = "no_blame"


class Outcome(StrEnum):
    RESOLVED = "resolved"
    PARTLY_RESOLVED = "partly_resolved"
    IMPROVED = "improved"
    UNRESOLVED = "unresolved"
    NO_WILLINGNESS = "no_willingness"
    REFERRED = "referred"
    UNREACHABLE = "unreachable"
    WITHDRAWN = "withdrawn"
    SAFETY_EXIT = "safety_exit"
    SCHOOL_CHANGE = "school_change"
    DUPLICATE = "duplicate"


class PartyKind(StrEnum):
    PERSON = "person"
    FAMILY = "family"
    GROUP = "group"
    INSTITUTION = "institution"


class RelationKind(StrEnum):
    NEIGHBOUR = "neighbour"
    RELATED = "related"
    TENANT_LANDLORD = "tenant_landlord"
    CLASSMATE = "classmate"
    PARENTS_TEACHER = "parents_teacher"
    ASSOCIATION = "association"
    UNKNOWN = "unknown"


class Reached(StrEnum):
    YES = "yes"
    NO = "no"
    WRONG_NUMBER = "wrong_number"


class AppointmentState(StrEnum):
    PLANNED = "planned"
    HELD = "held"
    CANCELLED = "cancelled"
    NO_SHOW = "no_show"
    BROKEN_OFF = "broken_off"


class CommitmentState(StrEnum):
    OPEN = "open"
    KEPT = "kept"
    PARTLY = "partly"
    NOT_KEPT = "not_kept"
    DROPPED = "dropped"


class AssignmentState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    RECUSED = "recused"
    NO_CAPACITY = "no_capacity"
    CLOSED = "closed"


class FollowUpKind(StrEnum):
    TWO_WEEKS = "two_weeks"
    SIX_WEEKS = "six_weeks"
    THREE_MONTHS = "three_months"
    OTHER = "other"


class RiskKind(StrEnum):
    ACUTE_DANGER = "acute_danger"
    WEAPON = "weapon"
    SPECIFIC_THREAT = "specific_threat"
    DOMESTIC_VIOLENCE = "domestic_violence"
    CHILD_WELFARE = "child_welfare"
    SELF_HARM_RISK = "self_harm_risk"
    HATE_CRIME_SUSPECTED = "hate_crime_suspected"


class GapArea(StrEnum):
    """Where something in the system is missing, beyond the single case."""

    HOUSING = "housing"
    SCHOOL_DAY_CARE = "school_day_care"
    LANGUAGE = "language"
    ACCESS_TO_AUTHORITIES = "access_to_authorities"
    HEALTH = "health"
    WORK = "work"
    RESIDENCE = "residence"
    NATURALISATION = "naturalisation"
    PUBLIC_ORDER = "public_order"
    OTHER = "other"


class Frequency(StrEnum):
    ONCE = "once"
    REPEATED = "repeated"
    CONSTANT = "constant"


class Kept(StrEnum):
    YES = "yes"
    PARTLY = "partly"
    NO = "no"
    NOT_REACHED = "not_reached"


class Calendar(StrEnum):
    OFFICE = "office"
    SCHOOL = "school"


class DeadlineState(StrEnum):
    RUNNING = "running"
    OVERDUE = "overdue"
    MET = "met"
    LATE = "late"
    """Done after all, but after the due date."""
    WITHDRAWN = "withdrawn"

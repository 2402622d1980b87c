"""What pages and other modules see of people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from workflows.access import Actor, Role
from workflows.people.models import OrganisationKind, Regime


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A browser session: `token` goes into the cookie, and nowhere else."""

    token: str
    actor: Actor
    language: str


@dataclass(frozen=True, slots=True)
class Visitor:
    """Whoever a valid session or API token belongs to."""

    actor: Actor
    language: str


@dataclass(frozen=True, slots=True)
class Visit:
    """A request that came with a valid session."""

    visitor: Visitor
    session_id: UUID
    is_to_note: bool
    """The last note of a visit is a minute old: note this one, see `sessions.note`."""


@dataclass(frozen=True, slots=True)
class PersonView:
    id: UUID
    login: str
    name: str
    language: str
    organisation: str
    roles: frozenset[Role]
    quarters: frozenset[UUID]
    disabled: bool


@dataclass(frozen=True, slots=True)
class Addressee:
    """Where to reach one of our people."""

    person_id: UUID
    name: str
    email: str
    language: str


@dataclass(frozen=True, slots=True)
class Skill:
    """Levels from 0 (none) to 3 (as a first language)."""

    tag: str
    speak: int
    understand: int
    read: int
    write: int
    remark: str = ""


@dataclass(frozen=True, slots=True)
class MediatorView:
    id: UUID
    name: str
    roles: frozenset[Role]
    languages: Mapping[str, Skill]
    quarters: frozenset[UUID]
    weekly_capacity: int
    absent: bool
    absent_until: date | None
    tandem: UUID | None


@dataclass(frozen=True, slots=True)
class OrganisationView:
    id: UUID
    name: str
    kind: OrganisationKind
    regime: Regime
    agreement_until: date | None


@dataclass(frozen=True, slots=True)
class AbsenceView:
    id: UUID
    first_day: date
    last_day: date

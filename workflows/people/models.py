"""Quarters, organisations and places; people, their roles and ways in; what mediators can do."""

from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from engine.database import Base, UuidPk
from workflows.access import Role


class Regime(StrEnum):
    """The data protection law an organisation lives under."""

    GDPR = "gdpr"
    KDG = "kdg"
    """Church law of Catholic bodies."""
    DSG_EKD = "dsg_ekd"
    """Church law of Protestant bodies."""


class OrganisationKind(StrEnum):
    CITY = "city"
    WELFARE = "welfare"
    HOUSING = "housing"
    SCHOOL = "school"
    POLICE = "police"
    OTHER = "other"


class Quarter(Base):
    __tablename__ = "quarter"

    id: Mapped[UuidPk]
    name: Mapped[str] = mapped_column(unique=True)


class Organisation(Base):
    """A body that people belong to or that cases are referred to."""

    __tablename__ = "organisation"

    id: Mapped[UuidPk]
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[OrganisationKind]
    regime: Mapped[Regime]
    agreement_until: Mapped[date | None]
    """The access of its people ends with this day. None: no agreement needed."""


class Place(Base):
    """Neutral ground on which people meet."""

    __tablename__ = "place"

    id: Mapped[UuidPk]
    name: Mapped[str] = mapped_column(unique=True)
    quarter_id: Mapped[UUID] = mapped_column(ForeignKey("quarter.id"), index=True)


class Person(Base):
    """An account. The login is an e-mail address, stored in lower case."""

    __tablename__ = "person"

    id: Mapped[UuidPk]
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(String(2), default="de")
    organisation_id: Mapped[UUID] = mapped_column(ForeignKey("organisation.id"), index=True)
    password_hash: Mapped[str]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]


class PersonRole(Base):
    __tablename__ = "person_role"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(primary_key=True)


class PersonQuarter(Base):
    __tablename__ = "person_quarter"

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    quarter_id: Mapped[UUID] = mapped_column(ForeignKey("quarter.id"), primary_key=True, index=True)


class WebSession(Base):
    """One browser that somebody signed in with. The token itself is only in the cookie."""

    __tablename__ = "web_session"

    id: Mapped[UuidPk]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class ApiToken(Base):
    """A program's way in, with the rights of the person it was made for."""

    __tablename__ = "api_token"

    id: Mapped[UuidPk]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class LoginThrottle(Base):
    """How often a login, or an address it came from, failed of late.

    Kept for unknown logins too, so that none stands out; only a hash of either is stored.
    """

    __tablename__ = "login_throttle"

    key: Mapped[bytes] = mapped_column(LargeBinary(32), primary_key=True)
    failures: Mapped[int]
    last_failed_at: Mapped[datetime] = mapped_column(index=True)


class MediatorProfile(Base):
    """How much a mediator can take on, and with whom."""

    __tablename__ = "mediator_profile"
    __table_args__ = (CheckConstraint("weekly_capacity >= 0", "capacity_not_negative"),)

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    weekly_capacity: Mapped[int]
    """Open cases that fit into a week."""
    tandem_id: Mapped[UUID | None] = mapped_column(ForeignKey("person.id"))


class LanguageSkill(Base):
    """Four skills from 0 (none) to 3 (as a first language)."""

    __tablename__ = "language_skill"
    __table_args__ = tuple(
        CheckConstraint(f"{skill} BETWEEN 0 AND 3", f"{skill}_level")
        for skill in ("speak", "understand", "read", "write")
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(35), primary_key=True)
    """BCP 47. Tags are compared exactly: kmr does not help where ckb is spoken."""
    speak: Mapped[int]
    understand: Mapped[int]
    read: Mapped[int]
    write: Mapped[int]
    remark: Mapped[str] = mapped_column(default="")
    """Dialect or variety."""


class Absence(Base):
    """Days on which a person takes no new work; both ends belong to it. No reason is kept."""

    __tablename__ = "absence"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", "ends_after_start"),
        Index("ix_absence_person_days", "person_id", "first_day", "last_day"),
    )

    id: Mapped[UuidPk]
    person_id: Mapped[UUID] = mapped_column(ForeignKey("person.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]

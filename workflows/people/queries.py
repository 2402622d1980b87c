"""Every SELECT about people, by name."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Connection,
    Date,
    Row,
    Select,
    bindparam,
    delete,
    or_,
    select,
    update,
)
from sqlalchemy.orm import Session

from bpmn.host import BERLIN
from engine import clock
from engine.commands import insert_or_ignore
from engine.database import table_of
from workflows.access import Actor, Role
from workflows.people.models import (
    Absence,
    ApiToken,
    LanguageSkill,
    LoginThrottle,
    MediatorProfile,
    Organisation,
    Person,
    PersonQuarter,
    PersonRole,
    WebSession,
)
from workflows.people.views import AbsenceView, Addressee, MediatorView, PersonView, Skill, Visitor

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class SessionFound:
    session_id: UUID
    created_at: datetime
    seen_at: datetime
    visitor: Visitor


def _visitors(*extra: Any) -> Select[*tuple[Any, ...]]:
    """People who may come in `today`, one row per role and quarter."""
    today = bindparam("today", type_=Date)
    return (
        select(
            Person.id,
            Person.name,
            Person.language,
            PersonRole.role,
            PersonQuarter.quarter_id,
            *extra,
        )
        .join(Organisation, Organisation.id == Person.organisation_id)
        .outerjoin(PersonRole, PersonRole.person_id == Person.id)
        .outerjoin(PersonQuarter, PersonQuarter.person_id == Person.id)
        .where(
            Person.disabled_at.is_(None),
            or_(Organisation.agreement_until.is_(None), Organisation.agreement_until >= today),
        )
    )


_OF_SESSION = (
    _visitors(WebSession.id, WebSession.created_at, WebSession.seen_at)
    .join(WebSession, WebSession.person_id == Person.id)
    .where(WebSession.token_hash == bindparam("token"))
)
_OF_TOKEN = (
    _visitors()
    .join(ApiToken, ApiToken.person_id == Person.id)
    .where(
        ApiToken.token_hash == bindparam("token"),
        ApiToken.revoked_at.is_(None),
        or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > bindparam("now")),
    )
)
_OF_LOGIN = _visitors().where(Person.login == bindparam("login"))
_OF_PERSON = _visitors().where(Person.id == bindparam("person"))


def visitor_of_session(connection: Connection, token_hash: bytes) -> SessionFound | None:
    """One statement for the session, the person, her roles and quarters."""
    rows = connection.execute(_OF_SESSION, {"token": token_hash, "today": _today()}).all()
    if not rows:
        return None
    session_id, created_at, seen_at = rows[0][-3:]
    return SessionFound(session_id, created_at, seen_at, _visitor(rows))


def visitor_of_token(connection: Connection, token_hash: bytes, now: datetime) -> Visitor | None:
    given = {"token": token_hash, "now": now, "today": _today()}
    rows = connection.execute(_OF_TOKEN, given).all()
    return _visitor(rows) if rows else None


def visitor_of_login(session: Session, login: str) -> Visitor | None:
    rows = session.execute(_OF_LOGIN, {"login": login, "today": _today()}).all()
    return _visitor(rows) if rows else None


def actor(session: Session, person_id: UUID) -> Actor | None:
    """Who this is now; None for strangers and for people who are shut out."""
    rows = session.execute(_OF_PERSON, {"person": person_id, "today": _today()}).all()
    return _visitor(rows).actor if rows else None


def _today() -> date:
    return clock.now().astimezone(BERLIN).date()


def _visitor(rows: Sequence[Row[*tuple[Any, ...]]]) -> Visitor:
    roles = frozenset(row[3] for row in rows if row[3] is not None)
    quarters = frozenset(row[4] for row in rows if row[4] is not None)
    person_id, name, language = rows[0][:3]
    return Visitor(Actor(person_id, name, roles, quarters), language)


def session_of(session: Session, token_hash: bytes) -> WebSession | None:
    return session.scalars(select(WebSession).where(WebSession.token_hash == token_hash)).first()


def note_visit(session: Session, session_id: UUID, now: datetime) -> None:
    session.execute(update(WebSession).where(WebSession.id == session_id).values(seen_at=now))


def delete_sessions_of(session: Session, person_id: UUID) -> None:
    session.execute(delete(WebSession).where(WebSession.person_id == person_id))


def delete_sessions_before(session: Session, opened: datetime, seen: datetime) -> None:
    ended = or_(WebSession.created_at <= opened, WebSession.seen_at <= seen)
    session.execute(delete(WebSession).where(ended))


def password_hash_of(session: Session, login: str) -> str | None:
    query = select(Person.password_hash).where(Person.login == login, Person.disabled_at.is_(None))
    return session.scalar(query)


def person_by_login(session: Session, login: str) -> Person | None:
    return session.scalars(select(Person).where(Person.login == login)).first()


def ensure_throttles(connection: Connection, keys: Sequence[bytes], now: datetime) -> None:
    """See to it that there is something to lock, however many try at once."""
    rows = [{"key": key, "failures": 0, "last_failed_at": now} for key in keys]
    connection.execute(insert_or_ignore(connection, table_of(LoginThrottle)), rows)


def lock_throttles(session: Session, keys: Sequence[bytes]) -> Sequence[LoginThrottle]:
    query = select(LoginThrottle).where(LoginThrottle.key.in_(keys)).order_by(LoginThrottle.key)
    return session.scalars(query.with_for_update()).all()


def delete_throttles(session: Session, keys: Sequence[bytes], forgotten: datetime) -> None:
    """Delete these, and what was forgotten anyway unless somebody is at it."""
    old = select(LoginThrottle.key).where(LoginThrottle.last_failed_at < forgotten).limit(100)
    found = session.scalars(old.with_for_update(skip_locked=True)).all()
    session.execute(delete(LoginThrottle).where(LoginThrottle.key.in_([*keys, *found])))


def delete_belonging(session: Session, person_id: UUID) -> None:
    session.execute(delete(PersonRole).where(PersonRole.person_id == person_id))
    session.execute(delete(PersonQuarter).where(PersonQuarter.person_id == person_id))


def delete_skills(session: Session, person_id: UUID) -> None:
    session.execute(delete(LanguageSkill).where(LanguageSkill.person_id == person_id))


def person_id_of(session: Session, login: str) -> UUID | None:
    return session.scalar(select(Person.id).where(Person.login == login.strip().lower()))


def names(session: Session, ids: Collection[UUID]) -> Mapping[UUID, str]:
    if not ids:
        return {}
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row.id: row.name for row in session.execute(query)}


def people(session: Session) -> Sequence[PersonView]:
    """Everybody, by name, the disabled ones too."""
    query = (
        select(Person, Organisation.name)
        .join(Organisation, Organisation.id == Person.organisation_id)
        .order_by(Person.name)
    )
    roles = _grouped(session, select(PersonRole.person_id, PersonRole.role))
    quarters = _grouped(session, select(PersonQuarter.person_id, PersonQuarter.quarter_id))
    return [
        PersonView(
            id=person.id,
            login=person.login,
            name=person.name,
            language=person.language,
            organisation=organisation,
            roles=frozenset(roles[person.id]),
            quarters=frozenset(quarters[person.id]),
            disabled=person.disabled_at is not None,
        )
        for person, organisation in session.execute(query)
    ]


def addressee(session: Session, person_id: UUID) -> Addressee | None:
    return next(iter(_addressees(session, Person.id == person_id)), None)


def addressees(session: Session, role: Role, quarter_id: UUID | None = None) -> Sequence[Addressee]:
    """Whoever holds a role, and works in the quarter when one is given."""
    holders = select(PersonRole.person_id).where(PersonRole.role == role)
    conditions = [Person.id.in_(holders)]
    if quarter_id is not None:
        workers = select(PersonQuarter.person_id).where(PersonQuarter.quarter_id == quarter_id)
        conditions.append(Person.id.in_(workers))
    return _addressees(session, *conditions)


def _addressees(session: Session, *conditions: ColumnElement[bool]) -> Sequence[Addressee]:
    query = select(Person).where(Person.disabled_at.is_(None), *conditions).order_by(Person.name)
    return [Addressee(p.id, p.name, p.login, p.language) for p in session.scalars(query)]


def mediators(session: Session, on: date) -> Sequence[MediatorView]:
    """Everybody who can be proposed for a case, and whether they are there on this day."""
    query = (
        select(Person, MediatorProfile)
        .join(MediatorProfile, MediatorProfile.person_id == Person.id)
        .where(Person.disabled_at.is_(None))
        .order_by(Person.name)
    )
    rows = session.execute(query).all()
    ids = [person.id for person, _ in rows]
    skills = _skills(session, ids)
    roles = _grouped(session, select(PersonRole.person_id, PersonRole.role))
    quarters = _grouped(session, select(PersonQuarter.person_id, PersonQuarter.quarter_id))
    away = dict(_absent_until(session, ids, on))
    return [
        MediatorView(
            id=person.id,
            name=person.name,
            roles=frozenset(roles[person.id]),
            languages=skills[person.id],
            quarters=frozenset(quarters[person.id]),
            weekly_capacity=profile.weekly_capacity,
            absent=person.id in away,
            absent_until=away.get(person.id),
            tandem=profile.tandem_id,
        )
        for person, profile in rows
    ]


def absences_of(session: Session, person_id: UUID) -> Sequence[AbsenceView]:
    query = select(Absence).where(Absence.person_id == person_id).order_by(Absence.first_day)
    return [AbsenceView(row.id, row.first_day, row.last_day) for row in session.scalars(query)]


def _absent_until(session: Session, ids: Collection[UUID], on: date) -> Iterable[tuple[UUID, date]]:
    query = (
        select(Absence.person_id, Absence.last_day)
        .where(Absence.person_id.in_(ids), Absence.first_day <= on, Absence.last_day >= on)
        .order_by(Absence.last_day)
    )
    return ((row.person_id, row.last_day) for row in session.execute(query))


def _skills(session: Session, ids: Collection[UUID]) -> Mapping[UUID, dict[str, Skill]]:
    found: dict[UUID, dict[str, Skill]] = defaultdict(dict)
    for row in session.scalars(select(LanguageSkill).where(LanguageSkill.person_id.in_(ids))):
        found[row.person_id][row.tag] = Skill(
            row.tag, row.speak, row.understand, row.read, row.write, row.remark
        )
    return found


def _grouped(session: Session, query: Select[UUID, Value]) -> Mapping[UUID, set[Value]]:
    found: dict[UUID, set[Value]] = defaultdict(set)
    for key, value in session.execute(query):
        found[key].add(value)
    return found

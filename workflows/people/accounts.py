"""Accounts: who may come in, in which roles, for which quarters. The administration keeps them."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from uuid import UUID

from engine import clock
from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from workflows import access
from workflows.access import Action, Actor, Role
from workflows.people import queries, sessions
from workflows.people.errors import LoginMalformed, LoginTaken, PersonUnknown
from workflows.people.models import Person, PersonQuarter, PersonRole
from workflows.people.passwords import hash_password


@dataclass(frozen=True, slots=True)
class NewPerson:
    """An account as the administration enters it; the login is the e-mail address."""

    login: str
    name: str
    organisation_id: UUID
    roles: AbstractSet[Role]
    quarters: AbstractSet[UUID] = frozenset()
    language: str = "de"


def add_person(uow: UnitOfWork, actor: Actor, new: NewPerson, password: str) -> UUID:
    access.require(actor, Action.MANAGE_PEOPLE)
    login = _login(new.login)
    if queries.person_by_login(uow.session, login) is not None:
        raise LoginTaken(login)
    person = Person(
        id=new_id(),
        login=login,
        name=new.name.strip(),
        language=new.language,
        organisation_id=new.organisation_id,
        password_hash=hash_password(password),
        created_at=clock.now(),
    )
    uow.session.add(person)
    uow.session.flush()  # roles and quarters point at the person, without a relationship to sort by
    _belong(uow, person.id, new.roles, new.quarters)
    return person.id


def change_belonging(
    uow: UnitOfWork,
    actor: Actor,
    person_id: UUID,
    roles: AbstractSet[Role],
    quarters: AbstractSet[UUID],
) -> None:
    """Set roles and quarters. Every session of the person ends: she signs in to her new rights."""
    access.require(actor, Action.MANAGE_PEOPLE)
    _person(uow, person_id)
    queries.delete_belonging(uow.session, person_id)
    _belong(uow, person_id, roles, quarters)
    sessions.close_all(uow, person_id)


def disable(uow: UnitOfWork, actor: Actor, person_id: UUID) -> None:
    """Shut a person out at once; her sessions end, her tokens fail, what she did stays."""
    access.require(actor, Action.MANAGE_PEOPLE)
    person = _person(uow, person_id)
    person.disabled_at = person.disabled_at or clock.now()
    sessions.close_all(uow, person_id)


def enable(uow: UnitOfWork, actor: Actor, person_id: UUID) -> None:
    access.require(actor, Action.MANAGE_PEOPLE)
    _person(uow, person_id).disabled_at = None


def set_password(uow: UnitOfWork, actor: Actor, person_id: UUID, password: str) -> None:
    """Change one's own password, or as administration anybody's. Every session of hers ends."""
    if actor.person_id != person_id:
        access.require(actor, Action.MANAGE_PEOPLE)
    _person(uow, person_id).password_hash = hash_password(password)
    sessions.close_all(uow, person_id)


def set_language(uow: UnitOfWork, actor: Actor, language: str) -> None:
    """Choose one's own language for mails and pages."""
    _person(uow, actor.person_id).language = "en" if language == "en" else "de"


def _person(uow: UnitOfWork, person_id: UUID) -> Person:
    person = uow.session.get(Person, person_id)
    if person is None:
        raise PersonUnknown
    return person


def _belong(
    uow: UnitOfWork, person_id: UUID, roles: AbstractSet[Role], quarters: AbstractSet[UUID]
) -> None:
    uow.session.add_all(PersonRole(person_id=person_id, role=role) for role in roles)
    uow.session.add_all(PersonQuarter(person_id=person_id, quarter_id=each) for each in quarters)


def _login(text: str) -> str:
    login = text.strip().lower()
    name, _, domain = login.partition("@")
    plain = login.isprintable() and not any(sign in login for sign in ' ,;:<>"()[]\\')
    if not (name and domain and plain and "@" not in domain and len(login) <= 254):
        raise LoginMalformed
    return login

"""What mediators can do and when: languages, capacity, tandem, absences."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from workflows import access
from workflows.access import Action, Actor
from workflows.people import queries
from workflows.people.errors import AbsenceRefused, PersonUnknown, SkillRefused
from workflows.people.models import Absence, LanguageSkill, MediatorProfile, Person
from workflows.people.views import Skill


def set_capacity(
    uow: UnitOfWork,
    actor: Actor,
    person_id: UUID,
    weekly_capacity: int,
    tandem_id: UUID | None = None,
) -> None:
    """Say how many open cases fit; this makes the person a mediator who can be proposed."""
    access.require(actor, Action.MANAGE_PEOPLE)
    if uow.session.get(Person, person_id) is None:
        raise PersonUnknown
    profile = uow.session.get(MediatorProfile, person_id)
    if profile is None:
        profile = MediatorProfile(person_id=person_id)
        uow.session.add(profile)
    profile.weekly_capacity, profile.tandem_id = weekly_capacity, tandem_id


def set_languages(uow: UnitOfWork, actor: Actor, person_id: UUID, skills: Iterable[Skill]) -> None:
    access.require(actor, Action.MANAGE_PEOPLE)
    queries.delete_skills(uow.session, person_id)
    for skill in skills:
        levels = (skill.speak, skill.understand, skill.read, skill.write)
        if not all(0 <= level <= 3 for level in levels):
            raise SkillRefused(skill.tag)
        uow.session.add(
            LanguageSkill(
                person_id=person_id,
                tag=skill.tag,
                speak=skill.speak,
                understand=skill.understand,
                read=skill.read,
                write=skill.write,
                remark=skill.remark,
            )
        )


def add_absence(
    uow: UnitOfWork, actor: Actor, person_id: UUID, first_day: date, last_day: date
) -> UUID:
    """Take no new work from the first to the last day. One's own; the administration anybody's."""
    _require_own(actor, person_id)
    if last_day < first_day:
        raise AbsenceRefused
    absence = Absence(id=new_id(), person_id=person_id, first_day=first_day, last_day=last_day)
    uow.session.add(absence)
    return absence.id


def remove_absence(uow: UnitOfWork, actor: Actor, absence_id: UUID) -> None:
    absence = uow.session.get(Absence, absence_id)
    if absence is None:
        raise access.NoSuchThing
    _require_own(actor, absence.person_id)
    uow.session.delete(absence)


def _require_own(actor: Actor, person_id: UUID) -> None:
    own = actor.person_id == person_id
    access.require(actor, Action.OWN_ABSENCE if own else Action.MANAGE_PEOPLE)

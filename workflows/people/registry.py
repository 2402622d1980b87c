"""Quarters, organisations and places: what the administration enters once."""

from datetime import date
from uuid import UUID

from engine.database import new_id
from engine.unit_of_work import UnitOfWork
from workflows import access
from workflows.access import Action, Actor
from workflows.people.models import Organisation, OrganisationKind, Place, Quarter, Regime


def add_quarter(uow: UnitOfWork, actor: Actor, name: str) -> UUID:
    access.require(actor, Action.MANAGE_PEOPLE)
    quarter = Quarter(id=new_id(), name=name)
    uow.session.add(quarter)
    return quarter.id


def add_organisation(
    uow: UnitOfWork,
    actor: Actor,
    name: str,
    kind: OrganisationKind,
    law: tuple[Regime, date | None] = (Regime.GDPR, None),
) -> UUID:
    """Enter a body with the data protection law it lives under and the end of its agreement."""
    access.require(actor, Action.MANAGE_PEOPLE)
    regime, agreement_until = law
    organisation = Organisation(
        id=new_id(), name=name, kind=kind, regime=regime, agreement_until=agreement_until
    )
    uow.session.add(organisation)
    return organisation.id


def add_place(uow: UnitOfWork, actor: Actor, name: str, quarter_id: UUID) -> UUID:
    access.require(actor, Action.MANAGE_PEOPLE)
    place = Place(id=new_id(), name=name, quarter_id=quarter_id)
    uow.session.add(place)
    return place.id

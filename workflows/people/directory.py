"""The lists that forms offer: quarters, organisations, places."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from workflows.people.models import Organisation, Place, Quarter
from workflows.people.views import OrganisationView


def quarters(session: Session) -> Mapping[UUID, str]:
    """Every quarter by name."""
    query = select(Quarter.id, Quarter.name).order_by(Quarter.name)
    return {row.id: row.name for row in session.execute(query)}


def places(session: Session, quarter_id: UUID | None = None) -> Mapping[UUID, str]:
    """Neutral ground by name; those in the quarter alone when one is given."""
    query = select(Place.id, Place.name).order_by(Place.name)
    if quarter_id is not None:
        query = query.where(Place.quarter_id == quarter_id)
    return {row.id: row.name for row in session.execute(query)}


def organisations(session: Session) -> Sequence[OrganisationView]:
    rows = session.scalars(select(Organisation).order_by(Organisation.name))
    return [
        OrganisationView(row.id, row.name, row.kind, row.regime, row.agreement_until)
        for row in rows
    ]

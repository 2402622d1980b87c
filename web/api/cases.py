"""Read cases, add to them."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from marshmallow import fields

from engine.unit_of_work import UnitOfWork
from web import current
from web.api.reading import ApiBlueprint, PageSchema, command
from web.api.schemas import CaseFileSchema, CasePageSchema, CreatedSchema
from web.entries import ContactSchema, NoteSchema, PartyEntrySchema
from web.permissions import signed_in
from workflows.cases import operations
from workflows.cases.casefile import list_cases, open_case
from workflows.cases.operations import PartyEntry
from workflows.cases.values import CaseState, ConflictType
from workflows.cases.views import CaseFile, CasePage, ContactMade

blueprint = ApiBlueprint("cases", __name__, description="Cases and what belongs to them")
_OPEN = frozenset(CaseState) - {CaseState.CLOSED}


class CaseFilterSchema(PageSchema):
    state = fields.Enum(CaseState, by_value=True)
    conflict_type = fields.Enum(ConflictType, by_value=True)


@blueprint.route("", methods=["GET"])
@blueprint.arguments(CaseFilterSchema, location="query")
@blueprint.response(200, CasePageSchema)
@signed_in
def listing(wanted: dict[str, Any]) -> CasePage:
    """List the cases the person may see, newest first; the open ones unless a state is given."""
    states = frozenset({wanted["state"]}) if "state" in wanted else _OPEN
    with current.reading() as reading:
        return list_cases(
            reading,
            current.actor(),
            states=states,
            conflict_type=wanted.get("conflict_type"),
            after=wanted.get("after"),
        )


@blueprint.route("/<uuid:case_id>", methods=["GET"])
@blueprint.response(200, CaseFileSchema)
@signed_in
def show(case_id: UUID) -> CaseFile:
    """Read one case file."""
    with current.reading() as reading:
        return open_case(reading, current.actor(), case_id)


@blueprint.act("/<uuid:case_id>/notes", NoteSchema, 201, CreatedSchema)
def add_note(note: dict[str, Any], case_id: UUID) -> dict[str, UUID]:
    """Write a note into the confidential room."""
    return _once(
        f"note:{case_id}",
        lambda uow: operations.add_note(
            uow, current.actor(), case_id, note["text"], private=note["private"]
        ),
    )


@blueprint.act("/<uuid:case_id>/parties", PartyEntrySchema, 201, CreatedSchema)
def add_party(entry: PartyEntry, case_id: UUID) -> dict[str, UUID]:
    """Add a party."""
    return _once(
        f"party:{case_id}",
        lambda uow: operations.add_party(uow, current.actor(), case_id, entry),
    )


@blueprint.act("/<uuid:case_id>/contacts", ContactSchema, 201, CreatedSchema)
def log_contact(contact: ContactMade, case_id: UUID) -> dict[str, UUID]:
    """Log a contact."""
    return _once(
        f"contact:{case_id}",
        lambda uow: operations.log_contact(uow, current.actor(), case_id, contact),
    )


def _once(what: str, add: Callable[[UnitOfWork], UUID]) -> dict[str, UUID]:
    """Add to a case; sent again under the same name, the answer is that of the first time."""
    name = command()
    with current.begin() as uow:
        added = uow.once(name and f"{what}:{name}", lambda: str(add(uow)))
    return {"id": UUID(added)}
